import pg from 'pg';

/** A statement; where it has a name, a connection parses and plans it once. */
export interface Statement {
  readonly name?: string | undefined;
  readonly text: string;
  readonly values?: readonly unknown[] | undefined;
  /** Nobody reads what it answers. */
  readonly quiet?: boolean;
}

/** The part of node-postgres' connection that writes messages. */
interface Connection {
  readonly stream: { cork(): void; uncork(): void };
  /** The named statements that the server has, by name. */
  readonly parsedStatements: Record<string, string | undefined>;
  parse(message: { text: string; name: string | undefined }): void;
  bind(message: { statement: string | undefined; values: readonly unknown[] }): void;
  describe(message: { type: 'P' }): void;
  execute(message: object): void;
  sync(): void;
}

/** The part of node-postgres' `Query` that gathers what one statement answers; its types leave it out. */
interface Gatherer {
  _result: { _types: unknown };
  handleRowDescription(message: unknown): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Connection): void;
  handleReadyForQuery(connection: Connection): void;
  handleError(error: Error, connection: Connection): void;
}
type Done = (error: Error | null, result: pg.QueryResult) => void;
const Gatherer = pg.Query as unknown as new (config: { text: string }, done: Done) => Gatherer;

/** How node-postgres writes a value. */
const { prepareValue } = (pg as unknown as { utils: { prepareValue: (value: unknown) => unknown } }).utils;

/** The client of node-postgres, with the part that knows how values are read. */
type Client = pg.ClientBase & { readonly _types: unknown };

/**
 * Sends statements in one message, with one Sync after the last; each gives its own result. After one that fails, PostgreSQL skips all
 * that follow, and all of them fail with its error: a statement never runs without what was to go before it.
 * @see https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
 */
export const fly = (client: pg.ClientBase, statements: readonly Statement[]): Promise<pg.QueryResult>[] => {
  // Before anything is written: a value that cannot be written must not leave half a message behind.
  let values: unknown[][];
  try {
    values = statements.map((statement) => (statement.values ?? []).map(prepareValue));
  } catch (error) {
    return statements.map(() => Promise.reject(error as Error));
  }
  const gatherers: Gatherer[] = [];
  const results = statements.map(
    ({ text }) =>
      new Promise<pg.QueryResult>((resolve, reject) => {
        const gatherer = new Gatherer({ text }, (error, result) =>
          error === null ? resolve(result) : reject(error),
        );
        gatherer._result._types = (client as Client)._types;
        gatherers.push(gatherer);
      }),
  );
  let at = 0;
  const flight = {
    // node-postgres asks for these at every ParseComplete, which comes before the completion of the same statement.
    get name() {
      return statements[at]?.name;
    },
    get text() {
      return statements[at]?.text;
    },
    // It wants one; nobody calls it.
    callback: () => undefined,
    submit: (connection: Connection): Error | null => {
      const parsed = new Set<string>();
      connection.stream.cork();
      try {
        statements.forEach(({ name, text, quiet = false }, index) => {
          if (name === undefined || (connection.parsedStatements[name] === undefined && !parsed.has(name))) {
            connection.parse({ text, name });
            if (name !== undefined) parsed.add(name);
          }
          connection.bind({ statement: name, values: values[index]! });
          if (!quiet) connection.describe({ type: 'P' });
          connection.execute({});
        });
        connection.sync();
      } finally {
        connection.stream.uncork();
      }
      return null;
    },
    handleRowDescription: (message: unknown) => gatherers[at]?.handleRowDescription(message),
    handleDataRow: (message: unknown) => {
      if (statements[at]?.quiet !== true) gatherers[at]?.handleDataRow(message);
    },
    handleCommandComplete: (message: unknown, connection: Connection) => {
      gatherers[at]?.handleCommandComplete(message, connection);
      at += 1;
    },
    // An empty statement is completed by this alone.
    handleEmptyQuery: () => {
      at += 1;
    },
    handleReadyForQuery: (connection: Connection) => {
      for (const gatherer of gatherers) gatherer.handleReadyForQuery(connection);
    },
    // Those that were done fail too: what they did is undone with the rest.
    handleError: (error: Error, connection: Connection) => {
      for (const gatherer of gatherers) gatherer.handleError(error, connection);
    },
  };
  client.query(flight as unknown as pg.Submittable);
  return results;
};
