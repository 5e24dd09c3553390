import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

// The real program in processes of its own: what no test inside one process can show about the lock and the socket.
const program = join(process.cwd(), 'bin', 'stint');
let folder: string;
let env: Record<string, string | undefined>;
let server: ChildProcess;
let url: string;

const stint = (...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((done) => {
    execFile(process.execPath, [program, ...argv], { env }, (error, stdout, stderr) =>
      done({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout, stderr }),
    );
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stint-cli-'));
  env = { ...process.env, STINT_DATA_DIR: join(folder, 'data'), PORT: '0', DATABASE_URL: '' };
  server = spawn(process.execPath, [program, 'serve', '--empty'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  url = await new Promise((found, fail) => {
    let text = '';
    server.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const address = /Stint is at (http:\S+)/.exec(text)?.[1];
      if (address !== undefined) found(address);
    });
    server.once('exit', (code) => fail(new Error(`the server ended with ${String(code)}: ${text}`)));
  });
});
afterAll(async () => {
  if (server.exitCode === null) {
    server.kill();
    await once(server, 'exit');
  }
  await rm(folder, { recursive: true, force: true });
});

test('while the server holds the embedded store, commands go through it and count on the next request', async () => {
  const made = await stint('user', 'create', 'ada@example.com', '--name', 'Ada', '--json');
  expect([made.code, made.stderr]).toEqual([0, '']);
  const { workspace } = JSON.parse(made.stdout) as { workspace: string };
  const { stdout } = await stint(
    ...['token', 'create', '--email', 'ada@example.com', '--workspace', workspace],
    ...['--scopes', 'tags:read', '--resource', 'api'],
  );
  const ask = () =>
    fetch(`${url}/api/v1/tags`, { headers: { authorization: `Bearer ${stdout.trim()}` } }).then(
      ({ status }) => status,
    );
  expect(await ask()).toBe(200);
  expect((await stint('workspace', 'plan', workspace, 'free')).code).toBe(0);
  expect(await ask()).toBe(403);
  expect((await stint('workspace', 'plan', workspace, 'team')).code).toBe(0);
  expect(await ask()).toBe(200);
});

test('a second server on the same folder ends with code 3 and says who has it', async () => {
  const { code, stderr } = await stint('serve', '--empty');
  expect([code, stderr]).toEqual([3, expect.stringContaining('is already in use by another Stint')]);
});

test('without a server the same commands open the store themselves', async () => {
  server.kill();
  await once(server, 'exit');
  const { code, stdout } = await stint('user', 'list', '--json');
  expect([code, JSON.parse(stdout)]).toEqual([0, [expect.objectContaining({ email: 'ada@example.com' })]]);
});
