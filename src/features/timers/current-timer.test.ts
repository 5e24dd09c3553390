import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import type { Timer } from '#testing/time.ts';

const house = await openTestHouse();
interface Current {
  timer: Timer | null;
  paused: Timer[];
}

test('is null where nothing runs, then the running one up to the second, then the paused one', async () => {
  house.setNow('2026-10-05T10:00:00Z');
  const { teo, noor } = await makeWorkspace(house);
  const current = () => call<Current>(house, teo, 'timers.current');
  expect(await current()).toEqual({ timer: null, paused: [] });
  await call(house, teo, 'timers.start', { description: 'First' });
  house.setNow('2026-10-05T10:10:00.9Z');
  expect((await current()).timer).toMatchObject({
    state: 'running',
    elapsed_seconds: 600,
    paused_seconds: 0,
  });
  await call(house, teo, 'timers.pause');
  house.setNow('2026-10-05T10:15:00Z');
  expect((await current()).timer).toMatchObject({
    state: 'paused',
    elapsed_seconds: 600,
    paused_seconds: 300,
  });
  await call(house, teo, 'timers.start', { description: 'Second' });
  const { timer, paused } = await current();
  expect(timer?.description).toBe('Second');
  expect(paused.map(({ description }) => description)).toEqual(['First']);
  const his = { member_id: teo.membershipId };
  expect((await call<Current>(house, noor, 'timers.current', his)).timer?.description).toBe('Second');
  const hers = { member_id: noor.membershipId };
  expect((await refusalOf(call(house, teo, 'timers.current', hers))).message).toBe('Access denied');
});
