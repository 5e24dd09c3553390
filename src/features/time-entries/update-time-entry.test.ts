import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, type Person, refusalOf } from '#testing/people.ts';
import { approve, closePeriod, type Entry, log, look, makeProject } from '#testing/time.ts';

const house = await openTestHouse();
house.setNow('2026-10-05T10:00:00Z');

interface Changed {
  entry: Entry;
  changed: string[];
  meta?: { warnings?: string[] };
}
const update = (person: Person, id: string, change: object) =>
  call<Changed>(house, person, 'time_entries.update', { id, ...change });
const morning = { started_at: '2026-10-05T09:00', ended_at: '2026-10-05T11:00' };

test('a new end never moves the start, nor a new start the end', async () => {
  const { teo } = await makeWorkspace(house);
  const { id } = await log(house, teo, morning);
  const ended = await update(teo, id, { ended_at: '2026-10-05T10:30' });
  expect(ended).toMatchObject({
    entry: { started_at: '2026-10-05T09:00:00+02:00', duration_seconds: 5400 },
    changed: ['ended_at', 'duration_seconds'],
  });
  const { entry } = await update(teo, id, { started_at: '2026-10-05T08:00' });
  expect(entry).toMatchObject({ ended_at: '2026-10-05T10:30:00+02:00', duration_seconds: 9000 });
});

test('an edit leaves no entry without time', async () => {
  const { teo } = await makeWorkspace(house);
  const { id } = await log(house, teo, morning);
  for (const change of [
    { duration: '0' },
    { ended_at: morning.started_at },
    { started_at: morning.ended_at },
  ]) {
    expect((await refusalOf(update(teo, id, change))).message).toContain('no time at all');
  }
});

test('a duration moves the end, or the start where an end is given with it', async () => {
  const { teo } = await makeWorkspace(house);
  const { id } = await log(house, teo, morning);
  expect((await update(teo, id, { duration: '0:45' })).entry).toMatchObject({
    started_at: '2026-10-05T09:00:00+02:00',
    ended_at: '2026-10-05T09:45:00+02:00',
  });
  expect((await update(teo, id, { duration: '1:00', ended_at: '2026-10-05T12:00' })).entry).toMatchObject({
    started_at: '2026-10-05T11:00:00+02:00',
    ended_at: '2026-10-05T12:00:00+02:00',
  });
});

test('the day follows the start, in the entry’s own zone', async () => {
  const { teo } = await makeWorkspace(house);
  const { id } = await log(house, teo, morning);
  expect((await update(teo, id, { started_at: '2026-10-04T23:59' })).entry.local_date).toBe('2026-10-04');
  const { entry } = await update(teo, id, { timezone: 'Asia/Tokyo' });
  expect(entry).toMatchObject({ local_date: '2026-10-05', started_at: '2026-10-05T06:59:00+09:00' });
});

test('stops a timer with ended_at "now"', async () => {
  const { teo } = await makeWorkspace(house);
  const { id } = await log(house, teo, { started_at: '2026-10-05T11:30' });
  expect((await update(teo, id, { ended_at: 'now' })).entry).toMatchObject({
    state: 'stopped',
    ended_at: '2026-10-05T12:00:00+02:00',
    duration_seconds: 1800,
  });
});

test('an entry with pauses keeps them: its ends move only within the outer stretches', async () => {
  const { teo } = await makeWorkspace(house);
  const { id } = await log(house, teo, { started_at: '2026-10-05T09:00' });
  await call(house, teo, 'timers.pause', { at: '2026-10-05T10:00' });
  await call(house, teo, 'timers.resume', { at: '2026-10-05T11:00' });
  await call(house, teo, 'timers.stop');
  expect((await refusalOf(update(teo, id, { started_at: '2026-10-05T10:30' }))).field).toBe('started_at');
  expect((await refusalOf(update(teo, id, { ended_at: '2026-10-05T10:30' }))).field).toBe('ended_at');
  expect((await update(teo, id, { ended_at: '2026-10-05T11:10' })).entry.duration_seconds).toBe(70 * 60);
  expect((await update(teo, id, { duration: '1:30' })).entry.ended_at).toBe('2026-10-05T11:30:00+02:00');
  expect((await refusalOf(update(teo, id, { duration: '0:30' }))).field).toBe('duration');
});

test('a duration may get clock times; clock times have no date of their own', async () => {
  const { teo } = await makeWorkspace(house);
  const { id } = await log(house, teo, { date: '2026-10-01', duration: '2:00' });
  expect((await update(teo, id, { date: '2026-10-02', duration: '1:00' })).entry).toMatchObject({
    local_date: '2026-10-02',
    duration_seconds: 3600,
    started_at: null,
  });
  expect((await update(teo, id, { started_at: '2026-10-03T09:00' })).entry).toMatchObject({
    started_at: '2026-10-03T09:00:00+02:00',
    ended_at: '2026-10-03T10:00:00+02:00',
    local_date: '2026-10-03',
  });
  expect((await refusalOf(update(teo, id, { date: '2026-10-02' }))).field).toBe('date');
});

