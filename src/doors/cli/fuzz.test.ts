import fc from 'fast-check';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestHouse, type TestHouse } from '#testing/house.ts';
import { oddTexts } from '#testing/mutations.ts';
import { makeWorkspace, type TestWorkspace } from '#testing/people.ts';
import { everyRow } from '#testing/rich-workspace.ts';
import { commandLine, commands } from './command-line.ts';
import { askServer, operatorSocket } from './operator-socket.ts';
import type { CommandRequest, Outcome } from './outcome.ts';

// Words and lines that nobody should send: always an answer of the command line, and nothing is changed.
let house: TestHouse;
let work: TestWorkspace;
let before: string;
let dataDir: string;
let socket: Awaited<ReturnType<typeof operatorSocket>>;

beforeAll(async () => {
  house = await openTestHouse();
  work = await makeWorkspace(house);
  before = await everyRow(house, work.id);
  dataDir = await mkdtemp(join(tmpdir(), 'stint-fuzz-'));
  socket = await operatorSocket(dataDir, (request) => commandLine(house, request));
});
afterAll(async () => {
  await socket.close();
  await rm(dataDir, { recursive: true, force: true });
});

const foreignWords =
  /syntax error|violates|\brelation\b|constraint|invalid byte|encoding "UTF8"|\[object|Maximum call stack|TypeError|RangeError|SyntaxError|at position \d|\.ts:\d|node_modules|internal_error/i;

const expectAnswer = (request: CommandRequest, { stdout, stderr, exitCode }: Outcome) => {
  const sent = JSON.stringify(request).slice(0, 300);
  expect([0, 1, 2, 4], sent).toContain(exitCode);
  expect(stderr === '', sent).toBe(exitCode === 0);
  expect(`${stdout}${stderr}`.isWellFormed(), sent).toBe(true);
  // What was given may be quoted, and is not our wording.
  expect(stderr.replaceAll(/"[^"]*"|'[^']*'/g, '""').slice(0, 5_000), sent).not.toMatch(foreignWords);
  if (request.argv.includes('--json') && exitCode !== 0)
    expect(JSON.parse(stderr), sent).toEqual({
      error: expect.objectContaining({ message: expect.any(String) }) as unknown,
    });
};
const expectAnswered = async (argv: string[], stdin?: string) => {
  const logged = house.logged.length;
  const request = stdin === undefined ? { argv } : { argv, stdin };
  expectAnswer(request, await commandLine(house, request));
  expect(house.logged.slice(logged), JSON.stringify(argv).slice(0, 300)).toEqual([]);
};

/** Every command that there is, as the words that name it. */
const everyCommand = (): string[][] => {
  const desk = {
    house: () => house,
    operations: [],
    stdin: undefined,
    answer: () => undefined,
    leave: () => undefined,
  };
  const below = (command: ReturnType<typeof commands>, path: string[]): string[][] =>
    command.commands.length === 0
      ? [path]
      : command.commands.flatMap((each) => below(each, [...path, each.name()]));
  return below(commands(desk), []).filter(([name]) => name !== 'serve' && name !== 'seed');
};

test('every command answers in words, whatever stands behind it', async () => {
  const odd = fc.constantFrom(
    ...oddTexts.filter((text) => text.length < 2_000),
    ...[
      '--',
      '-',
      '--json',
      '--help',
      '--__proto__',
      '--constructor=1',
      '--workspace',
      '{',
      '{"__proto__":1}',
    ],
    ...['[]', '--email=', '--no-x', '-x', '--dry-run', '--yes', 'call'],
  );
  for (const words of everyCommand()) {
    const lines = fc.sample(
      fc.tuple(
        fc.array(odd, { maxLength: 3 }),
        fc.boolean(),
        fc.boolean(),
        fc.option(odd, { nil: undefined }),
      ),
      { numRuns: 20, seed: 77 },
    );
    for (const [more, named, asJson, stdin] of lines) {
      const options = named ? ['--email', 'nobody@example.com', '--workspace', 'nowhere'] : [];
      await expectAnswered([...words, ...more, ...options, ...(asJson ? ['--json'] : [])], stdin);
    }
  }
});

test('a call as a member takes odd arguments in every way, and changes nothing', async () => {
  const as = ['--email', work.mara.email, '--workspace', work.slug, '--dry-run'];
  for (const text of oddTexts) {
    await expectAnswered(['call', 'tags.create', JSON.stringify({ name: text, [text]: text }), ...as]);
    await expectAnswered(['call', 'tags.create', text, ...as]);
    await expectAnswered(['call', 'tags.create', '-', ...as], text);
    await expectAnswered(['call', 'tags.create', `--name=${text}`, `--${text}`, text, ...as]);
    await expectAnswered(['call', text, ...as]);
    await expectAnswered(['call', 'tags.create', '--name', 'x', '--email', text, '--workspace', text]);
  }
});

/** Sends bytes as they are, and gives every line that comes back. */
const send = async (bytes: string | Buffer, end = false): Promise<string> => {
  const connection = createConnection(socket.address);
  let text = '';
  connection.on('data', (data: Buffer) => (text += data.toString('utf8')));
  connection.on('error', () => undefined);
  await once(connection, 'connect');
  connection.write(bytes);
  if (end) connection.end();
  await once(connection, 'close');
  return text;
};

test.each([
  ['no JSON', 'user list\n'],
  ['an empty line', '\n'],
  ['NUL', '\0\n'],
  ['no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x0a])],
  ['a list', '["user","list"]\n'],
  ['null', 'null\n'],
  ['words that are no texts', '{"argv":["user",1]}\n'],
  ['words that are one text', '{"argv":"user list"}\n'],
  ['an input that is no text', '{"argv":["user","list"],"stdin":{}}\n'],
  ['a prototype', '{"__proto__":{"argv":["user","list"]}}\n'],
  ['a depth without end', `${'['.repeat(100_000)}\n`],
  ['five megabytes', `{"argv":["${'x'.repeat(5_000_000)}"]}\n`],
  ['five megabytes without an end', 'x'.repeat(5_000_000)],
])('the socket says that %s is no command', async (_what, bytes) => {
  const outcome = JSON.parse(await send(bytes)) as Outcome;
  expect(outcome).toEqual({
    stdout: '',
    stderr: expect.stringMatching(/^A command (is one line|has at most)/) as unknown,
    exitCode: 2,
  });
});

test('half of a command is none, and nothing at all is nobody', async () => {
  expect(JSON.parse(await send('{"argv":["user","list"]}', true))).toMatchObject({ exitCode: 2 });
  expect(await send('', true)).toBe('');
});

test('a line that never ends and one that somebody leaves hold nobody up', async () => {
  const waiting = createConnection(socket.address);
  const leaving = createConnection(socket.address);
  waiting.write('{"argv":');
  leaving.write('{"argv":["user",');
  leaving.destroy();
  expect(await askServer(dataDir, { argv: ['workspace', 'plan', 'nowhere', 'team'] })).toMatchObject({
    exitCode: 4,
  });
  waiting.destroy();
});

test('of two lines at once the first is done; two at once at two sockets are both answered', async () => {
  const line = (name: string) => `${JSON.stringify({ argv: ['workspace', 'plan', name, 'team'] })}\n`;
  expect((JSON.parse(await send(`${line('first')}${line('second')}`)) as Outcome).stderr).toContain(
    '"first"',
  );
  const both = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      askServer(dataDir, { argv: ['workspace', 'plan', `nowhere-${index}`, 'team'] }),
    ),
  );
  for (const [index, outcome] of both.entries())
    expect([outcome?.exitCode, outcome?.stderr]).toEqual([
      4,
      expect.stringContaining(`"nowhere-${index}"`) as unknown,
    ]);
});

test('commands of nobody’s are refused, and a server is not asked to serve', async () => {
  for (const argv of [['serve'], ['rm', '-rf'], ['__proto__'], ['user', 'constructor'], ['']]) {
    const outcome = await askServer(dataDir, { argv });
    expect([outcome?.exitCode, outcome?.stdout]).toEqual([2, '']);
    expect(outcome?.stderr).not.toBe('');
  }
});

test('after all of it every row is what it was', async () => {
  expect(await everyRow(house, work.id)).toBe(before);
  expect(house.logged).toEqual([]);
});
