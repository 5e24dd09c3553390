import type { Logger } from 'pino';
import { type Database, openDatabase } from './database.ts';
import { type EmbeddedStore, openEmbeddedStore } from './embedded/store.ts';
import { emptyCluster } from './empty-cluster.ts';
import { assertWall, migrate } from './migrate.ts';
import { unreachable } from './unreachable.ts';

/** Where the data is: a PostgreSQL server, or a folder for the embedded store. */
export interface Whereabouts {
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  /** Whether `databaseUrl` leads to a pooler that gives every transaction another session. */
  readonly pooler?: boolean;
}

/** A migrated database whose wall stands. */
export interface OpenStore {
  readonly database: Database;
  /** Resolves with the reason when the embedded database stops by itself. */
  readonly stopped: Promise<Error>;
  close(): Promise<void>;
}

/** How many transactions run at once on a server; the embedded store runs one. */
const serverConnections = 16;

/**
 * Opens the database, brings it up to date and proves the wall between workspaces. `started` is the embedded store, where it was started
 * ahead.
 * @throws `StoreInUse` when another process holds the folder; a sentence when the server cannot be reached or the wall does not stand.
 */
export const openStore = async (
  where: Whereabouts,
  clock: () => Temporal.Instant,
  log: Logger,
  started: Promise<EmbeddedStore> | null = null,
): Promise<OpenStore> => {
  let opened = false;
  let broken: Error | null = null;
  const onError = (error: Error) => {
    broken = error;
    if (opened) log.warn({ err: error }, 'a database connection broke');
  };
  const embedded =
    where.databaseUrl === null
      ? await (started ?? openEmbeddedStore({ dataDir: where.dataDir, image: emptyCluster }))
      : null;
  const database = openDatabase(
    embedded?.poolConfig ?? {
      connectionString: where.databaseUrl!,
      ownSessions: where.pooler !== true,
      max: serverConnections,
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
    },
    onError,
  );
  const close = async () => {
    await database.close();
    await embedded?.close();
  };
  try {
    await migrate(database, clock());
    await assertWall(database, clock());
  } catch (error) {
    await close();
    throw where.databaseUrl === null ? error : unreachable(where.databaseUrl, error, broken);
  }
  opened = true;
  return { database, stopped: embedded?.stopped ?? new Promise(() => undefined), close };
};
