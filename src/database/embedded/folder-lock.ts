import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Another process (or this one, a second time) has the folder open. The message is for the person who started Stint. */
export class StoreInUse extends Error {
  override readonly name = 'StoreInUse';
}

/**
 * Takes the folder for this process alone, until `release` or until the process ends in whatever way.
 *
 * Node has no file locks, but the SQLite inside it has: an exclusive SQLite transaction holds a lock of the operating system
 * (fcntl, or LockFileEx on Windows). The kernel drops it with the process, a SIGKILL included, so there is nothing stale to
 * recognise, no pid to be reused, no socket path to be too long; and two containers on one volume exclude each other.
 * The process id in the file beside it only words the message.
 * @throws `StoreInUse`
 */
export const lockFolder = (folder: string): (() => void) => {
  const lockFile = join(folder, 'lock');
  const holderFile = join(folder, 'holder');
  createOwnerOnly(lockFile);
  const lock = new DatabaseSync(lockFile, { timeout: 0 });
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode === sqliteBusy)
      throw new StoreInUse(inUse(folder, holderFile));
    throw new Error(
      `Stint could not lock its data folder ${folder} (${String(error)}). It needs a file system with file locks; put the folder on a local disk.`,
      { cause: error },
    );
  }
  writeFileSync(holderFile, `${process.pid}\n`, { mode: 0o600 });
  return () => {
    rmSync(holderFile, { force: true });
    lock.close();
  };
};

const sqliteBusy = 5;

/**
 * Never opens an existing file: closing any descriptor of a file drops this process's fcntl locks on it, which would unlock a
 * folder that is already open in this process.
 */
const createOwnerOnly = (path: string) => {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
};

const inUse = (folder: string, holderFile: string): string => {
  let holder = '';
  try {
    holder = readFileSync(holderFile, 'utf8').trim();
  } catch {
    // The holder has not written it yet, or has just left: the lock counts, the name is a courtesy.
  }
  return (
    `The data folder ${folder} is already in use by another Stint${holder && ` (process ${holder})`}. ` +
    `Stop that one first, or start this one with another folder. To let several processes share the data, use PostgreSQL (DATABASE_URL).`
  );
};
