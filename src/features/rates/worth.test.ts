import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { log, look, makeProject, makeTask } from '#testing/time.ts';

const house = await openTestHouse();
const longest = 31 * 86_400;
const highest = '999999999.99';

/** Puts `count` more of an entry beside it, as if it had been logged that often. */
const copy = (id: string, count: number) =>
  sql`insert into time_entries select (jsonb_populate_record(e, jsonb_build_object('id', left(e.id, 26) || lpad(n::text, 4, '0')))).*
    from time_entries e, generate_series(1, ${count}) n where e.id = ${id}`.execute(house.database.identity);

test('a century of the longest entries at the highest rate breaks no list', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const { client } = await call<{ client: { id: string } }>(house, noor, 'clients.create', {
    name: 'Acme',
    rate: highest,
  });
  const budget = { kind: 'money', amount: '0.01' };
  const project = await makeProject(house, noor, { client_id: client.id, budget });
  const task = await makeTask(house, teo, { summary: 'Everything', project_id: project });
  const entry = await log(house, teo, { task_id: task, date: '2026-10-01', duration_seconds: longest });
  await copy(entry.id, 1199);
  const seconds = 1200 * longest;
  const amount = '892799999991072.00';
  const first = async (operation: string) =>
    (await call<{ data: Record<string, unknown>[] }>(house, noor, operation)).data[0];
  expect(await first('tasks.list')).toMatchObject({ tracked_seconds: seconds, unbilled_seconds: seconds });
  expect(await first('clients.list')).toMatchObject({
    unbilled: { seconds, amounts: [{ amount, currency: 'EUR' }] },
  });
  expect(await first('projects.list')).toMatchObject({
    budget: { used: { seconds, amount, percent: Number.MAX_SAFE_INTEGER } },
  });
  expect(await call(house, noor, 'time_entries.list', { all_members: true, limit: 1 })).toMatchObject({
    meta: { totals: { seconds, amounts: [{ amount }] } },
  });
});

test('refuses a rate of a milliard', async () => {
  const { noor } = await makeWorkspace(house);
  const refusal = await refusalOf(call(house, noor, 'clients.create', { name: 'Acme', rate: '1000000000' }));
  expect(refusal).toMatchObject({ code: 'validation_failed', field: 'rate' });
});

test('a timer forgotten for longer than an entry may be can be stopped, but none begins so far back', async () => {
  const { teo } = await makeWorkspace(house);
  house.setNow('2026-08-01T10:00:00Z');
  const { timer } = await call<{ timer: { entry_id: string } }>(house, teo, 'timers.start');
  house.setNow('2026-10-05T12:00:00Z');
  expect(
    await refusalOf(call(house, teo, 'timers.update', { started_at: '2026-07-01T10:00' })),
  ).toMatchObject({ field: 'started_at' });
  await call(house, teo, 'timers.stop');
  expect((await look(house, teo, timer.entry_id)).entry).toMatchObject({
    state: 'stopped',
    duration_seconds: 65 * 86_400 + 7200,
  });
});
