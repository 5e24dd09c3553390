import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import type { PGliteOptions } from '@electric-sql/pglite';
import { DurableFiles } from './durable-files.ts';
import { imageArchive, placeCluster } from './image-files.ts';
import { inMemory, initdb, onDisk } from './settings.ts';
import { tar } from './tar.ts';
import type { TarEntry } from './tar.ts';
import type { WorkerOptions } from './worker-messages.ts';

/** Starts PGlite on the cluster in a folder, which is made (from the image, else by `initdb`) when it is not there, or in memory. */
export const startCluster = async (
  { clusterDir, image }: WorkerOptions,
  onLog: (line: string) => void,
): Promise<{ database: PGlite; files: DurableFiles | undefined }> => {
  const options: PGliteOptions = {
    initDbStartParams: initdb,
    onStderr: (line) => {
      onLog(line);
      return false;
    },
  };
  if (clusterDir === null) {
    const loadDataDir = image === undefined ? undefined : new Blob([imageArchive(image)]);
    const database = await PGlite.create({ ...options, startParams: inMemory, loadDataDir });
    if (image === undefined) await dropTemplates(database);
    return { database, files: undefined };
  }
  if (!existsSync(join(clusterDir, 'PG_VERSION'))) {
    await placeCluster(image === undefined ? await newCluster(options) : imageArchive(image), clusterDir);
  }
  const files = new DurableFiles(clusterDir);
  return { database: await PGlite.create({ ...options, startParams: onDisk, fs: files }), files };
};

/** The parts of Emscripten's file system that are used here. */
interface MemoryFiles {
  readdir: (folder: string) => string[];
  stat: (path: string) => { mode: number };
  isDir: (mode: number) => boolean;
  readFile: (path: string) => Uint8Array;
}

/** `initdb` in memory, so that what reaches the disk is complete. */
const newCluster = async (options: PGliteOptions): Promise<Buffer> => {
  const database = await PGlite.create({ ...options, startParams: inMemory });
  await dropTemplates(database);
  return tar(await stopAndRead(database));
};

/**
 * Nobody creates databases here, and nothing ever connects to the templates: without autovacuum their transaction ids would
 * age until PostgreSQL refuses to write. They are also two thirds of an empty cluster.
 */
const dropTemplates = async (database: PGlite): Promise<void> => {
  await database.exec(`update pg_database set datistemplate = false where datistemplate`);
  await database.exec(`drop database if exists template0`);
  await database.exec(`drop database if exists template1`);
};

/** Shuts a database in memory down and gives its files. */
export const stopAndRead = async (database: PGlite): Promise<TarEntry[]> => {
  const files = database.Module.FS as unknown as MemoryFiles;
  await database.close();
  const entries: TarEntry[] = [];
  const read = (folder: string, prefix: string) => {
    for (const name of files.readdir(folder).sort()) {
      if (name === '.' || name === '..' || name.startsWith('postmaster.')) continue;
      const path = `${folder}/${name}`;
      if (files.isDir(files.stat(path).mode)) {
        entries.push({ path: prefix + name, bytes: null });
        read(path, `${prefix}${name}/`);
      } else {
        entries.push({ path: prefix + name, bytes: files.readFile(path) });
      }
    }
  };
  read(PGlite.paths.PGDATA, '');
  return entries;
};
