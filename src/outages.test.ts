import { afterAll, expect, test } from 'vitest';
import { halfDone, lost } from '#testing/half-done.ts';
import { makeWorkspace, tokenFor } from '#testing/people.ts';
import { startProgram } from '#testing/program.ts';
import { ownServerHouse } from '#testing/own-store.ts';
import { makeWriters, sendCall, startLoad } from '#testing/writers.ts';

const own = await ownServerHouse();
afterAll(() => own?.close());

test.skipIf(own === null)(
  'while PostgreSQL is away every door says so and that it may be tried again; it recovers by itself, and nothing is half done',
  async () => {
    const { server, house } = own!;
    const team = await makeWorkspace(house);
    const writers = await makeWriters(house, team);
    const [mcp, api] = [await tokenFor(house, team.ada), await tokenFor(house, team.ada, undefined, 'api')];
    const program = await startProgram({ DATABASE_URL: server.url });
    const { url } = program;

    const healthz = () => fetch(`${url}/healthz`).then(({ status }) => status);
    const rest = async () => {
      const response = await fetch(`${url}/api/v1/tags`, { headers: { authorization: `Bearer ${api}` } });
      const { code, retryable } = (await response.json()) as { code?: string; retryable?: boolean };
      return [response.status, code, retryable, response.headers.get('retry-after')];
    };
    const refresh = async () => {
      const form = {
        grant_type: 'refresh_token',
        refresh_token: `stint_rt_${'a'.repeat(43)}`,
        client_id: 'some-client',
      };
      const response = await fetch(`${url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
      return [response.status, ((await response.json()) as { error: string }).error];
    };
    const list = () => sendCall(url, { token: mcp, tool: 'tags_list', input: { idempotency_key: 'unused' } });

    const load = startLoad(url, writers, 'go on');
    await load.answered(40);
    // At once up again: what is under way breaks, what comes next waits or is told to.
    server.halt();
    server.start();
    await load.answered(load.done() + 40);

    server.halt();
    await expect.poll(healthz).toBe(503);
    expect(await rest(), program.log()).toEqual([503, 'unavailable', true, '2']);
    expect((await refresh())[0]).toBe(503);
    expect((await refresh())[1]).toBe('temporarily_unavailable');
    expect(await list()).toMatchObject({ outcome: 'unanswered', code: 503 });
    server.start();
    await expect.poll(healthz).toBe(200);
    expect((await rest())[0]).toBe(200);
    expect((await refresh())[0]).not.toBe(503);
    await load.answered(load.done() + 40);
    await load.stop();

    const outcomes = load.calls.filter(({ outcome }) => outcome !== 'done');
    const clear = new Set<unknown>([503, 'unavailable', 'no_running_timer']);
    expect(outcomes.filter(({ code }) => !clear.has(code))).toEqual([]);
    expect(outcomes.some(({ code }) => code === 503 || code === 'unavailable')).toBe(true);
    expect(await lost(house.database, load.calls)).toEqual([]);
    expect(await halfDone(house.database)).toEqual([]);
    expect(program.log()).not.toContain('call failed');

    program.signal('SIGTERM');
    expect(await program.ended).toEqual({ code: 0, signal: null });
  },
);
