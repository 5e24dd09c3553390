import { expect, test } from 'vitest';
import type { Scope } from '#operation/scopes.ts';
import { type Budgeted, hour, makeBudgeted } from '#testing/budget.ts';
import { openTestHouse } from '#testing/house.ts';
import { call, type Person, refusalOf } from '#testing/people.ts';
import { log, type Logged, makeTask, type Started } from '#testing/time.ts';

const house = await openTestHouse();
const noon = '2026-10-20T10:00:00Z';
house.setNow(noon);
const setUp = (budget: object = {}, settings: object = {}) => makeBudgeted(house, budget, settings);

const warningsOf = async (person: Person, name: string, input: object, acting = {}) =>
  (await call<Logged>(house, person, name, input, acting)).meta?.warnings ?? [];

/** Every way to add time: makes what it needs before the budget is spent, and gives the call that would go beyond. */
const ways: Record<string, (at: Budgeted) => Promise<[name: string, input: object]>> = {
  create: async ({ project_id }) => ['time_entries.create', { project_id, duration: '2:00' }],
  'create on a task': async ({ teo, project_id }) => {
    const task = await makeTask(house, teo, { summary: 'Menu', project_id });
    return ['time_entries.create', { task_id: task, duration: '2:00' }];
  },
  bulk_create: async ({ project_id }) => [
    'time_entries.bulk_create',
    {
      items: [
        { project_id, duration: '1:00' },
        { project_id, duration: '1:00' },
      ],
    },
  ],
  'update to more': async ({ teo, project_id }) => [
    'time_entries.update',
    { id: (await log(house, teo, { project_id, duration: '1:00' })).id, duration: '3:00' },
  ],
  'update to this project': async ({ teo, project_id }) => [
    'time_entries.update',
    { id: (await log(house, teo, { duration: '2:00' })).id, project_id },
  ],
  bulk_update: async ({ teo, project_id }) => [
    'time_entries.bulk_update',
    { ids: [(await log(house, teo, { duration: '2:00' })).id], patch: { project_id } },
  ],
  restore: async ({ teo, project_id }) => {
    const { id } = await log(house, teo, { project_id, duration: '2:00' });
    await call(house, teo, 'time_entries.delete', { id });
    return ['time_entries.restore', { id }];
  },
  'a timer started earlier': async ({ project_id }) => [
    'timers.start',
    { project_id, started_at: '2026-10-20T10:00' },
  ],
  'a timer moved here': async ({ teo, project_id }) => {
    await call(house, teo, 'timers.start', { started_at: '2026-10-20T10:00' });
    return ['timers.update', { project_id }];
  },
  'a task moved here': async ({ teo, project_id }) => {
    const task = await makeTask(house, teo, { summary: 'Menu' });
    await log(house, teo, { task_id: task, duration: '1:00' });
    await log(house, teo, { task_id: task, duration: '1:00' });
    return ['tasks.update', { id: task, project_id }];
  },
  'a task restored with its time': async ({ teo, project_id }) => {
    const task = await makeTask(house, teo, { summary: 'Menu', project_id });
    await log(house, teo, { task_id: task, duration: '2:00' });
    await call(house, teo, 'tasks.delete', { id: task, entries: 'delete' });
    return ['tasks.restore', { id: task }];
  },
};

test.each(Object.keys(ways))('a hard stop refuses time beyond it, and saves nothing: %s', async (way) => {
  const setting = await setUp();
  const [name, input] = await ways[way]!(setting);
  await setting.spend(9 - (await setting.used()) / hour);
  expect(await refusalOf(call(house, setting.teo, name, input))).toMatchObject({
    code: 'budget_exhausted',
    message: expect.stringMatching(
      /With this, the project "Website" would have used 11 h of its budget of 10 h(, with a timer running on)?, and it has a hard stop\. A manager can raise or clear the budget: projects\.update\.$/,
    ) as string,
    details: { project: { id: setting.project_id, name: 'Website' }, limit: 36_000, used: 39_600 },
    fixTool: 'projects.update',
  });
  expect(await setting.used()).toBe(9 * hour);
  await call(house, setting.noor, 'projects.update', {
    id: setting.project_id,
    budget: { kind: 'seconds', seconds: 11 * hour + (/^timers/.test(name) ? 1 : 0), hard_stop: true },
  });
  await call(house, setting.teo, name, input);
  expect(await setting.used()).toBe(11 * hour);
});

