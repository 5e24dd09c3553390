import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { type Database, openDatabase } from '#database/database.ts';
import { openEmbeddedStore } from '#database/embedded/store.ts';
import { migrate } from '#database/migrate.ts';
import { emptyCluster } from '#database/empty-cluster.ts';

/** Where the suites run on a real PostgreSQL: a superuser's URL; undefined for the embedded store. */
export const serverUrl: string | undefined = inject('databaseUrl');

const onServer = async (url: string): Promise<Database> => {
  const name = `stint_test_${randomBytes(6).toString('hex')}`;
  const admin = new pg.Client(url);
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.end();
  const own = new URL(url);
  own.pathname = `/${name}`;
  return openDatabase({ connectionString: own.href, max: 12 }, () => undefined);
};

const onEmbeddedStore = async (): Promise<Database> => {
  const store = await openEmbeddedStore({ dataDir: 'memory', image: emptyCluster });
  return openDatabase(store.poolConfig, () => undefined);
};

const open = async (): Promise<Database> => {
  const database = await (serverUrl === undefined ? onEmbeddedStore() : onServer(serverUrl));
  await migrate(database, Temporal.Now.instant());
  return database;
};

let shared: Promise<Database> | undefined;

/** The migrated database that all test files of this process share; every test makes workspaces of its own in it. */
export const testDatabase = (): Promise<Database> => (shared ??= open());
