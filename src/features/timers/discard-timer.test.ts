import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { approve, type Timer } from '#testing/time.ts';

const house = await openTestHouse();
house.setNow('2026-10-05T10:00:00Z');
const discard = 'timers.discard';

test('throws the time away, says how much, and until when it can be restored', async () => {
  const { teo } = await makeWorkspace(house);
  const { timer } = await call<{ timer: Timer }>(house, teo, 'timers.start', {
    started_at: '2026-10-05T11:00',
  });
  expect(await call(house, teo, discard, { confirm: true })).toEqual({
    discarded: timer.entry_id,
    discarded_seconds: 3600,
    restorable_until: '2026-11-04T11:00:00+01:00',
  });
  expect((await call<{ timer: null }>(house, teo, 'timers.current')).timer).toBeNull();
  expect((await refusalOf(call(house, teo, discard, { confirm: true }))).code).toBe('no_running_timer');
});

test('only when confirmed, and not what is locked', async () => {
  const { teo } = await makeWorkspace(house);
  const { timer } = await call<{ timer: Timer }>(house, teo, 'timers.start');
  expect((await refusalOf(call(house, teo, discard, {}))).field).toBe('confirm');
  await approve(house, timer.entry_id);
  expect((await refusalOf(call(house, teo, discard, { confirm: true }))).code).toBe('entry_locked');
});
