import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { Refusal } from '#values/refusal.ts';
import { lost, unavailable } from './lost-connection.ts';
import type { Rows } from './rows.ts';
import { openSessions } from './sessions.ts';

/** Typed queries inside one transaction; raw ones with kysely's sql`…`.execute(tx). */
export type Transaction = Pick<
  Kysely<Rows>,
  'selectFrom' | 'insertInto' | 'updateTable' | 'deleteFrom' | 'with' | 'selectNoFrom' | 'fn' | 'getExecutor'
>;

export interface Database {
  /**
   * Runs `work` in one transaction that can see and write exactly one workspace: it takes the role stint_app and sets the
   * workspace, so row-level security filters every query and fills every insert. Commits when `work` returns, rolls back when
   * it throws. On the embedded store one transaction runs at a time: never open another inside.
   */
  inWorkspace<Result>(
    workspaceId: string,
    now: Temporal.Instant,
    work: (tx: Transaction) => Promise<Result>,
  ): Promise<Result>;
  /** Runs `work` in one transaction above all workspaces. For identity, operator commands and migrations only. */
  aboveWorkspaces<Result>(now: Temporal.Instant, work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** Single statements above all workspaces, each its own transaction (credential look-ups). Identity only. */
  readonly identity: Kysely<Rows>;
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

/** Opens the pool over whatever speaks PostgreSQL: the embedded store, whose statements are prepared, or a server. */
export const openDatabase = (
  { prepare = false, ...config }: pg.PoolConfig & { prepare?: boolean },
  onError: (error: Error) => void,
): Database => {
  const pool = new pg.Pool({ options: '-c TimeZone=UTC', ...config, types });
  const kysely = new Kysely<Rows>({
    dialect: new PostgresDialect({ pool: openSessions(pool, { prepare, onError }) }),
  });

  const transaction = <Result>(open: string, work: (tx: Transaction) => Promise<Result>): Promise<Result> =>
    kysely.connection().execute(async (connection) => {
      let saved: 'no' | 'unknown' = 'no';
      try {
        // One round trip opens the transaction, takes the role and sets the workspace.
        await sql.raw(open).execute(connection);
        const result = await work(connection);
        saved = 'unknown';
        // COMMIT of a failed transaction is a silent ROLLBACK; the select makes it an error, in the same round trip.
        await sql.raw('select 1; commit').execute(connection);
        return result;
      } catch (error) {
        if (error instanceof Refusal && error.definition === unavailable) throw lost(saved);
        await sql.raw('rollback').execute(connection).catch(onError);
        throw error;
      }
    });

  return {
    inWorkspace: (workspaceId, now, work) => {
      if (!idShape.test(workspaceId)) throw new Error('not a workspace id');
      return transaction(
        `begin; set local role stint_app; set local app.workspace_id = '${workspaceId}'; set local app.now = '${now.toString()}'`,
        work,
      );
    },
    aboveWorkspaces: (now, work) => transaction(`begin; set local app.now = '${now.toString()}'`, work),
    identity: kysely,
    run: async (text, values) => {
      const result = await pool.query(text, values);
      const last: pg.QueryResult = Array.isArray(result) ? (result.at(-1) as pg.QueryResult) : result;
      return { rows: last.rows as unknown[] };
    },
    close: () => kysely.destroy(),
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
