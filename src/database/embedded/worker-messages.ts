/** What the worker is started with. */
export interface WorkerOptions {
  /** The folder of the PostgreSQL cluster; null keeps everything in memory. */
  clusterDir: string | null;
  /** See `EmbeddedStoreOptions.image`. */
  image?: Uint8Array | string;
}

/**
 * From the main thread to the worker: bytes of the wire protocol for the session that is open, that this session
 * has ended (the next bytes begin another), or that the database shall shut down.
 */
export type WorkerOrder = Uint8Array<ArrayBuffer> | 'hang-up' | 'stop';

/** From the worker: ready to serve, bytes of the wire protocol, the session is cleaned up, or it cannot go on. */
export type WorkerReport = 'ready' | Uint8Array<ArrayBuffer> | 'hung-up' | { failure: string };
