import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of PostgreSQL's programs on this machine (Debian keeps them out of PATH), or null. */
export const serverPrograms = (): string | null => {
  const homes = '/usr/lib/postgresql';
  const versions = existsSync(homes) ? readdirSync(homes).sort((a, b) => Number(b) - Number(a)) : [];
  return (
    versions.map((version) => join(homes, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb'))) ??
    null
  );
};

/** A PostgreSQL server of the tests' own. */
export interface OwnServer {
  /** Of a superuser, over a unix socket that only this user of the machine reaches. */
  readonly url: string;
  /** Breaks every connection and loses what was not committed, as when the machine loses its power. */
  halt(): void;
  /** After `halt`: recovers, and takes connections again. */
  start(): void;
  stop(): void;
}

/** Starts a throw-away server in a temporary folder; as the user postgres where we are root, whom PostgreSQL refuses. */
export const startServer = (programs: string): OwnServer => {
  const folder = mkdtempSync('/tmp/stint-pg-');
  const asRoot = process.getuid?.() === 0;
  if (asRoot) execFileSync('chown', ['postgres', folder]);
  else chmodSync(folder, 0o700);
  const program = (name: string, args: string[]) => {
    const command = [join(programs, name), ...args];
    const [file = '', ...rest] = asRoot ? ['runuser', '-u', 'postgres', '--', ...command] : command;
    execFileSync(file, rest, { stdio: 'ignore', cwd: '/tmp' });
  };
  const data = join(folder, 'data');
  program('initdb', [
    '-D',
    data,
    '-U',
    'stint',
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
  ]);
  const settings = `-c listen_addresses='' -c unix_socket_directories='${folder}' -c fsync=off -c max_connections=200`;
  const start = () =>
    program('pg_ctl', ['-D', data, '-o', settings, '-l', join(folder, 'log'), '-w', 'start']);
  const halt = () => program('pg_ctl', ['-D', data, '-m', 'immediate', 'stop']);
  start();
  return {
    url: `postgres://stint@localhost/postgres?host=${folder}`,
    halt,
    start,
    stop: () => {
      halt();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
