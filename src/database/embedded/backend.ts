import { readFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { inMemory, onDisk } from './settings.ts';
import { DurableFiles } from './durable-files.ts';
import type { WorkerOptions } from './worker-messages.ts';

/** PostgreSQL itself, inside the worker thread. Everything but `stop` is synchronous: it is done when it returns. */
export interface Backend {
  /** Runs one batch of whole wire protocol messages; the answers go to `send`. */
  exchange(batch: Uint8Array): void;
  /** Rolls back what the last session left open and forgets its settings and prepared statements. */
  forgetSession(): void;
  /** Shuts down cleanly. */
  stop(): Promise<void>;
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

/** Starts PostgreSQL on a folder or in memory. */
export const startBackend = async (
  { clusterDir, image }: WorkerOptions,
  { send, die }: BackendExits,
): Promise<Backend> => {
  const database = await PGlite.create({
    ...(clusterDir === null
      ? { startParams: inMemory }
      : { startParams: onDisk, fs: new DurableFiles(clusterDir) }),
    ...(image
      ? { loadDataDir: new Blob([typeof image === 'string' ? readFileSync(image) : new Uint8Array(image)]) }
      : {}),
  });

  // PGlite swallows whatever its main loop throws, a crash of PostgreSQL included, and would go on with a broken heap.
  const { Module } = database;
  const mainLoop = Module._PostgresMainLoopOnce.bind(Module);
  Module._PostgresMainLoopOnce = () => {
    try {
      mainLoop();
    } catch (error) {
      if ((error as { status?: number }).status === sqlErrorStatus) throw error;
      die(`PostgreSQL crashed: ${String(error)}`);
    }
  };

  const run = (batch: Uint8Array, answer: (bytes: Uint8Array) => void) => {
    database
      .execProtocolRawStream(batch, { syncToFs: false, onRawData: answer })
      .catch((error: unknown) => die(`PostgreSQL could not read a message: ${String(error)}`));
  };

  return {
    exchange: (batch) => {
      let pieces: Uint8Array<ArrayBuffer>[] = [];
      let size = 0;
      const flush = () => {
        if (size === 0) return;
        send(pieces.length === 1 ? pieces[0]! : joined(pieces, size));
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
    forgetSession: () => {
      if (database.isInTransaction()) run(simpleQuery('ROLLBACK'), () => {});
      run(simpleQuery('DISCARD ALL'), () => {});
    },
    stop: async () => {
      run(simpleQuery('CHECKPOINT'), () => {});
      await database.close();
    },
  };
};

const joined = (pieces: Uint8Array[], size: number): Uint8Array<ArrayBuffer> => {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
};

/** A `Query` message. */
const simpleQuery = (sql: string): Uint8Array => {
  const text = Buffer.from(sql);
  const message = Buffer.alloc(text.length + 6);
  message.write('Q');
  message.writeInt32BE(text.length + 5, 1);
  text.copy(message, 5);
  return message;
};