test('what is left out stays; null clears', async () => {
  const { noor } = await makeWorkspace(house);
  const project_id = await makeProject(house, noor);
  const given = { ...morning, summary: 'Sketch', project_id, description: 'x', tags: ['a'], rate: '50.00' };
  const { id } = await log(house, noor, given);
  const kept = (await update(noor, id, { billable: false })).entry;
  expect(kept).toMatchObject({
    description: 'x',
    task: { summary: 'Sketch' },
    rate: '50.00',
    tags: [{ name: 'a' }],
  });
  const { entry } = await update(noor, id, { description: null, task_id: null, tags: [], rate: null });
  expect(entry).toMatchObject({
    description: '',
    task: null,
    project: { id: project_id },
    tags: [],
    rate: null,
  });
  expect((await update(noor, id, { project_id: null })).entry.project).toBeNull();
});

test('logged time keeps its rate when it moves, unless asked for anew', async () => {
  const { noor } = await makeWorkspace(house);
  const cheap = await makeProject(house, noor, { rate: '50.00' });
  const dear = await makeProject(house, noor, { name: 'Dear', rate: '150.00' });
  const { id } = await log(house, noor, { ...morning, project_id: cheap });
  const moved = await update(noor, id, { project_id: dear });
  expect(moved.entry.rate).toBe('50.00');
  expect(moved.meta?.warnings?.[0]).toContain('re_rate');
  expect((await update(noor, id, { re_rate: true })).entry).toMatchObject({
    rate: '150.00',
    amount: '300.00',
  });
});

test('a timer takes the rate and the billing of the project it is moved to', async () => {
  const { noor } = await makeWorkspace(house);
  const dear = await makeProject(house, noor, { rate: '150.00' });
  const own = await makeProject(house, noor, { name: 'Own', billing: 'non_billable' });
  const { id } = await log(house, noor, { started_at: '2026-10-05T11:00' });
  expect((await update(noor, id, { project_id: dear })).entry).toMatchObject({
    rate: '150.00',
    amount: '150.00',
  });
  expect((await update(noor, id, { project_id: own })).entry.billable).toBe(false);
});

test('refuses a change to something that changed since it was read', async () => {
  const { teo } = await makeWorkspace(house);
  const { id, version } = await log(house, teo, morning);
  expect((await update(teo, id, { description: 'a', expected_version: version })).entry.version).toBe(
    version + 1,
  );
  const refusal = await refusalOf(update(teo, id, { description: 'b', expected_version: version }));
  expect(refusal).toMatchObject({ code: 'conflict_version', details: { current_version: version + 1 } });
});

test('refuses overlaps where they are forbidden, and does not overlap itself', async () => {
  const { teo } = await makeWorkspace(house, { settings: { overlap_policy: 'forbid' } });
  const { id } = await log(house, teo, morning);
  await log(house, teo, { started_at: '2026-10-05T11:00', ended_at: '2026-10-05T12:00' });
  await update(teo, id, { ended_at: '2026-10-05T10:59' });
  expect((await refusalOf(update(teo, id, { ended_at: '2026-10-05T11:01' }))).code).toBe('overlap');
});

test('nothing of a locked entry changes, and nothing moves into a closed period', async () => {
  const { id: workspace, noor } = await makeWorkspace(house);
  const { id } = await log(house, noor, morning);
  await approve(house, id);
  const changes = [
    { description: 'x' },
    { ended_at: '2026-10-05T10:00' },
    { tags: ['x'] },
    { billable: false },
    { re_rate: true },
  ];
  for (const change of changes) expect((await refusalOf(update(noor, id, change))).code).toBe('entry_locked');
  expect((await look(house, noor, id)).entry).toMatchObject({ locked_by: 'approval', version: 2 });
  const { id: open } = await log(house, noor, { date: '2026-10-05', duration: '1:00' });
  await closePeriod(house, workspace, '2026-10-04');
  expect((await refusalOf(update(noor, open, { date: '2026-10-04' }))).code).toBe('period_locked');
  await closePeriod(house, workspace, '2026-10-05');
  expect((await refusalOf(update(noor, open, { date: '2026-10-06' }))).code).toBe('period_locked');
});

test('another’s entry is not a member’s to change', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const { id } = await log(house, noor, morning);
  expect((await refusalOf(update(teo, id, { description: 'x' }))).message).toBe('Access denied');
});
