import {
  type ConnectionProvider,
  type DatabaseConnection,
  DefaultQueryExecutor,
  type Dialect,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import pg from 'pg';
import { fly, type Statement } from './flight.ts';
import { isLost, lost } from './lost-connection.ts';
import type { Rows } from './rows.ts';

/** Beyond so many texts a session keeps no more: some have as many forms as there are lists of ids. */
const mostPrepared = 1_000;

/** A name for every statement with parameters, so that a session plans it once: planning, under row-level security, is most of the work of a small one. */
const nameStatements = () => {
  const names = new Map<string, string>();
  let age = 0;
  return {
    of: (text: string, values: readonly unknown[]): string | undefined => {
      if (values.length > 0 && names.size < mostPrepared && !names.has(text)) {
        names.set(text, `s${age}_${names.size}`);
      }
      return names.get(text);
    },
    /** New names for all, so that every session plans anew. */
    renew: () => {
      names.clear();
      age += 1;
    },
  };
};

/** Whether a prepared statement gives other columns than when it was prepared: another process has migrated. A second attempt succeeds. */
export const isOutdated = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.code === '0A000' && error.routine === 'RevalidateCachedQuery';

const counted = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);
const resultOf = <Row>({ command, rowCount, rows }: pg.QueryResult): QueryResult<Row> => ({
  rows: (rows as Row[] | undefined) ?? [],
  ...(counted.has(command) && rowCount !== null ? { numAffectedRows: BigInt(rowCount) } : {}),
});

type Execute = (text: string, values: readonly unknown[]) => Promise<pg.QueryResult>;

const [compiler, adapter, driver] = [new PostgresQueryCompiler(), new PostgresAdapter(), new DummyDriver()];
const dialect: Dialect = {
  createAdapter: () => adapter,
  createDriver: () => driver,
  createIntrospector: (db) => new PostgresIntrospector(db),
  createQueryCompiler: () => compiler,
};

/**
 * A Kysely over what `provideConnection` gives to execute with. Where it gives that at once, queries reach it in the order in which they
 * are asked: Kysely's own way to a connection has waits, which may change it.
 */
const kyselyOver = (provideConnection: ConnectionProvider['provideConnection']): Kysely<Rows> => {
  const executor = new DefaultQueryExecutor(compiler, adapter, { provideConnection });
  return new Kysely<Rows>({ config: { dialect }, dialect, driver, executor });
};

const connectionOver = (execute: Execute): DatabaseConnection => ({
  executeQuery: async ({ sql, parameters }) => resultOf(await execute(sql, parameters)),
  streamQuery: () => {
    throw new Error('nothing is streamed');
  },
});

/** One connection for as long as one piece of work has it. */
export interface Session {
  /**
   * Its queries. Those that nobody waits for in between leave together, in the order in which they were asked, and come back together;
   * where one fails, all of them fail with its error, and those after it were never run.
   */
  readonly tx: Kysely<Rows>;
  /** Whether anything was sent. */
  readonly used: () => boolean;
  /** What goes right behind the next query. */
  followWith(statement: Statement): void;
  /** Ends the work with SQL text of any number of statements, without parameters. A query that was not sent by now never is. */
  end(text: string): Promise<unknown>;
  release(): void;
}

/** The connections of a pool. Those that get lost are refusals. */
export interface Sessions {
  /** Single statements, each over whichever connection is free. */
  readonly single: Kysely<Rows>;
  /** Takes a connection. `before` goes ahead of the first queries, or of all that leave together where `each`. */
  take(before: readonly Statement[], options?: { each?: boolean }): Promise<Session>;
}

/**
 * A pool whose lost connections are refusals. node-postgres' pool listens to a connection only while nobody uses it, and an error that
 * nobody listens to would end the process: so every connection is listened to from its beginning.
 */
export const openSessions = (
  pool: pg.Pool,
  { ownSessions, onError }: { ownSessions: boolean; onError: (error: Error) => void },
): Sessions => {
  pool.on('error', onError);
  pool.on('connect', (client) => void client.on('error', () => undefined));
  const names = nameStatements();
  const nameOf = ownSessions ? names.of : () => undefined;
  const refuse = (saved: 'no' | 'unknown') => (error: unknown) => {
    if (isOutdated(error)) names.renew();
    if (!isLost(error)) throw error;
    onError(error as Error);
    throw lost(saved);
  };
  const connect = () => pool.connect().catch(refuse('no'));

  const single = kyselyOver(async (consumer) => {
    const client = await connect();
    const once: Execute = (text, values) =>
      client.query({ name: nameOf(text, values), text, values: [...values] }).catch(refuse('unknown'));
    const execute: Execute = (text, values) =>
      once(text, values).catch((error: unknown) => {
        if (isOutdated(error)) return once(text, values);
        throw error;
      });
    try {
      return await consumer(connectionOver(execute));
    } finally {
      client.release();
    }
  });

  const openSession = (client: pg.PoolClient, opening: readonly Statement[], each: boolean): Session => {
    const over = new Error('this transaction is over');
    const named = (statement: Statement): Statement =>
      ownSessions ? statement : { ...statement, name: undefined };
    let state: 'new' | 'open' | 'over' = 'new';
    let broken = false;
    let follower: Statement | null = null;
    let waiting: (Statement & { settle: (result: Promise<pg.QueryResult>) => void })[] = [];

    /** Sends what waits, with what opens the transaction ahead of it and in the same breath: neither runs without the other. */
    const depart = () => {
      const queries = waiting;
      waiting = [];
      if (queries.length === 0) return;
      const before = state === 'new' || each ? opening.map(named) : [];
      const after = follower === null ? [] : [named(follower)];
      follower = null;
      const opens = state === 'new';
      if (opens) state = 'open';
      const results = fly(client, [...before, ...queries, ...after]);
      // Where the opening failed, what came later would run outside of the transaction.
      if (opens) results[0]?.catch(() => (state = 'over'));
      // They come back together: what happens to a companion happens to a query beside it.
      for (const result of results) result.catch(() => undefined);
      queries.forEach(({ settle }, index) => settle(results[before.length + index]!));
    };

    const query: Execute = (text, values) => {
      if (state === 'over') return Promise.reject(over);
      // Only the simple protocol takes several statements in one text.
      if (values.length === 0 && text.includes(';')) return several(text);
      const { promise, resolve } = Promise.withResolvers<pg.QueryResult>();
      waiting.push({ name: nameOf(text, values), text, values, settle: resolve });
      // After everything that can be asked without waiting was asked.
      if (waiting.length === 1) process.nextTick(depart);
      return promise;
    };
    const several: (text: string) => Promise<pg.QueryResult> = async (text) => {
      if (each) throw new Error('several statements in one text are not for reading');
      if (state === 'new') await query('select 1', []);
      depart();
      return client.query(text);
    };
    const connection = connectionOver((text, values) => query(text, values).catch(refuse('unknown')));
    return {
      tx: kyselyOver((consumer) => consumer(connection)),
      used: () => state !== 'new',
      followWith: (statement) => {
        follower = statement;
      },
      end: (text) => {
        state = 'over';
        for (const { settle } of waiting.splice(0)) settle(Promise.reject(over));
        return client.query(text).catch((error: unknown) => {
          broken = true;
          return refuse('unknown')(error);
        });
      },
      release: () => {
        state = 'over';
        for (const { settle } of waiting.splice(0)) settle(Promise.reject(over));
        client.release(broken);
      },
    };
  };

  return {
    single,
    take: async (opening, { each = false } = {}) => openSession(await connect(), opening, each),
  };
};