test('time up to the limit is taken, and with the last second no timer starts, resumes or comes back any more', async () => {
  const { teo, project_id, spend } = await setUp();
  await spend(9);
  await call(house, teo, 'timers.start', { project_id });
  await call(house, teo, 'timers.pause');
  const { timer } = await call<Started>(house, teo, 'timers.start', { project_id });
  await call(house, teo, 'timers.discard', { confirm: true });
  await log(house, teo, { project_id, duration: '1:00' });
  for (const [name, input] of [
    ['timers.start', { project_id }],
    ['tasks.create', { summary: 'Menu', project_id, start_timer: true }],
    ['timers.resume', {}],
    ['time_entries.restore', { id: timer.entry_id }],
  ] as const) {
    expect(await refusalOf(call(house, teo, name, input))).toMatchObject({ code: 'budget_exhausted' });
  }
});

test('a timer that stops loses no time however far beyond it ran, and says so', async () => {
  const { teo, project_id, spend, used } = await setUp({ alert_percents: [] });
  await spend(9);
  const beyond = ['"Website" has used 120% of its budget of 10 h.'];
  for (const stop of [
    ['timers.stop', {}],
    ['timers.start', {}],
    ['time_entries.update', { ended_at: 'now' }],
  ] as const) {
    const { timer } = await call<Started>(house, teo, 'timers.start', { project_id });
    house.setNow('2026-10-20T13:00:00Z');
    const input = stop[0] === 'time_entries.update' ? { ...stop[1], id: timer.entry_id } : stop[1];
    expect(await warningsOf(teo, ...([stop[0], input] as const))).toEqual(beyond);
    expect(await used()).toBe(12 * hour);
    await call(house, teo, 'time_entries.delete', { id: timer.entry_id });
    house.setNow(noon);
    await call(house, teo, 'timers.discard', { confirm: true }).catch(() => null);
  }
});

test('beyond it, time can be shortened, described, split, paused and deleted, but not added', async () => {
  const { teo, noor, project_id, spend, used } = await setUp();
  const { id } = await log(house, teo, { project_id, started_at: '2026-10-19T10:00', duration: '4:00' });
  await spend(10);
  const edit = (input: object) => warningsOf(teo, 'time_entries.update', { id, ...input });
  expect(await edit({ description: 'Header' })).toEqual([]);
  expect(await edit({ duration: '3:00' })).toEqual([]);
  expect(await edit({ started_at: '2026-10-18T10:00', ended_at: '2026-10-18T13:00' })).toEqual([]);
  await call(house, teo, 'time_entries.split', { id, seconds: [hour] });
  expect(await used()).toBe(13 * hour);
  expect((await refusalOf(call(house, teo, 'time_entries.update', { id, duration: '1:00:01' }))).code).toBe(
    'budget_exhausted',
  );
  await call(house, noor, 'time_entries.delete', { id });
  expect(await used()).toBe(12 * hour);
});

test('a part that falls into another month counts there', async () => {
  const { teo, project_id, spend } = await setUp({ period: 'month' });
  const night = { started_at: '2026-09-30T22:00', ended_at: '2026-10-01T02:00' };
  const { id } = await log(house, teo, { project_id, ...night });
  await spend(9);
  const split = () => refusalOf(call(house, teo, 'time_entries.split', { id, at: '2026-10-01T00:00' }));
  expect(await split()).toMatchObject({ code: 'budget_exhausted' });
  await call(house, teo, 'time_entries.split', { id, at: '2026-09-30T23:00' });
});

test('a month counts for itself', async () => {
  const { teo, project_id, spend } = await setUp({ period: 'month', alert_percents: [50] });
  await spend(9);
  const { id } = await log(house, teo, { project_id, date: '2026-09-30', duration: '2:00' });
  const moved = await refusalOf(call(house, teo, 'time_entries.update', { id, date: '2026-10-01' }));
  expect(moved.message).toContain('would have used 11 h of its budget of 10 h this month, and it has a hard');
  const september = { project_id, date: '2026-09-01', duration: '4:30' };
  expect(await warningsOf(teo, 'time_entries.create', september)).toEqual([
    '"Website" has used 65% of its budget of 10 h in September 2026.',
  ]);
});

