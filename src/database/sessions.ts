import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type pg from 'pg';
import { isLost, lost } from './lost-connection.ts';

/** Beyond so many texts a session keeps no more: some have as many forms as there are lists of ids. */
const mostPrepared = 1_000;

/**
 * A name for every statement with parameters, so that a session plans it once. Planning, under row-level security, is most of the work
 * of a small statement in WASM. Not for servers: poolers share sessions, and a plan there may outlive another process's migration.
 */
const nameStatements = () => {
  const names = new Map<string, string>();
  return (text: string, values: readonly unknown[]): string | undefined => {
    if (values.length > 0 && names.size < mostPrepared && !names.has(text)) names.set(text, `s${names.size}`);
    return names.get(text);
  };
};

/**
 * A pool for Kysely whose lost connections are refusals. node-postgres' pool listens to a connection only while nobody uses it, and an
 * error that nobody listens to would end the process: so every connection is listened to from its beginning.
 */
export const openSessions = (
  pool: pg.Pool,
  { prepare, onError }: { prepare: boolean; onError: (error: Error) => void },
): PostgresPool => {
  pool.on('error', onError);
  pool.on('connect', (client) => void client.on('error', () => undefined));
  const refuse = (saved: 'no' | 'unknown') => (error: unknown) => {
    if (!isLost(error)) throw error;
    onError(error as Error);
    throw lost(saved);
  };
  const nameOf = prepare ? nameStatements() : () => undefined;
  return {
    options: pool.options,
    end: () => pool.end(),
    connect: async () => {
      const client = await pool.connect().catch(refuse('no'));
      const query = (text: string, values: readonly unknown[]) =>
        client.query({ name: nameOf(text, values), text, values: [...values] }).catch(refuse('unknown'));
      return {
        query: query as unknown as PostgresPoolClient['query'],
        release: (destroy) => client.release(destroy),
      };
    },
  };
};
