import { mkdtemp, rm, stat, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { readConfig } from '#config.ts';
import { StoreInUse } from '#database/embedded/folder-lock.ts';
import { openStore } from '#database/open.ts';
import { openTestHouse } from '#testing/house.ts';
import { commandLine } from './command-line.ts';
import { askServer, operatorSocket } from './operator-socket.ts';
import { runCommandLine, type Wiring } from './run-command-line.ts';

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const folder = async (...below: string[]): Promise<string> => {
  const top = await mkdtemp(join(tmpdir(), 'stint-test-'));
  undo.push(() => rm(top, { recursive: true, force: true }));
  const all = join(top, ...below);
  await mkdir(all, { recursive: true, mode: 0o700 });
  return all;
};
const echo = ({ argv }: { argv: readonly string[] }) =>
  Promise.resolve({ stdout: argv.join(' '), stderr: '', exitCode: 0 });

test('the running server answers commands at a socket that is its owner’s alone', async () => {
  const dataDir = await folder();
  const { address, close } = await operatorSocket(dataDir, echo);
  undo.push(close);
  expect(address.startsWith(dataDir)).toBe(true);
  expect((await stat(address)).mode & 0o777).toBe(0o600);
  expect(await askServer(dataDir, { argv: ['user', 'list'] })).toMatchObject({ stdout: 'user list' });
  const large = 'x'.repeat(300_000);
  expect((await askServer(dataDir, { argv: [large] }))?.stdout).toBe(large);
});

test('a folder whose path is too long for a socket works as well', async () => {
  const dataDir = await folder('x'.repeat(60), 'y'.repeat(60));
  const { address, close } = await operatorSocket(dataDir, echo);
  expect(Buffer.byteLength(address)).toBeLessThan(104);
  expect((await stat(join(address, '..'))).mode & 0o777).toBe(0o700);
  expect(await askServer(dataDir, { argv: ['a'] })).toMatchObject({ stdout: 'a' });
  await close();
  expect(await askServer(dataDir, { argv: ['a'] })).toBeNull();
});

test('a socket left over by a crash is nobody, and the next server takes its place', async () => {
  const dataDir = await folder();
  await writeFile(join(dataDir, 'operator.sock'), '');
  expect(await askServer(dataDir, { argv: ['a'] })).toBeNull();
  const { close } = await operatorSocket(dataDir, echo);
  undo.push(close);
  expect(await askServer(dataDir, { argv: ['a'] })).not.toBeNull();
});

test('says so when the server ends before it answered', async () => {
  const dataDir = await folder();
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const { close } = await operatorSocket(dataDir, () => {
    resolve(undefined);
    return new Promise(() => undefined);
  });
  const asked = askServer(dataDir, { argv: ['a'] });
  await promise;
  await close();
  expect(await asked).toMatchObject({ exitCode: 3 });
});

const wiring = async (dataDir: string): Promise<{ wiring: Wiring; opened: () => number }> => {
  const house = await openTestHouse();
  let opened = 0;
  return {
    opened: () => opened,
    wiring: {
      operations: house.operations,
      serve: () => Promise.reject(new StoreInUse('The data folder is already in use.')),
      seed: () => Promise.resolve(''),
      config: () => readConfig({ STINT_DATA_DIR: dataDir }),
      open: () => {
        opened += 1;
        return Promise.resolve({ house, close: () => Promise.resolve() });
      },
    },
  };
};

test('a command goes to the server that runs, and opens the store itself where none does', async () => {
  const dataDir = await folder();
  const { wiring: own, opened } = await wiring(dataDir);
  expect((await runCommandLine(['workspace', 'list'], own)).exitCode).toBe(0);
  expect(opened()).toBe(1);
  const house = await openTestHouse();
  const { close } = await operatorSocket(dataDir, (request) => commandLine(house, request));
  undo.push(close);
  const listed = await runCommandLine(['workspace', 'plan', 'nowhere', 'team'], own);
  expect([listed.exitCode, listed.stderr]).toEqual([
    4,
    'There is no workspace "nowhere". Give its slug or its id.\n',
  ]);
  expect(opened()).toBe(1);
});

test('help, mistakes and the list of operations never open the store', async () => {
  const { wiring: own, opened } = await wiring(await folder());
  expect((await runCommandLine(['--help'], own)).stdout).toContain('stint');
  expect((await runCommandLine(['user', 'create'], own)).exitCode).toBe(2);
  expect((await runCommandLine([], own)).exitCode).toBe(2);
  expect((await runCommandLine(['operations'], own)).stdout).toContain('tags.create');
  expect((await runCommandLine(['call', 'tags.create', '--help'], own)).stdout).toContain('--name');
  const unknown = ['call', 'no.such', '--email', 'ada@example.com', '--workspace', 'here'];
  expect((await runCommandLine(unknown, own)).exitCode).toBe(2);
  expect(opened()).toBe(0);
});

test('a second server on the same folder ends with the sentence and code 3', async () => {
  const { wiring: own } = await wiring(await folder());
  expect(await runCommandLine(['serve'], own)).toEqual({
    stdout: '',
    stderr: 'The data folder is already in use.\n',
    exitCode: 3,
  });
});

test('a database that does not answer is told apart from a refusal, and named without its password', async () => {
  const databaseUrl = 'postgres://ada:geheim@127.0.0.1:1/stint?password=geheim';
  const { wiring: own } = await wiring(await folder());
  const house = await openTestHouse();
  const toNobody: Wiring = {
    ...own,
    config: () => readConfig({ DATABASE_URL: databaseUrl }),
    open: async (config) => ({ house, close: (await openStore(config, house.clock, house.log)).close }),
  };
  const sentence =
    'The PostgreSQL that DATABASE_URL names (postgres://ada@127.0.0.1:1/stint) cannot be used: connect ECONNREFUSED 127.0.0.1:1.';
  expect(await runCommandLine(['user', 'list'], toNobody)).toEqual({
    stdout: '',
    stderr: `${sentence}\n`,
    exitCode: 3,
  });
  const { stderr } = await runCommandLine(['user', 'list', '--json'], toNobody);
  expect(JSON.parse(stderr)).toEqual({ error: { code: 'store_unavailable', message: sentence } });
  expect(house.logged).toEqual([]);
});

test.each([
  ['/proc/nope', 'ENOENT'],
  ['/proc/nope/deeper', 'ENOENT'],
  [join(process.cwd(), 'package.json'), 'ENOTDIR'],
  [join(process.cwd(), 'package.json', 'deeper'), 'ENOTDIR'],
])('%s cannot be a data folder, and is left as it is', async (dataDir, code) => {
  const { wiring: own } = await wiring(dataDir);
  const house = await openTestHouse();
  const outcome = await runCommandLine(['user', 'list'], {
    ...own,
    open: async (config) => ({ house, close: (await openStore(config, house.clock, house.log)).close }),
  });
  expect(outcome).toEqual({
    stdout: '',
    stderr: `The data folder ${dataDir} cannot be made or used (${code}). STINT_DATA_DIR names another one.\n`,
    exitCode: 1,
  });
  expect((await stat('package.json')).mode & 0o044).not.toBe(0);
});
