import { access, chmod, mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
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

/** Makes a folder and those above it. Not with mkdir's own `recursive`, which never ends in a file system like /proc. */
const makeFolder = async (folder: string): Promise<void> => {
  const make = () => mkdir(folder, { mode: 0o700 });
  try {
    await make();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      // A file of that name keeps its mode and its content.
      if ((await stat(folder)).isDirectory()) return;
      throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
    }
    if (code !== 'ENOENT' || dirname(folder) === folder || (await isThere(dirname(folder)))) throw error;
    await makeFolder(dirname(folder));
    await make();
  }
};
const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

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
  try {
    await makeFolder(folder);
    await chmod(folder, 0o700);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new Error(
      `The data folder ${folder} cannot be made or used (${code}). STINT_DATA_DIR names another one.`,
      { cause: error },
    );
  }
  const release = lockFolder(folder);
  try {
    return await startStore({ ...rest, clusterDir: join(folder, 'postgres') }, release);
  } catch (error) {
    release();
    throw error;
  }
};