test('without a hard stop everything is taken, and told from the first alert on', async () => {
  const { teo, project_id } = await setUp({ hard_stop: false, period: 'month', seconds: 40 * hour });
  const add = (duration: string) => warningsOf(teo, 'time_entries.create', { project_id, duration });
  expect(await add('19:59')).toEqual([]);
  expect(await add('0:01')).toEqual(['"Website" has used 50% of its budget of 40 h this month.']);
  expect(await add('13:00')).toEqual(['"Website" has used 82% of its budget of 40 h this month.']);
  expect(await add('10:00')).toEqual(['"Website" has used 107% of its budget of 40 h this month.']);
  const items = ['1:00', '2:00', '5:00'].map((duration) => ({ project_id, duration }));
  expect(await warningsOf(teo, 'time_entries.bulk_create', { items })).toEqual([
    '"Website" has used 127% of its budget of 40 h this month.',
  ]);
  expect(await warningsOf(teo, 'time_entries.create', { duration: '1:00' })).toEqual([]);
});

test('money is counted as it is billed, and only who sees amounts is told how much', async () => {
  const money = { kind: 'money', seconds: undefined, amount: '1000.00' };
  const { teo, noor, project_id, spend } = await setUp(money);
  await spend(8);
  const add = { project_id, duration: '1:00' };
  expect(await warningsOf(teo, 'time_entries.create', add)).toEqual([]);
  expect(await warningsOf(noor, 'time_entries.create', add)).toEqual([
    '"Website" has used 100% of its budget of 1000.00 EUR.',
  ]);
  const hidden = await refusalOf(call(house, teo, 'time_entries.create', add));
  expect(hidden.toJSON()).toMatchObject({
    code: 'budget_exhausted',
    message:
      'The budget of the project "Website" does not allow this, and it has a hard stop. A manager can raise or clear the budget: projects.update.',
    details: { project: { name: 'Website' } },
  });
  expect(JSON.stringify(hidden)).not.toContain('1000');
  expect((await refusalOf(call(house, noor, 'time_entries.create', add))).message).toContain(
    'would have used 1100.00 EUR of its budget of 1000.00 EUR',
  );
  // What is not billed takes nothing of it, until it is billed after all.
  const free = await log(house, teo, { ...add, billable: false });
  const timer = await call<Started>(house, teo, 'timers.start', { project_id, billable: false });
  const billed = { id: free.id, billable: true };
  expect((await refusalOf(call(house, teo, 'time_entries.update', billed))).code).toBe('budget_exhausted');
  const started = { entry_id: timer.timer.entry_id, billable: true };
  expect((await refusalOf(call(house, teo, 'timers.update', started))).code).toBe('budget_exhausted');
  await call(house, teo, 'timers.stop', { billable: true });
});

test('a workspace where members see rates tells them of money too; a connection that sees no projects learns no name', async () => {
  const money = { kind: 'money', seconds: undefined, amount: '100.00' };
  const { teo, project_id } = await setUp(money, { members_see_rates: true });
  const add = { project_id, duration: '1:00' };
  expect(await warningsOf(teo, 'time_entries.create', add)).toEqual([
    '"Website" has used 100% of its budget of 100.00 EUR.',
  ]);
  const acting = { scopes: ['mcp', 'time:read', 'time:write'] as Scope[] };
  expect((await refusalOf(call(house, teo, 'time_entries.create', add, acting))).toJSON()).toMatchObject({
    message: expect.stringMatching(/^The budget of this project does not allow this,/) as string,
  });
});

test('a list that is not all or nothing takes what fits', async () => {
  const { teo, project_id, used } = await setUp();
  const items = ['6:00', '5:00', '4:00', '0:01'].map((duration) => ({ project_id, duration }));
  const answer = await call<{ results: { error?: { code: string } }[] }>(
    house,
    teo,
    'time_entries.bulk_create',
    { items, atomic: false },
  );
  expect(answer.results.map(({ error }) => error?.code)).toEqual([
    undefined,
    'budget_exhausted',
    undefined,
    'budget_exhausted',
  ]);
  expect(await used()).toBe(10 * hour);
});
