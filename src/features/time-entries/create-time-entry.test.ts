import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { closePeriod, log, type Logged, look, makeProject } from '#testing/time.ts';

const house = await openTestHouse();
// A Monday noon in Berlin; the half second shows that time is kept in whole ones.
house.setNow('2026-10-05T10:00:00.5Z');

const create = 'time_entries.create';
const local = { started_at: '2026-10-04T13:30', ended_at: '2026-10-04T15:30' };

test('reads "yesterday 13:30 to 15:30" in the user’s own zone, never UTC', async () => {
  const { teo } = await makeWorkspace(house, { timezone: 'America/New_York' });
  expect(await log(house, teo, { ...local, description: 'Lab' })).toMatchObject({
    started_at: '2026-10-04T13:30:00-04:00',
    ended_at: '2026-10-04T15:30:00-04:00',
    timezone: 'America/New_York',
    local_date: '2026-10-04',
    duration_seconds: 7200,
    state: 'stopped',
    description: 'Lab',
    member_id: teo.membershipId,
  });
});

test.each([
  [{ started_at: '2026-10-05T09:00', duration: '1:30' }, '09:00:00', '10:30:00', 5400],
  [{ ended_at: 'now', duration: '90m' }, '10:30:00', '12:00:00', 5400],
  [{ started_at: '2026-10-05T07:00:00Z', duration_seconds: 60 }, '09:00:00', '09:01:00', 60],
])('takes %j', async (given, start, end, seconds) => {
  const { teo } = await makeWorkspace(house);
  expect(await log(house, teo, given)).toMatchObject({
    started_at: `2026-10-05T${start}+02:00`,
    ended_at: `2026-10-05T${end}+02:00`,
    duration_seconds: seconds,
  });
});

test('takes a duration without clock times, on a day or today, and invents no times', async () => {
  const { teo } = await makeWorkspace(house);
  const timeless = { started_at: null, ended_at: null, state: 'stopped' };
  expect(await log(house, teo, { date: '2026-10-01', duration: '8.20' })).toMatchObject({
    ...timeless,
    local_date: '2026-10-01',
    duration_seconds: 29_520,
  });
  expect(await log(house, teo, { duration: '1,5' })).toMatchObject({ ...timeless, local_date: '2026-10-05' });
});

test.each([
  [{ ended_at: '2026-10-05T09:00' }, 'started_at', 'An end alone'],
  [{ date: '2026-10-05' }, 'duration', 'A date alone'],
  [{ date: '2026-10-05', ...local }, 'date', 'without clock times'],
  [{ ...local, duration: '1:00' }, 'duration', 'Give two of'],
  [{ duration: '1:00', duration_seconds: 3600 }, 'duration', 'not both'],
  [{ started_at: '2026-10-05T23:00', ended_at: '2026-10-05T01:00' }, 'ended_at', 'past midnight'],
  [{ started_at: '2024-10-05T23:00', ended_at: '2026-10-05T01:00' }, 'ended_at', '31 days'],
  [{ started_at: 'noon' }, 'started_at', 'must be a time like 2026-10-05T13:30'],
  [{ duration: '90' }, 'duration', 'must be a duration like'],
  [{ duration: '0.0001' }, 'duration', 'at least a second'],
  [{ duration: '0' }, 'duration', 'no time at all'],
  [{ started_at: '2026-10-05T09:00', ended_at: '2026-10-05T09:00' }, 'ended_at', 'no time at all'],
  [{ duration: '1:00', timezone: 'Mars/Olympus' }, 'timezone', 'IANA time zone'],
  [{ ...local, task_id: 'prj_01j00000000000000000000000' }, 'task_id', 'the id of a project'],
])('refuses %j and says what is wrong with %s', async (given, field, words) => {
  const { teo } = await makeWorkspace(house);
  const refusal = await refusalOf(call(house, teo, create, given));
  expect(refusal).toMatchObject({ code: 'validation_failed', field });
  expect(refusal.message).toContain(words);
});

test('refuses a time the clocks skipped or made double, with both readings, unless told which', async () => {
  const { teo } = await makeWorkspace(house);
  const skipped = { started_at: '2026-03-29T02:30', duration: '0:30' };
  expect(await refusalOf(call(house, teo, create, skipped))).toMatchObject({
    code: 'nonexistent_local_time',
    field: 'started_at',
    details: { readings: ['2026-03-29T01:30:00+01:00', '2026-03-29T03:30:00+02:00'] },
  });
  const twice = { started_at: '2025-10-26T02:30', duration: '0:30' };
  expect((await refusalOf(call(house, teo, create, twice))).code).toBe('ambiguous_local_time');
  expect((await log(house, teo, { ...twice, disambiguation: 'later' })).started_at).toBe(
    '2025-10-26T02:30:00+01:00',
  );
});

