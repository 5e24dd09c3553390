import type pg from 'pg';
import { startStore } from './start-store.ts';
import type { Image } from './start-store.ts';

/**
 * Makes an image of a database that `fill` has filled (migrated, seeded): the starting point of new ones.
 * @param effort 3 is quick; 22 takes seconds and halves the size
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
