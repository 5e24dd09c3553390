import { Worker } from 'node:worker_threads';
import { join, resolve } from 'node:path';
import { chmod, mkdir } from 'node:fs/promises';
import type pg from 'pg';
import { lockFolder } from './folder-lock.ts';
import { openWire } from './wire.ts';
import type { WorkerOptions, WorkerReport } from './worker-messages.ts';

/** What the embedded PostgreSQL offers the rest of the house: a way to connect, and a way to stop. */
export interface EmbeddedStore {
  /** Options for `new pg.Pool(…)`: exactly one session, kept open, over memory instead of a socket. */
  poolConfig: pg.PoolConfig;
  /** Resolves with the reason if the database stops by itself; stays pending through a normal `close()`. */
  stopped: Promise<Error>;
  /** After the pool has ended: a last checkpoint, a clean shutdown, and the lock is released. Safe to call twice. */
  close(): Promise<void>;
}

/** Where the embedded database lives and what a new one starts from. */
export interface EmbeddedStoreOptions {
  /** A folder of its own (made when missing, mode 0700), or `memory` for a database that is gone on `close()`. */
  dataDir: string;
  /** A prepared image (bytes, or the path of one) that a new database starts from instead of `initdb`. */
  image?: Uint8Array | string;
}

/**
 * Starts PostgreSQL inside this process, in a worker thread, on a folder that nobody else has open.
 * @throws `StoreInUse` when another process holds the folder.
 */
export const openEmbeddedStore = async (options: EmbeddedStoreOptions): Promise<EmbeddedStore> => {
  if (options.dataDir === 'memory') return start({ clusterDir: null, image: options.image }, async () => {});
  const folder = resolve(options.dataDir);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const release = await lockFolder(folder);
  try {
    return await start({ clusterDir: join(folder, 'postgres'), image: options.image }, release);
  } catch (error) {
    await release();
    throw error;
  }
};

const start = async (workerData: WorkerOptions, release: () => Promise<void>): Promise<EmbeddedStore> => {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData, name: 'stint-database' });
  const exited = new Promise<void>((done) => worker.once('exit', () => done()));
  await ready(worker);

  const wire = openWire(worker);
  const close = async (): Promise<void> => {
    await wire.stop();
    await exited;
    await release();
  };
  let closing: Promise<void> | undefined;
  return {
    poolConfig: {
      user: 'postgres',
      database: 'postgres',
      ssl: false,
      max: 1,
      idleTimeoutMillis: 0,
      stream: wire.connect,
    },
    stopped: wire.stopped,
    close: () => (closing ??= close()),
  };
};

/** Waits for the worker's first word. */
const ready = (worker: Worker): Promise<void> =>
  new Promise((done, fail) => {
    const settle = (error?: Error) => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      if (error) fail(error);
      else done();
    };
    const onMessage = (report: WorkerReport) => {
      if (report === 'ready') settle();
      else if (typeof report === 'object' && 'failure' in report) settle(new Error(report.failure));
    };
    const onError = (error: unknown) =>
      settle(new Error(`The embedded database did not start: ${String(error)}`, { cause: error }));
    const onExit = (code: number) =>
      settle(new Error(`The embedded database ended while starting (code ${code}).`));
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
  });