test('an evening in another zone counts for the day it was there', async () => {
  const { teo } = await makeWorkspace(house);
  const entry = await log(house, teo, {
    started_at: '2026-10-04T22:00',
    duration: '1:00',
    timezone: 'America/Los_Angeles',
  });
  expect(entry).toMatchObject({ local_date: '2026-10-04', started_at: '2026-10-04T22:00:00-07:00' });
});

test('without an end it starts a timer, and says which one that stopped', async () => {
  const { teo } = await makeWorkspace(house);
  const first = await log(house, teo, { description: 'First', started_at: '2026-10-05T11:00' });
  expect(first).toMatchObject({ state: 'running', ended_at: null, duration_seconds: 3600 });
  const second = await call<Logged>(house, teo, create, { description: 'Second' });
  expect(second.stopped_entry).toMatchObject({ id: first.id, state: 'stopped', duration_seconds: 3600 });
  expect((await look(house, teo, first.id)).entry.ended_at).toBe('2026-10-05T12:00:00+02:00');
});

test('keeps the rate that applied, where it came from, and what the time is worth', async () => {
  const { noor } = await makeWorkspace(house);
  const project_id = await makeProject(house, noor, { rate: '85.00' });
  const entry = await log(house, noor, { project_id, date: '2026-10-05', duration: '0:20' });
  expect(entry).toMatchObject({ rate: '85.00', rate_source: 'project', amount: '28.33', currency: 'EUR' });
  await call(house, noor, 'projects.update', { id: project_id, rate: '99.00' });
  expect((await look(house, noor, entry.id)).entry.rate).toBe('85.00');
});

test('a rate by hand counts before all others; non-billable time is worth nothing', async () => {
  const { noor } = await makeWorkspace(house);
  const project_id = await makeProject(house, noor, { rate: '85.00' });
  const day = { project_id, date: '2026-10-05', duration: '1:00' };
  expect(await log(house, noor, { ...day, rate: '120.50' })).toMatchObject({
    rate: '120.50',
    rate_source: 'entry',
  });
  expect(await log(house, noor, { ...day, billable: false })).toMatchObject({
    amount: null,
    billable: false,
  });
  expect((await refusalOf(call(house, noor, create, { ...day, rate: '1.005' }))).field).toBe('rate');
});

test('a member sees no rates and sets none, unless the workspace allows it', async () => {
  const shut = await makeWorkspace(house);
  const answer = await call<Logged>(house, shut.teo, create, { duration: '1:00' });
  expect(JSON.stringify(answer.entry)).not.toMatch(/rate|amount/);
  expect(answer.meta?.omitted).toContainEqual({ path: 'entry.amount', requires: 'role' });
  expect((await refusalOf(call(house, shut.teo, create, { duration: '1:00', rate: '10.00' }))).code).toBe(
    'access_denied',
  );
  const open = await makeWorkspace(house, { settings: { members_see_rates: true } });
  expect(await log(house, open.teo, { duration: '1:00', rate: '10.00' })).toMatchObject({ amount: '10.00' });
});

test('a non-billable project makes non-billable time', async () => {
  const { noor } = await makeWorkspace(house);
  const project_id = await makeProject(house, noor, { billing: 'non_billable' });
  expect((await log(house, noor, { project_id, duration: '1:00' })).billable).toBe(false);
});

test('makes a task from a summary, in the project, if the connection may make tasks', async () => {
  const { noor } = await makeWorkspace(house);
  const project_id = await makeProject(house, noor);
  const given = { summary: 'Sketch the header', project_id, duration: '1:00' };
  const entry = await log(house, noor, given);
  expect(entry).toMatchObject({ task: { summary: 'Sketch the header' }, project: { id: project_id } });
  const again = await log(house, noor, { task_id: entry.task!.id, duration: '1:00' });
  expect(again.project).toEqual({ id: project_id, name: 'Redesign' });
  const scopes = ['mcp', 'time:read', 'time:write'] as const;
  expect(await refusalOf(call(house, noor, create, given, { scopes }))).toMatchObject({
    code: 'insufficient_scope',
    details: { missing: ['tasks:write', 'tasks:read'] },
  });
});

test('refuses a task of another project, a summary beside a task, and ids of another workspace', async () => {
  const { noor } = await makeWorkspace(house);
  const there = await makeWorkspace(house);
  const [one, two] = [await makeProject(house, noor), await makeProject(house, noor, { name: 'Other' })];
  const { task } = await log(house, noor, { summary: 'x', project_id: one, duration: '1:00' });
  const refused = async (given: object) =>
    (await refusalOf(call(house, noor, create, { duration: '1:00', ...given }))).code;
  expect(await refused({ task_id: task!.id, project_id: two })).toBe('validation_failed');
  expect(await refused({ task_id: task!.id, summary: 'y' })).toBe('validation_failed');
  expect(await refused({ project_id: await makeProject(house, there.noor) })).toBe('not_found');
  expect(await refused({ member_id: there.noor.membershipId })).toBe('not_found');
});

