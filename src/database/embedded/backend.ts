import { joined } from './bytes.ts';
import { startCluster, stopAndRead } from './cluster.ts';
import { queryMessage, rowsOf } from './simple-query.ts';
import type { TarEntry } from './tar.ts';
import type { WorkerOptions } from './worker-messages.ts';

/** PostgreSQL itself, inside the worker thread. What gives no promise is done when it returns. */
export interface Backend {
  /** Runs one batch of whole wire protocol messages; the answers go to `send`. */
  exchange(batch: Uint8Array): void;
  /** Whether the session has a transaction open. */
  inTransaction(): boolean;
  /** Runs SQL of the store's own between two transactions of the session. Throws what PostgreSQL answers. */
  query(sql: string): (string | null)[][];
  /** Rolls back what the last session left open and forgets its settings and prepared statements. */
  forgetSession(): void;
  /** Shuts down cleanly. */
  stop(): Promise<void>;
  /** Shuts down cleanly and gives the files (only in memory). */
  stopAndRead(): Promise<TarEntry[]>;
}

/** How the backend reaches the world: answers, and the one word when it cannot go on. */
export interface BackendExits {
  send: (bytes: Uint8Array<ArrayBuffer>) => void;
  die: (reason: string) => never;
}

/** Thrown through WASM when PostgreSQL reports an ordinary SQL error; anything else means that it is broken. */
const sqlErrorStatus = 100;
/** Answers are handed over in pieces of about this size, so that the main thread parses while PostgreSQL goes on. */
const pieceBytes = 64 * 1024;
/** Of PostgreSQL's own log, kept to say why it crashed. */
const keptLogLines = 8;

/** Starts PostgreSQL on a folder or in memory. */
export const startBackend = async (options: WorkerOptions, { send, die }: BackendExits): Promise<Backend> => {
  const log: string[] = [];
  const { database, files } = await startCluster(options, (line) => {
    log.push(line);
    if (log.length > keptLogLines) log.shift();
  }).catch((error: unknown) => {
    throw new Error(`The embedded database did not start: ${[String(error), ...log].join('\n  ')}`, {
      cause: error,
    });
  });

  const crashed = (error: unknown) => {
    const what = error instanceof Error ? error.message : `it exited (${JSON.stringify(error)})`;
    return [
      `The embedded database crashed: ${what}. Nothing it had acknowledged is lost; start Stint again.`,
      ...log,
    ].join('\n  ');
  };

  // PGlite swallows whatever its main loop throws, a crash of PostgreSQL included, and would go on with a broken heap.
  const { Module } = database;
  const mainLoop = Module._PostgresMainLoopOnce;
  Module._PostgresMainLoopOnce = () => {
    try {
      mainLoop();
    } catch (error) {
      if ((error as { status?: number }).status === sqlErrorStatus) throw error;
      die(crashed(error));
    }
  };

  const run = (batch: Uint8Array, answer: (bytes: Uint8Array) => void) => {
    // Synchronous up to its end, in spite of the promise; what it throws is not SQL.
    database
      .execProtocolRawStream(batch, { syncToFs: false, onRawData: answer })
      .catch((error: unknown) => die(crashed(error)));
  };

  const query = (sql: string): (string | null)[][] => {
    const pieces: Buffer[] = [];
    run(queryMessage(sql), (bytes) => pieces.push(Buffer.from(bytes)));
    return rowsOf(Buffer.concat(pieces));
  };

  return {
    exchange: (batch) => {
      let pieces: Uint8Array<ArrayBuffer>[] = [];
      let size = 0;
      const flush = () => {
        if (size === 0) return;
        if (options.probe && files) note(options.probe, files.probe);
        send(pieces.length === 1 ? pieces[0]! : joined(pieces));
        pieces = [];
        size = 0;
      };
      run(batch, (bytes) => {
        pieces.push(new Uint8Array(bytes));
        size += bytes.length;
        if (size >= pieceBytes) flush();
      });
      flush();
    },
    inTransaction: () => database.isInTransaction(),
    query,
    forgetSession: () => {
      if (database.isInTransaction()) query('ROLLBACK');
      query('DISCARD ALL');
    },
    stop: () => database.close(),
    stopAndRead: () => stopAndRead(database),
  };
};

/** See `EmbeddedStoreOptions.probe`. */
const note = (probe: Int32Array, { syncs, unsyncedWrites }: { syncs: number; unsyncedWrites: number }) => {
  probe[0] = syncs;
  probe[1]!++;
  if (unsyncedWrites > 0) probe[2]!++;
};
