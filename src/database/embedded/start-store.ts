import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type pg from 'pg';
import { openWire } from './wire.ts';
import type { WorkerOptions, WorkerReport } from './worker-messages.ts';

/** What the embedded PostgreSQL offers the rest of the house: a way to connect, and a way to stop. */
export interface EmbeddedStore {
  /** Options for `new pg.Pool(…)`: exactly one session, kept open, over memory instead of a socket; nobody else changes what a plan rests on. */
  poolConfig: pg.PoolConfig;
  /** Resolves with the reason if the database stops by itself; stays pending through a normal `close()`. */
  stopped: Promise<Error>;
  /** After the pool has ended: a last checkpoint, a clean shutdown, and the lock is released. Safe to call twice. */
  close(): Promise<void>;
}

/** A prepared image: its bytes, its path, or the URL of its file. */
export type Image = Uint8Array | string | URL;

/** A store that can also be closed into an image. */
export interface StartedStore extends EmbeddedStore {
  closeWithImage(effort: number): Promise<Uint8Array>;
}

/** Starts the worker; `release` gives the folder back after it has ended. */
export const startStore = async (
  { image, ...options }: Omit<WorkerOptions, 'image'> & { image?: Image | undefined },
  release: () => void,
): Promise<StartedStore> => {
  const workerData: WorkerOptions = {
    ...options,
    image: image instanceof URL ? fileURLToPath(image) : image,
  };
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData, name: 'stint-database' });
  const exited = new Promise<void>((done) => worker.once('exit', () => done()));
  await ready(worker);

  const wire = openWire(worker);
  const close = async (): Promise<void> => {
    await wire.stop('stop');
    await exited;
    release();
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
    closeWithImage: async (effort) => {
      await wire.stop({ stopWithImage: { effort } });
      return wire.image;
    },
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
