import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { log, look } from '#testing/time.ts';

const house = await openTestHouse();
house.setNow('2026-10-05T10:00:00Z');

test('shows the stretches between pauses', async () => {
  const { teo } = await makeWorkspace(house);
  const { id } = await log(house, teo, { started_at: '2026-10-05T10:00' });
  await call(house, teo, 'timers.pause', { at: '2026-10-05T10:45' });
  await call(house, teo, 'timers.resume', { at: '2026-10-05T11:30' });
  const { entry, segments } = await look(house, teo, id);
  expect(segments).toEqual([
    { started_at: '2026-10-05T10:00:00+02:00', ended_at: '2026-10-05T10:45:00+02:00' },
    { started_at: '2026-10-05T11:30:00+02:00', ended_at: null },
  ]);
  expect(entry.duration_seconds).toBe(75 * 60);
});

test('a member sees their own only, a manager everybody’s, and nobody another workspace’s', async () => {
  const { teo, noor } = await makeWorkspace(house);
  const there = await makeWorkspace(house);
  const { id } = await log(house, noor, { duration: '1:00' });
  expect((await refusalOf(look(house, teo, id))).message).toBe('Access denied');
  const { id: own } = await log(house, teo, { duration: '1:00' });
  expect((await look(house, noor, own)).entry.id).toBe(own);
  expect((await refusalOf(look(house, there.mara, id))).message).toBe('Resource not found');
});