test('what a connection may not read is left out, and named', async () => {
  const { noor } = await makeWorkspace(house);
  const project_id = await makeProject(house, noor);
  const scopes = ['mcp', 'time:read', 'time:write'] as const;
  const answer = await call<Logged>(house, noor, create, { project_id, duration: '1:00' }, { scopes });
  expect(answer.entry).not.toHaveProperty('project');
  expect(answer.meta?.omitted).toContainEqual({ path: 'entry.project', requires: 'projects:read' });
});

test('a manager logs for others; a member only for themselves', async () => {
  const { noor, teo } = await makeWorkspace(house);
  expect((await log(house, noor, { duration: '1:00', member_id: teo.membershipId })).member_id).toBe(
    teo.membershipId,
  );
  const refusal = await refusalOf(
    call(house, teo, create, { duration: '1:00', member_id: noor.membershipId }),
  );
  expect(refusal.message).toBe('Access denied');
});

test('takes nothing for a closed period', async () => {
  const { id, noor } = await makeWorkspace(house);
  await closePeriod(house, id, '2026-10-04');
  const refusal = await refusalOf(call(house, noor, create, local));
  expect(refusal).toMatchObject({
    code: 'period_locked',
    details: { local_date: '2026-10-04', lock_date: '2026-10-04' },
  });
  await log(house, noor, { date: '2026-10-05', duration: '1:00' });
});

test('tags are put on by name or id, and made where they are new', async () => {
  const { teo } = await makeWorkspace(house);
  const first = await log(house, teo, { duration: '1:00', tags: ['Deep work', 'travel'] });
  expect(first.tags!.map(({ name }) => name)).toEqual(['Deep work', 'travel']);
  const again = await log(house, teo, { duration: '1:00', tags: [first.tags![0]!.id, 'TRAVEL'] });
  expect(again.tags).toEqual(first.tags);
});

test('the same idempotency key logs once', async () => {
  const { teo } = await makeWorkspace(house);
  const once = { duration: '1:00', idempotency_key: 'once-and-only' };
  const [first, again] = [await log(house, teo, once), await log(house, teo, once)];
  expect(again.id).toBe(first.id);
});

test('leaves one audit entry that says what was stored', async () => {
  const { id, teo } = await makeWorkspace(house);
  const entry = await log(house, teo, { ...local, description: 'Audited' });
  const [audit, ...more] = await house.database.inWorkspace(id, house.clock(), (tx) =>
    tx.selectFrom('audit_logs').selectAll().execute(),
  );
  expect(more).toEqual([]);
  expect(audit).toMatchObject({
    action: 'time_entries.create',
    entity_id: entry.id,
    after: { description: 'Audited', started_at: '2026-10-04T11:30:00Z', duration_seconds: 7200 },
  });
});

test.each([
  [{ date: '2027-10-06', duration: '1:00' }, 'date'],
  [{ started_at: '2027-10-06T09:00', duration: '1:00' }, 'started_at'],
  [{ ended_at: '2199-01-01T09:00', duration: '1:00' }, 'ended_at'],
])('%o lies more than a year ahead', async (times, field) => {
  const { teo } = await makeWorkspace(house);
  const refused = await refusalOf(call(house, teo, create, times));
  expect([refused.code, refused.field]).toEqual(['validation_failed', field]);
  expect(refused.message).toContain('up to 2027-10-05');
  await log(house, teo, { date: '2027-10-05', duration: '1:00' });
});

test('time cannot be moved more than a year ahead either', async () => {
  const { teo } = await makeWorkspace(house);
  const lasting = await log(house, teo, { date: '2026-10-05', duration: '1:00' });
  const timed = await log(house, teo, local);
  for (const [id, change] of [
    [lasting.id, { date: '2030-01-01' }],
    [timed.id, { started_at: '2030-01-01T09:00', ended_at: '2030-01-01T10:00' }],
  ] as const)
    expect((await refusalOf(call(house, teo, 'time_entries.update', { id, ...change }))).code).toBe(
      'validation_failed',
    );
});

test('a dry run says that what it shows will never be', async () => {
  const { teo } = await makeWorkspace(house);
  const answer = await call(house, teo, 'time_entries.bulk_create', {
    items: [{ date: '2026-10-05', duration: '1:00' }],
    dry_run: true,
  });
  expect(answer.meta?.warnings).toEqual([expect.stringContaining('will never exist')]);
});

test('what time is worth, and in which money, is hidden together', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const { id } = await log(house, teo, { date: '2026-10-05', duration: '1:00' });
  const shown = await call<{ entry: object }>(house, teo, 'time_entries.get', { id });
  for (const name of ['rate', 'rate_source', 'amount', 'currency'])
    expect(shown.entry).not.toHaveProperty(name);
  expect((await call<{ entry: object }>(house, noor, 'time_entries.get', { id })).entry).toHaveProperty(
    'currency',
  );
});
