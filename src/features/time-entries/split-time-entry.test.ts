import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, type Person, refusalOf } from '#testing/people.ts';
import { approve, type Entry, log } from '#testing/time.ts';

const house = await openTestHouse();
house.setNow('2026-10-05T10:00:00Z');
const split = async (person: Person, id: string, how: object) =>
  (await call<{ entries: Entry[] }>(house, person, 'time_entries.split', { id, ...how })).entries;
const clock = (entries: Entry[]) =>
  entries.map(({ started_at, ended_at }) => [started_at?.slice(11, 16), ended_at?.slice(11, 16)]);

test('splits at a moment; both parts keep task, tags, rate and billing, and the first its id', async () => {
  const { noor } = await makeWorkspace(house);
  const given = {
    started_at: '2026-10-04T22:00',
    ended_at: '2026-10-05T02:00',
    summary: 'x',
    tags: ['a'],
    rate: '60.00',
    billable: false,
  };
  const { id } = await log(house, noor, given);
  const parts = await split(noor, id, { at: '2026-10-05T00:00' });
  expect(clock(parts)).toEqual([
    ['22:00', '00:00'],
    ['00:00', '02:00'],
  ]);
  expect(parts.map(({ local_date }) => local_date)).toEqual(['2026-10-04', '2026-10-05']);
  expect(parts[0]!.id).toBe(id);
  for (const part of parts)
    expect(part).toMatchObject({
      task: { summary: 'x' },
      tags: [{ name: 'a' }],
      rate: '60.00',
      billable: false,
      duration_seconds: 7200,
    });
});

test('splits by worked seconds, past pauses; what remains is the last part', async () => {
  const { teo } = await makeWorkspace(house);
  const { id } = await log(house, teo, { started_at: '2026-10-05T09:00' });
  await call(house, teo, 'timers.pause', { at: '2026-10-05T10:00' });
  await call(house, teo, 'timers.resume', { at: '2026-10-05T11:00' });
  await call(house, teo, 'timers.stop');
  const parts = await split(teo, id, { seconds: [1800, 3600] });
  expect(clock(parts)).toEqual([
    ['09:00', '09:30'],
    ['09:30', '11:30'],
    ['11:30', '12:00'],
  ]);
  expect(parts.map((part) => part.duration_seconds)).toEqual([1800, 3600, 1800]);
});

test('splits a duration by seconds only', async () => {
  const { teo } = await makeWorkspace(house);
  const { id } = await log(house, teo, { date: '2026-10-01', duration: '1:00' });
  expect((await refusalOf(split(teo, id, { at: '2026-10-01T09:00' }))).field).toBe('at');
  expect((await split(teo, id, { seconds: [600] })).map((part) => part.duration_seconds)).toEqual([
    600, 3000,
  ]);
});

test('of a running timer the last part runs on', async () => {
  const { teo } = await makeWorkspace(house);
  const { id } = await log(house, teo, { started_at: '2026-10-05T11:00' });
  const [first, second] = await split(teo, id, { at: '2026-10-05T11:20' });
  expect(first).toMatchObject({ id, state: 'stopped', duration_seconds: 1200 });
  expect(second).toMatchObject({ state: 'running', duration_seconds: 2400 });
});

test.each([
  [{ at: '2026-10-05T09:00' }, 'at'],
  [{ at: '2026-10-05T11:00' }, 'at'],
  [{ at: '2026-10-05T08:00' }, 'at'],
  [{ seconds: [7200] }, 'seconds'],
  [{ seconds: [7000, 300] }, 'seconds'],
  [{ at: '2026-10-05T10:00', seconds: [60] }, 'at'],
  [{}, 'at'],
])('refuses %j', async (how, field) => {
  const { teo } = await makeWorkspace(house);
  const { id } = await log(house, teo, { started_at: '2026-10-05T09:00', ended_at: '2026-10-05T11:00' });
  expect(await refusalOf(split(teo, id, how))).toMatchObject({ code: 'validation_failed', field });
});

test('does not split what is locked or another’s', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const { id } = await log(house, noor, { duration: '1:00' });
  expect((await refusalOf(split(teo, id, { seconds: [60] }))).code).toBe('access_denied');
  await approve(house, id);
  expect((await refusalOf(split(noor, id, { seconds: [60] }))).code).toBe('entry_locked');
});
