import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

// The real program in a process of its own: what a first start leaves when it is stopped cannot be shown otherwise.
const program = join(process.cwd(), 'bin', 'stint');
let folder: string;

/** Starts the server on the folder and waits until it has said something like `words`. */
const serveUntil = async (words: RegExp): Promise<{ server: ChildProcess; said: () => string }> => {
  const env = { ...process.env, STINT_DATA_DIR: join(folder, 'data'), PORT: '0', DATABASE_URL: '' };
  const server = spawn(process.execPath, [program, 'serve'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  await new Promise<void>((found, fail) => {
    server.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (words.test(text)) found();
    });
    server.once('exit', (code) => fail(new Error(`the server ended with ${String(code)}: ${text}`)));
  });
  return { server, said: () => text };
};
const end = async (server: ChildProcess, signal: NodeJS.Signals) => {
  server.kill(signal);
  await once(server, 'exit');
  return server.exitCode;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stint-seed-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a first start that is stopped or killed half way leaves nothing; the next one writes the whole story and its password opens it', async () => {
  const writing = /Writing two months/;
  const interrupted = await serveUntil(writing);
  expect(await end(interrupted.server, 'SIGINT')).toBe(0);
  expect(interrupted.said()).not.toMatch(/Stint is at/);
  await end((await serveUntil(writing)).server, 'SIGKILL');
  expect(existsSync(join(folder, 'data', 'demo-password'))).toBe(false);

  const { server, said } = await serveUntil(/password \S+\n/);
  expect(said()).toMatch(writing);
  const url = /Stint is at (\S+)/.exec(said())![1]!;
  const password = /password (\S+)\n/.exec(said())![1]!;
  const signedIn = await fetch(`${url}/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: url, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ email: 'noor@example.com', password }),
  });
  expect([signedIn.status, signedIn.headers.has('set-cookie')]).toEqual([303, true]);
  await end(server, 'SIGTERM');

  const again = await serveUntil(/password \S+\n/);
  expect([writing.test(again.said()), again.said().includes(password)]).toEqual([false, true]);
  await end(again.server, 'SIGTERM');
}, 240_000);
