import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { tar, untar } from './tar.ts';
import type { TarEntry } from './tar.ts';

/** Packs the files of a cluster that was shut down cleanly. `effort` is the level of zstd: 3 takes 0.1 s, 22 takes 7 s and halves the size. */
export const packImage = (files: TarEntry[], effort: number): Buffer<ArrayBuffer> =>
  zstdCompressSync(tar(files), {
    params: { [constants.ZSTD_c_compressionLevel]: effort },
  });

/** The tar archive inside an image. */
export const imageArchive = (image: Uint8Array | string): Buffer<ArrayBuffer> =>
  zstdDecompressSync(typeof image === 'string' ? readFileSync(image) : image);

/**
 * Writes the files of a cluster to disk so that the folder is there either whole and durable or not at all.
 * What an interrupted earlier attempt left behind is removed.
 */
export const placeCluster = async (archive: Uint8Array, clusterDir: string): Promise<void> => {
  const unfinished = `${clusterDir}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  const entries = untar(archive);
  const folders = [unfinished];
  for (const { path, bytes } of entries) {
    if (bytes) continue;
    folders.push(join(unfinished, path));
    await mkdir(join(unfinished, path), { mode: 0o700 });
  }
  // Many at once: the disk then groups what would otherwise be a thousand waits.
  await inParallel(entries, async ({ path, bytes }) => {
    if (!bytes) return;
    const file = await open(join(unfinished, path), 'wx', 0o600);
    await file.writeFile(bytes);
    await file.datasync();
    await file.close();
  });
  await inParallel(folders, syncFolder);
  renameSync(unfinished, clusterDir);
  await syncFolder(dirname(clusterDir));
};

const inParallel = async <Item>(items: Item[], work: (item: Item) => Promise<void>): Promise<void> => {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (const item of queue) await work(item);
    }),
  );
};

const syncFolder = async (path: string): Promise<void> => {
  if (process.platform === 'win32') return;
  const folder = await open(path);
  await folder.sync();
  await folder.close();
};
