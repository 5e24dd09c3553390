/** What the worker is started with. */
export interface WorkerOptions {
  /** The folder of the PostgreSQL cluster; null keeps everything in memory. */
  clusterDir: string | null;
  /** The bytes of an image, or its path. */
  image?: Uint8Array | string | undefined;
  /** See `EmbeddedStoreOptions.probe`. */
  probe?: Int32Array | undefined;
  upkeep?: UpkeepPace | undefined;
}

/** When the store looks after itself. The defaults are in `upkeep.ts`; tests are in more of a hurry. */
export interface UpkeepPace {
  /** How often it looks, in milliseconds. */
  lookEvery: number;
  /** A checkpoint at the latest when the log since the last one has grown by so many bytes… */
  checkpointBytes: number;
  /** …or has grown at all and is so many milliseconds old. */
  checkpointAfter: number;
  /** Bloated tables are looked for so many milliseconds after the last round while there is little to do… */
  vacuumWhenCalm: number;
  /** …or so many, however busy it is. */
  vacuumAtLatest: number;
  /** Statistics of a table that has doubled are taken anew so many milliseconds after the last look, however busy it is. */
  analyzeEvery: number;
}

/**
 * From the main thread to the worker: bytes of the wire protocol for the session that is open, that this session
 * has ended (the next bytes begin another), or that the database shall shut down, giving an image of itself if so asked
 * (only in memory).
 */
export type WorkerOrder =
  Uint8Array<ArrayBuffer> | 'hang-up' | 'stop' | { stopWithImage: { effort: number } };

/** From the worker: ready to serve, bytes of the wire protocol, the session is cleaned up, the image, or it cannot go on. */
export type WorkerReport =
  'ready' | Uint8Array<ArrayBuffer> | 'hung-up' | { image: Uint8Array<ArrayBuffer> } | { failure: string };
