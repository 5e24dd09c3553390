import { Duplex } from 'node:stream';
import type { Worker } from 'node:worker_threads';
import { joined } from './bytes.ts';
import type { WorkerOrder, WorkerReport } from './worker-messages.ts';

/** The line between `pg` in this thread and PostgreSQL in the worker. */
export interface Wire {
  /** For `pg`'s `stream` option: what looks like a socket. A second one waits until the first has hung up. */
  connect: () => Duplex;
  /** Resolves with the reason when the worker ends without having been asked to. */
  stopped: Promise<Error>;
  /** Asks the worker to shut the database down; what is still connected fails, and so does every later connection. */
  stop: (how: Exclude<WorkerOrder, Uint8Array | 'hang-up'>) => Promise<void>;
  /** The image that a stop was asked to give. */
  image: Promise<Uint8Array>;
}

/** Opens the line to a worker that has reported `ready`. */
export const openWire = (worker: Worker): Wire => {
  let current: Duplex | undefined;
  let hangingUp: (() => void) | undefined;
  let lineFree: Promise<unknown> = Promise.resolve();
  let dead: Error | undefined;
  let stopping = false;
  const stopped = Promise.withResolvers<Error>();
  const image = Promise.withResolvers<Uint8Array>();
  image.promise.catch(() => {});

  const post = (order: WorkerOrder) =>
    worker.postMessage(order, order instanceof Uint8Array ? [order.buffer] : []);

  const die = (error: Error) => {
    dead ??= error;
    current?.destroy(dead);
    hangingUp?.();
    image.reject(dead);
    if (!stopping) stopped.resolve(dead);
  };
  worker.on('message', (report: WorkerReport) => {
    if (report instanceof Uint8Array) current?.push(Buffer.from(report.buffer));
    else if (report === 'hung-up') hangingUp?.();
    else if (report === 'ready') return;
    else if ('image' in report) image.resolve(report.image);
    else die(new Error(report.failure));
  });
  worker.on('error', (error) =>
    die(new Error(`The embedded database stopped: ${String(error)}`, { cause: error })),
  );
  worker.on('exit', () => die(new Error(stopping ? closedSentence : stoppedSentence)));

  const connect = (): Duplex => {
    const isFree = lineFree;
    const freed = Promise.withResolvers();
    lineFree = freed.promise;
    let live = false;

    /** The session is over for `pg`; the worker rolls back and forgets it before the next one may begin. */
    const hangUp = async () => {
      if (live) {
        live = false;
        const done = Promise.withResolvers();
        hangingUp = () => done.resolve(undefined);
        if (!dead) post('hang-up');
        else done.resolve(undefined);
        await done.promise;
        hangingUp = undefined;
        if (current === stream) current = undefined;
      }
      freed.resolve(undefined);
    };

    const stream = new Duplex({
      read: () => {},
      write(chunk: Buffer, _encoding, sent) {
        post(joined([chunk]));
        sent();
      },
      writev(chunks, sent) {
        post(joined(chunks.map(({ chunk }) => chunk as Buffer)));
        sent();
      },
      final(done) {
        void hangUp().then(() => {
          stream.push(null);
          done();
        });
      },
      destroy(error, done) {
        void isFree.then(hangUp);
        done(error);
      },
    });

    return Object.assign(stream, {
      connect: () => {
        void isFree.then(() => {
          if (stream.destroyed) return;
          if (dead ?? stopping) return stream.destroy(dead ?? new Error(closedSentence));
          live = true;
          current = stream;
          stream.emit('connect');
        });
        return stream;
      },
      setNoDelay: () => stream,
      setKeepAlive: () => stream,
      ref: () => stream,
      unref: () => stream,
    });
  };

  return {
    connect,
    stopped: stopped.promise,
    image: image.promise,
    stop: async (how) => {
      if (stopping || dead) return;
      stopping = true;
      // A pool that has just ended says goodbye on the next turn of the event loop.
      await new Promise((turn) => setImmediate(turn));
      if (current && !current.writableEnded) current.destroy(new Error(closedSentence));
      await lineFree;
      if (!dead) post(how);
    },
  };
};

const closedSentence = 'The embedded database is closed.';
const stoppedSentence =
  'The embedded database stopped unexpectedly. Nothing it had acknowledged is lost; start Stint again.';
