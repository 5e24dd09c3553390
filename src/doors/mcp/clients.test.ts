import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { serveMcp } from '#testing/mcp-house.ts';
import { makeWorkspace, tokenFor } from '#testing/people.ts';

// Other people's programs, started as a person would start them, with nothing but an address and a token.

const mcp = await serveMcp();
const home = mkdtempSync(join(tmpdir(), 'stint-clients-'));
afterAll(async () => {
  await mcp.close();
  rmSync(home, { recursive: true });
});
const workspace = await makeWorkspace(mcp.house);
const token = await tokenFor(mcp.house, workspace.mara);
const address = `${mcp.url}/mcp`;

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const start = (file: string, args: readonly string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    const env = { PATH: process.env['PATH'], HOME: home, XDG_CONFIG_HOME: home, NO_COLOR: '1', CI: '1' };
    const options = { cwd: home, env, timeout: 50_000 };
    execFile(
      process.execPath,
      [join(process.cwd(), 'node_modules', file), ...args],
      options,
      (error, out, err) =>
        resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, out, err }),
    );
  });

const config = join(home, 'mcporter.json');
writeFileSync(
  config,
  JSON.stringify({
    imports: [],
    mcpServers: { stint: { url: address, headers: { Authorization: `Bearer ${token}` } } },
  }),
);
const mcporter = (...args: string[]) =>
  start('mcporter/dist/cli.js', ['--config', config, ...args, '--no-oauth']);
const inspector = (...args: string[]) =>
  start('@modelcontextprotocol/inspector/clients/launcher/build/index.js', [
    '--cli',
    address,
    '--transport',
    'http',
    '--header',
    `Authorization: Bearer ${token}`,
    ...args,
  ]);

test('mcporter lists, calls, and reads a resource', async () => {
  const listed = await mcporter('list', 'stint', '--json', '--schema');
  expect(listed.code, listed.err).toBe(0);
  const { tools } = JSON.parse(listed.out) as { tools: { name: string }[] };
  expect(tools.map(({ name }) => name)).toContain('tags_create');
  const made = await mcporter('call', 'stint.tags_create', 'name=errand', '--output', 'json');
  expect(made.code, made.err).toBe(0);
  expect(JSON.parse(made.out)).toMatchObject({ tag: { name: 'errand' } });
  const read = await mcporter('resource', 'stint', 'stint://docs/overview');
  expect(read.out).toContain('# Stint in one page');
});

test('mcporter shows our sentence when something is refused', async () => {
  await mcporter('call', 'stint.tags_create', 'name=twice');
  const refused = await mcporter('call', 'stint.tags_create', 'name=twice', '--output', 'json');
  expect(`${refused.out}${refused.err}`).toContain('tag_name_taken');
});

test.for(['legacy', 'modern'])(
  'Inspector (%s) finds no error in the tools, and nothing that its inputs could say more portably',
  async (era) => {
    const listed = await inspector('--protocol-era', era, '--method', 'tools/list', '--strict');
    expect(listed.code, listed.err).toBe(0);
    const { tools } = JSON.parse(listed.out) as { tools: { name: string }[] };
    expect(tools.map(({ name }) => name)).toContain('tags_create');
    expect(listed.err).not.toContain('Path: inputSchema');
    expect(listed.err).toMatch(/(^|\D)0 errors/);
  },
);

test.for(['legacy', 'modern'])('Inspector (%s) calls, reads and prompts', async (era) => {
  const called = await inspector('--protocol-era', era, '--method', 'tools/call', '--tool-name', 'tags_list');
  expect(called.code, called.err).toBe(0);
  expect(JSON.parse(called.out)).toMatchObject({ structuredContent: { meta: { has_more: false } } });
  const read = await inspector(
    '--protocol-era',
    era,
    '--method',
    'resources/read',
    '--uri',
    'stint://docs/tools',
  );
  expect(read.out).toContain('tags_create');
  const prompted = await inspector(
    ...['--protocol-era', era, '--method', 'prompts/get', '--prompt-name', 'stint.time_tracking_workflow'],
    ...['--prompt-args', 'work=the homepage'],
  );
  expect(prompted.out).toContain('the homepage');
});
