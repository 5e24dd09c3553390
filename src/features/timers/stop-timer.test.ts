import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, type Person, refusalOf } from '#testing/people.ts';
import { type Entry } from '#testing/time.ts';

const house = await openTestHouse();
house.setNow('2026-10-05T10:00:00Z');
const stop = async (person: Person, input: object = {}) =>
  (await call<{ entry: Entry }>(house, person, 'timers.stop', input)).entry;
const start = (person: Person, input: object = {}) => call(house, person, 'timers.start', input);

test('keeps the time, however short', async () => {
  const { teo } = await makeWorkspace(house);
  await start(teo);
  expect(await stop(teo, { description: 'Oops', billable: false })).toMatchObject({
    state: 'stopped',
    duration_seconds: 0,
    description: 'Oops',
    billable: false,
  });
});

test('stops a forgotten timer when the work ended', async () => {
  const { teo } = await makeWorkspace(house);
  await start(teo, { started_at: '2026-10-04T16:00' });
  const entry = await stop(teo, { ended_at: '2026-10-04T18:00' });
  expect(entry).toMatchObject({
    started_at: '2026-10-04T16:00:00+02:00',
    duration_seconds: 7200,
    local_date: '2026-10-04',
  });
});

test('not before it was last resumed, and not in the future', async () => {
  const { teo } = await makeWorkspace(house);
  await start(teo, { started_at: '2026-10-05T09:00' });
  await call(house, teo, 'timers.pause', { at: '2026-10-05T10:00' });
  await call(house, teo, 'timers.resume', { at: '2026-10-05T11:00' });
  expect((await refusalOf(stop(teo, { ended_at: '2026-10-05T10:30' }))).message).toContain(
    'last resumed at 2026-10-05T11:00',
  );
  expect((await refusalOf(stop(teo, { ended_at: '2026-10-05T12:01' }))).message).toBe(
    'A timer cannot stop in the future.',
  );
  expect(await stop(teo, { ended_at: '2026-10-05T11:30' })).toMatchObject({ duration_seconds: 5400 });
});

test('a paused timer ends when it was paused', async () => {
  const { teo } = await makeWorkspace(house);
  await start(teo, { started_at: '2026-10-05T09:00' });
  await call(house, teo, 'timers.pause', { at: '2026-10-05T10:00' });
  expect((await refusalOf(stop(teo, { ended_at: '2026-10-05T11:00' }))).message).toContain('paused at');
  expect(await stop(teo)).toMatchObject({ ended_at: '2026-10-05T10:00:00+02:00', duration_seconds: 3600 });
});

test('the zone of the end is not the zone of the entry', async () => {
  const { teo } = await makeWorkspace(house);
  await start(teo, { started_at: '2026-10-05T09:00' });
  expect(await stop(teo, { ended_at: '2026-10-05T04:00', timezone: 'America/New_York' })).toMatchObject({
    timezone: 'Europe/Berlin',
    ended_at: '2026-10-05T10:00:00+02:00',
  });
});

test('a manager stops others’ timers, a member only their own', async () => {
  const { teo, noor } = await makeWorkspace(house);
  await start(teo, { started_at: '2026-10-05T11:00' });
  expect(await stop(noor, { member_id: teo.membershipId })).toMatchObject({ member_id: teo.membershipId });
  await start(noor);
  expect((await refusalOf(stop(teo, { member_id: noor.membershipId }))).message).toBe('Access denied');
});

test('says that there is none', async () => {
  const { teo } = await makeWorkspace(house);
  expect((await refusalOf(stop(teo))).code).toBe('no_running_timer');
});

test('many at the same moment stop it once', async () => {
  const { teo } = await makeWorkspace(house);
  await start(teo);
  const outcomes = await Promise.allSettled([1, 2, 3].map(() => stop(teo)));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});
