import { chmod, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { lockFolder } from './folder-lock.ts';
import { startStore } from './start-store.ts';
import type { EmbeddedStore, Image } from './start-store.ts';
import type { UpkeepPace } from './worker-messages.ts';

export type { EmbeddedStore, Image } from './start-store.ts';

/** Where the embedded database lives and what a new one starts from. */
export interface EmbeddedStoreOptions {
  /** A folder of its own (made when missing, mode 0700), or `memory` for a database that is gone on `close()`. */
  dataDir: string;
  /** A prepared image (see `dumpImage`) that a new database starts from instead of an empty one. */
  image?: Image | undefined;
  /** For tests: when checkpoints and vacuums happen. */
  upkeep?: UpkeepPace | undefined;
  /**
   * For tests: three shared counters: fsyncs of the log; answers sent; answers sent while something written to the log was
   * not on disk yet.
   */
  probe?: Int32Array<SharedArrayBuffer> | undefined;
}

/**
 * Starts PostgreSQL inside this process, in a worker thread, on a folder that nobody else has open.
 * @throws `StoreInUse` when another process holds the folder.
 */
export const openEmbeddedStore = async ({
  dataDir,
  ...rest
}: EmbeddedStoreOptions): Promise<EmbeddedStore> => {
  if (dataDir === 'memory') return startStore({ ...rest, clusterDir: null }, () => {});
  const folder = resolve(dataDir);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const release = lockFolder(folder);
  try {
    return await startStore({ ...rest, clusterDir: join(folder, 'postgres') }, release);
  } catch (error) {
    release();
    throw error;
  }
};
