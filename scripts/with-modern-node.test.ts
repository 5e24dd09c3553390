import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const launcher = join(root, 'bin/with-modern-node');
let folder: string;
let script: string;
let copies = 0;

// Inside the checkout, so that the launcher's copies find the packages.
beforeAll(() => {
  mkdirSync(join(root, 'node_modules/.cache'), { recursive: true });
  folder = mkdtempSync(join(root, 'node_modules/.cache/launcher-'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }');
  script = join(folder, 'script.js');
  writeFileSync(
    script,
    `const [what, ...rest] = process.argv.slice(2);
     process.on('SIGTERM', () => process.exit(8));
     console.log(JSON.stringify({ argv: rest, path: process.env.PATH, node: process.execPath }));
     if (what === 'exit') process.exit(7);
     setInterval(() => {}, 1000);`,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The launcher as it behaves on a Node that is too old: asking for more than any, and without the newer Node's `execve`. */
const onOldNode = (replacements: [string, string][] = []): string[] => {
  let text = readFileSync(launcher, 'utf8');
  for (const [from, to] of [['oldest = 26', 'oldest = 999'] as const, ...replacements]) {
    expect(text).toContain(from);
    text = text.replaceAll(from, to);
  }
  const copy = join(folder, `launcher-${++copies}`);
  writeFileSync(copy, text);
  return ['--import', 'data:text/javascript,delete process.execve', copy];
};

interface Ended {
  code: number | null;
  signal: string | null;
  out: string;
  error: string;
}
const run = async (
  args: string[],
  during: (child: ChildProcess, out: string) => void = () => {},
): Promise<Ended> => {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = { out: '', error: '' };
  child.stdout.on('data', (text: Buffer) => during(child, (ended.out += text.toString())));
  child.stderr.on('data', (text: Buffer) => (ended.error += text.toString()));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { ...ended, code, signal };
};

const launchers: [string, () => string[]][] = [
  ['a Node that is new enough', () => [launcher]],
  ['a Node that is too old', () => onOldNode()],
];

test.each(launchers)(
  'on %s: arguments, exit code, and the modern Node first for children',
  async (_, start) => {
    const { code, out } = await run([...start(), script, 'exit', '--flag', 'a b']);
    const told = JSON.parse(out) as { argv: string[]; path: string; node: string };
    expect(code).toBe(7);
    expect(told.argv).toEqual(['--flag', 'a b']);
    expect(told.path.startsWith(dirname(told.node))).toBe(true);
  },
);

test.each(launchers)('on %s: SIGTERM reaches the script, and its answer comes back', async (_, start) => {
  expect(await run([...start(), script, 'wait'], (child) => child.kill('SIGTERM'))).toMatchObject({
    code: 8,
    signal: null,
  });
  expect(await run([...start(), script, 'wait'], (child) => child.kill('SIGHUP'))).toMatchObject({
    code: null,
    signal: 'SIGHUP',
  });
});

test('where no modern Node is, or it does not run, one sentence says what to do', async () => {
  const none = await run([...onOldNode([['/package.json', '/no-such-file']]), script]);
  expect(none.code).toBe(1);
  expect(none.error).toMatch(
    /^Stint needs Node 999 or newer\. This is Node .*, and the packages brought none for .*\. Install Node/,
  );
  expect(none.error.trim().split('\n')).toHaveLength(1);

  const foreign = await run([
    ...onOldNode([["'node.exe' : 'node'", "'node.exe' : 'node-for-another-system'"]]),
    script,
  ]);
  expect(foreign.code).toBe(1);
  expect(foreign.error).toMatch(/the one in the packages does not run on this .* system \(ENOENT\)/);
});
