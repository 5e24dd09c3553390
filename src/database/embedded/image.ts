import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { startStore } from './start-store.ts';
import type { Image } from './start-store.ts';

/**
 * Makes an image of a database that `fill` has filled (migrated, seeded): the starting point of new ones.
 * @param effort 3 is quick; 19 takes seconds and gives a third of the size
 * @returns a zstd-compressed tar archive of the cluster, cleanly shut down
 */
export const dumpImage = async (
  fill: (poolConfig: pg.PoolConfig) => Promise<void>,
  { image, effort = 3 }: { image?: Image; effort?: number } = {},
): Promise<Uint8Array> => {
  const store = await startStore({ clusterDir: null, image }, () => {});
  try {
    await fill(store.poolConfig);
  } catch (error) {
    await store.close();
    throw error;
  }
  return store.closeWithImage(effort);
};

/**
 * The path of the image called `name` in the cache, made by `make` when it is not there yet. Several processes may ask at once:
 * each makes its own and the last rename wins.
 * @param name must change whenever the contents would (PGlite's version, the hash of the migrations)
 */
export const cachedImage = async (
  cacheDir: string,
  name: string,
  make: () => Promise<Uint8Array>,
): Promise<string> => {
  const path = join(cacheDir, `${name}.tar.zst`);
  if (existsSync(path)) return path;
  const image = await make();
  mkdirSync(cacheDir, { recursive: true });
  const mine = `${path}.${randomUUID()}`;
  writeFileSync(mine, image);
  renameSync(mine, path);
  return path;
};
