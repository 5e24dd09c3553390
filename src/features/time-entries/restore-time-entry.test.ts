import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { closePeriod, type Entry, log, look } from '#testing/time.ts';

const house = await openTestHouse();
interface One {
  entry: Entry;
  meta?: { warnings?: string[] };
}

test('deleting and restoring gives the same entry, but for its version', async () => {
  house.setNow('2026-10-05T10:00:00Z');
  const { teo } = await makeWorkspace(house);
  const { id } = await log(house, teo, {
    started_at: '2026-10-05T09:00',
    duration: '1:00',
    tags: ['a'],
    summary: 'x',
  });
  const before = await look(house, teo, id);
  await call(house, teo, 'time_entries.delete', { id });
  await call(house, teo, 'time_entries.restore', { id });
  const after = await look(house, teo, id);
  expect({ ...after, entry: { ...after.entry, version: 1 } }).toEqual(before);
});

test('a discarded timer runs on, and the time between does not count', async () => {
  house.setNow('2026-10-05T10:00:00Z');
  const { teo } = await makeWorkspace(house);
  const { id } = await log(house, teo, { started_at: '2026-10-05T11:00' });
  await call(house, teo, 'timers.discard', { confirm: true });
  house.setNow('2026-10-05T15:00:00Z');
  const { entry, meta } = await call<One>(house, teo, 'time_entries.restore', { id });
  expect(entry).toMatchObject({ state: 'running', duration_seconds: 3600 });
  expect(meta?.warnings).toEqual(['This timer runs again.']);
  house.setNow('2026-10-05T15:10:00Z');
  expect((await look(house, teo, id)).entry.duration_seconds).toBe(4200);
});

test('a discarded timer comes back paused where another runs', async () => {
  house.setNow('2026-10-05T10:00:00Z');
  const { teo } = await makeWorkspace(house);
  const { id } = await log(house, teo, { started_at: '2026-10-05T11:00' });
  await call(house, teo, 'timers.discard', { confirm: true });
  await log(house, teo, { description: 'other' });
  const { entry } = await call<One>(house, teo, 'time_entries.restore', { id });
  expect(entry).toMatchObject({ state: 'paused', duration_seconds: 3600 });
});

test('is too late after 30 days, and never brings back what was not deleted', async () => {
  house.setNow('2026-10-05T10:00:00Z');
  const { teo } = await makeWorkspace(house);
  const { id } = await log(house, teo, { duration: '1:00' });
  expect((await refusalOf(call(house, teo, 'time_entries.restore', { id }))).code).toBe('not_found');
  await call(house, teo, 'time_entries.delete', { id });
  house.setNow('2026-11-04T10:00:01Z');
  expect((await refusalOf(call(house, teo, 'time_entries.restore', { id }))).code).toBe('not_found');
});

test('not into a closed period, and not over other time where that is forbidden', async () => {
  house.setNow('2026-10-05T10:00:00Z');
  const { id: workspace, teo } = await makeWorkspace(house, { settings: { overlap_policy: 'forbid' } });
  const given = { started_at: '2026-10-05T09:00', duration: '1:00' };
  const { id } = await log(house, teo, given);
  await call(house, teo, 'time_entries.delete', { id });
  await log(house, teo, given);
  expect((await refusalOf(call(house, teo, 'time_entries.restore', { id }))).code).toBe('overlap');
  await closePeriod(house, workspace, '2026-10-05');
  expect((await refusalOf(call(house, teo, 'time_entries.restore', { id }))).code).toBe('period_locked');
});
