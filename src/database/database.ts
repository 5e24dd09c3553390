import { type Kysely, type RawBuilder, sql } from 'kysely';
import pg from 'pg';
import { Refusal } from '#values/refusal.ts';
import type { Statement } from './flight.ts';
import { lost, unavailable } from './lost-connection.ts';
import type { Rows } from './rows.ts';
import { openSessions } from './sessions.ts';

/** Typed queries inside one transaction; raw ones with kysely's sql`…`.execute(tx). */
export type Transaction = Pick<
  Kysely<Rows>,
  'selectFrom' | 'insertInto' | 'updateTable' | 'deleteFrom' | 'with' | 'selectNoFrom' | 'fn' | 'getExecutor'
>;

/** Keeps a statement for the end of the transaction, where it goes to the store together with the commit. At most one. */
export type Last = (statement: RawBuilder<unknown>) => void;

export interface Database {
  /**
   * Runs `work` in one transaction that can see and write exactly one workspace: it takes the role stint_app and sets the
   * workspace, so row-level security filters every query and fills every insert. Commits when `work` returns, rolls back when
   * it throws. On the embedded store one transaction runs at a time: never open another inside.
   */
  inWorkspace<Result>(
    workspaceId: string,
    now: Temporal.Instant,
    work: (tx: Transaction, last: Last) => Promise<Result>,
  ): Promise<Result>;
  /**
   * The same for work that only reads, which PostgreSQL holds it to. Every statement is a transaction of its own, opened, done and
   * ended in one round trip: at the isolation that all work has (read committed) each sees the store of its moment either way.
   */
  readWorkspace<Result>(
    workspaceId: string,
    now: Temporal.Instant,
    work: (tx: Transaction) => Promise<Result>,
  ): Promise<Result>;
  /** Runs `work` in one transaction above all workspaces. For identity, operator commands and migrations only. */
  aboveWorkspaces<Result>(now: Temporal.Instant, work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** Single statements above all workspaces, each its own transaction (credential look-ups). Identity only. */
  readonly identity: Kysely<Rows>;
  /**
   * Counts the changes of what access rests on that this process has heard of; its own before they are answered. Null where nobody can
   * be heard, behind a pooler that shares sessions.
   */
  accessVersion(): number | null;
  /** Runs SQL text of any number of statements, as the owner; gives the rows of the last (migrations, maintenance). */
  run(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
  close(): Promise<void>;
}

// node-postgres asks a parameter for `toPostgres`; without it a Temporal value would go out as quoted JSON.
for (const type of [Temporal.Instant, Temporal.PlainDate]) {
  Object.defineProperty(type.prototype, 'toPostgres', {
    value(this: Temporal.Instant | Temporal.PlainDate) {
      return this.toString();
    },
  });
}

// PostgreSQL's types at this boundary: Temporal for time, bigint for int8, never a Date or a float for money.
const typeParsers = new Map<number, (value: string) => unknown>([
  [pg.types.builtins.INT8, BigInt],
  [pg.types.builtins.TIMESTAMPTZ, (text) => Temporal.Instant.from(`${text.slice(0, 10)}T${text.slice(11)}`)],
  [pg.types.builtins.DATE, (text) => (text.includes('infinity') ? null : Temporal.PlainDate.from(text))],
]);
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    (format !== 'binary' && typeParsers.get(oid)) || (pg.types.getTypeParser(oid, format) as unknown),
};

const idShape = /^[a-z]{3}_[0-9a-z]{26}$/;

const begin: Statement = { name: 'begin', text: 'begin', quiet: true };
const commit: Statement = { name: 'commit', text: 'commit', quiet: true };

/** What every statement after it in its transaction is subject to. */
const oneWorkspace = (workspaceId: string, now: Temporal.Instant, reading: 'on' | 'off'): Statement => {
  if (!idShape.test(workspaceId)) throw new Error('not a workspace id');
  return {
    name: `workspace_${reading}`,
    text: `select set_config('role', 'stint_app', true), set_config('app.workspace_id', $1, true), set_config('app.now', $2, true)${
      reading === 'on' ? `, set_config('transaction_read_only', 'on', true)` : ''
    }`,
    values: [workspaceId, now.toString()],
    quiet: true,
  };
};
const allWorkspaces = (now: Temporal.Instant): Statement => ({
  name: 'workspaces',
  text: `select set_config('app.now', $1, true)`,
  values: [now.toString()],
  quiet: true,
});

/**
 * Opens the pool over whatever speaks PostgreSQL: the embedded store or a server. `ownSessions` is false behind a pooler that gives every
 * transaction another session: nothing is then prepared, and nothing heard.
 */
export const openDatabase = (
  { ownSessions = true, ...config }: pg.PoolConfig & { ownSessions?: boolean },
  onError: (error: Error) => void,
): Database => {
  let ended: Promise<void> | undefined;
  let accessVersion = 0;
  // Before anything else that a session is asked, so that no change of access goes by unheard.
  const listen = async (client: pg.ClientBase): Promise<void> => {
    client.on('notification', () => (accessVersion += 1));
    await client.query('listen access_changed');
  };
  const pool = new pg.Pool({
    // Compiling a plan takes a server longer than any of our statements runs.
    options: '-c TimeZone=UTC -c jit=off',
    ...config,
    types,
    ...(ownSessions && { onConnect: listen }),
  });
  const sessions = openSessions(pool, { ownSessions, onError });

  const transaction = async <Result>(
    settings: Statement,
    work: (tx: Transaction, last: Last) => Promise<Result>,
  ): Promise<Result> => {
    const session = await sessions.take([begin, settings]);
    let saved: 'no' | 'unknown' = 'no';
    try {
      let final: RawBuilder<unknown> | null = null;
      const last: Last = (statement) => {
        if (final !== null) throw new Error('a transaction has one last statement');
        final = statement;
      };
      const result = await work(session.tx, last);
      const closing = final as RawBuilder<unknown> | null;
      saved = 'unknown';
      if (closing !== null) {
        session.followWith(commit);
        await closing.execute(session.tx);
      } else if (session.used()) {
        // COMMIT of a failed transaction is a silent ROLLBACK; the select makes it an error, in the same round trip.
        await session.end('select 1; commit');
      }
      return result;
    } catch (error) {
      if (error instanceof Refusal && error.definition === unavailable) throw lost(saved);
      if (session.used()) await session.end('rollback').catch(onError);
      throw error;
    } finally {
      session.release();
    }
  };

  return {
    inWorkspace: (workspaceId, now, work) => transaction(oneWorkspace(workspaceId, now, 'off'), work),
    readWorkspace: async (workspaceId, now, work) => {
      const session = await sessions.take([oneWorkspace(workspaceId, now, 'on')], { each: true });
      try {
        return await work(session.tx);
      } catch (error) {
        throw error instanceof Refusal && error.definition === unavailable ? lost('no') : error;
      } finally {
        session.release();
      }
    },
    aboveWorkspaces: (now, work) => transaction(allWorkspaces(now), work),
    identity: sessions.single,
    accessVersion: () => (ownSessions ? accessVersion : null),
    run: async (text, values) => {
      const result = await pool.query(text, values);
      const last: pg.QueryResult = Array.isArray(result) ? (result.at(-1) as pg.QueryResult) : result;
      return { rows: last.rows as unknown[] };
    },
    close: () => (ended ??= pool.end()),
  };
};

/** Runs `work` so that its writes are undone when it throws, without ending the transaction. */
export const savepoint = async <Result>(tx: Transaction, work: () => Promise<Result>): Promise<Result> => {
  await sql.raw('savepoint part').execute(tx);
  try {
    const result = await work();
    await sql.raw('release savepoint part').execute(tx);
    return result;
  } catch (error) {
    await sql.raw('rollback to savepoint part; release savepoint part').execute(tx);
    throw error;
  }
};

/** Whether an error is a violation of the named constraint (or unique index). */
export const violates = (error: unknown, constraint: string): boolean =>
  error instanceof pg.DatabaseError && error.constraint === constraint;
