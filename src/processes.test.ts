import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { halfDone, lost } from '#testing/half-done.ts';
import { connectionFor, makeWorkspace, tokenFor } from '#testing/people.ts';
import { type Program, startProgram } from '#testing/program.ts';
import { embeddedHouse, ownServerHouse } from '#testing/own-store.ts';
import { makeWriters, sendCall, startLoad } from '#testing/writers.ts';

const own = await ownServerHouse();
const folder = mkdtempSync(join(tmpdir(), 'stint-processes-'));
afterAll(async () => {
  await own?.close();
  rmSync(folder, { recursive: true, force: true });
});

const stint = (env: Record<string, string>, ...argv: string[]) =>
  promisify(execFile)(process.execPath, [join(process.cwd(), 'bin', 'stint'), ...argv], {
    env: { ...process.env, ...env },
  });

test.skipIf(own === null)(
  'with two processes on one PostgreSQL, what ends or stops access in one counts there on the very next request, in the other within a second',
  async () => {
    const { server, house } = own!;
    const env = { DATABASE_URL: server.url };
    const [one, other] = await Promise.all([startProgram(env), startProgram(env)]);
    const team = await makeWorkspace(house);
    const { accessToken, grantId } = await connectionFor(house, team.mara);
    const mcp = await tokenFor(house, team.mara);
    const api = await tokenFor(house, team.mara, undefined, 'api');
    const headers = { authorization: `Bearer ${api}` };
    const call = async ({ url }: Program, token: string) => {
      const { outcome, code } = await sendCall(url, {
        token,
        tool: 'tags_create',
        input: { name: `tag ${Math.random()}`, idempotency_key: `key-${Math.random()}` },
      });
      return outcome === 'done' ? 200 : code;
    };
    const both = async (token: string) => [await call(one, token), await call(other, token)];
    // A machine that is busy makes a call slow, never the second longer: after it, the next call has to know.
    const aSecondLater = async (token: string) => {
      await setTimeout(1_000);
      return both(token);
    };

    expect([await both(accessToken), await both(mcp)]).toEqual([
      [200, 200],
      [200, 200],
    ]);
    const revoke = `${one.url}/api/v1/connections/${grantId}/revoke`;
    expect((await fetch(revoke, { method: 'POST', headers })).status).toBe(200);
    expect(await call(one, accessToken)).toBe(401);
    expect(await aSecondLater(accessToken)).toEqual([401, 401]);

    await stint(env, 'workspace', 'plan', team.slug, 'free');
    expect(await aSecondLater(mcp)).toEqual([403, 403]);
    await stint(env, 'workspace', 'plan', team.slug, 'team');
    expect(await aSecondLater(mcp)).toEqual([200, 200]);
    await stint(env, 'user', 'disable', team.mara.email);
    expect(await aSecondLater(mcp)).toEqual([403, 403]);

    for (const { signal } of [one, other]) signal('SIGTERM');
    expect((await Promise.all([one.ended, other.ended])).map(({ code }) => code)).toEqual([0, 0]);
  },
);

test.each([
  ['SIGTERM', 1],
  ['two SIGTERMs', 2],
])('at %s under load it ends with code 0, and has everything it acknowledged, whole', async (_, signals) => {
  const dataDir = join(folder, `data-${signals}`);
  const arranged = await embeddedHouse(dataDir);
  const writers = await makeWriters(arranged.house, await makeWorkspace(arranged.house));
  await arranged.close();
  const program = await startProgram({ STINT_DATA_DIR: dataDir });
  const load = startLoad(program.url, writers);
  await load.answered(20);
  const before = load.calls.length;
  for (let sent = 0; sent < signals; sent += 1) program.signal('SIGTERM');
  expect(await program.ended).toEqual({ code: 0, signal: null });
  await load.over;
  // What was under way is finished; nobody is served on and on because their connection is still open.
  expect(load.calls.length - before).toBeLessThan(writers.length * 4);
  const { house, close } = await embeddedHouse(dataDir);
  expect(await lost(house.database, load.calls)).toEqual([]);
  expect(await halfDone(house.database)).toEqual([]);
  await close();
  expect(program.log()).not.toContain('failed');
});

test('npm start passes SIGTERM on to the server', async () => {
  const dataDir = join(folder, 'data-npm');
  const program = await startProgram({ STINT_DATA_DIR: dataDir }, ['npm', 'start', '--', '--empty']);
  expect((await fetch(`${program.url}/healthz`)).status).toBe(200);
  program.signal('SIGTERM');
  await program.ended;
  await expect.poll(() => fetch(program.url).catch(() => 'gone')).toBe('gone');
  // The folder is free, so the process has ended and not only stopped to listen.
  await expect.poll(() => embeddedHouse(dataDir).then(({ close }) => close())).toBeUndefined();
});
