import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, type Person, refusalOf } from '#testing/people.ts';
import { approve, type Timer } from '#testing/time.ts';

const house = await openTestHouse();
house.setNow('2026-10-05T10:00:00Z');
const pause = (person: Person, input: object = {}) =>
  call<{ timer: Timer }>(house, person, 'timers.pause', input);

test('pauses now or since a while, and the pause does not count', async () => {
  const { teo } = await makeWorkspace(house);
  await call(house, teo, 'timers.start', { started_at: '2026-10-05T11:00' });
  const { timer } = await pause(teo, { at: '2026-10-05T11:45' });
  expect(timer).toMatchObject({ state: 'paused', elapsed_seconds: 2700, paused_seconds: 900 });
});

test('not before it was started, not in the future, and not what is locked', async () => {
  const { teo } = await makeWorkspace(house);
  const { timer } = await call<{ timer: Timer }>(house, teo, 'timers.start', {
    started_at: '2026-10-05T11:00',
  });
  expect((await refusalOf(pause(teo, { at: '2026-10-05T10:59' }))).field).toBe('at');
  expect((await refusalOf(pause(teo, { at: '2026-10-05T12:01' }))).field).toBe('at');
  await approve(house, timer.entry_id);
  expect((await refusalOf(pause(teo))).code).toBe('entry_locked');
});

test('says that nothing runs, and what is paused', async () => {
  const { teo } = await makeWorkspace(house);
  expect(await refusalOf(pause(teo))).toMatchObject({ code: 'no_running_timer', fixTool: 'timers.current' });
  const { timer } = await call<{ timer: Timer }>(house, teo, 'timers.start');
  await pause(teo);
  expect((await refusalOf(pause(teo))).message).toContain(`${timer.entry_id} is paused`);
});
