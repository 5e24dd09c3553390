import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, type Person, refusalOf } from '#testing/people.ts';
import type { Started } from '#testing/time.ts';

const house = await openTestHouse();
house.setNow('2026-10-05T10:00:00Z');
const resume = (person: Person, input: object = {}) => call<Started>(house, person, 'timers.resume', input);
const start = (person: Person, input: object = {}) => call<Started>(house, person, 'timers.start', input);

test('goes on with the timer paused last, or with the one named', async () => {
  const { teo } = await makeWorkspace(house);
  const first = (await start(teo, { started_at: '2026-10-05T10:00' })).timer.entry_id;
  const second = (await start(teo, { started_at: '2026-10-05T10:30', on_running: 'pause_current' })).timer
    .entry_id;
  await call(house, teo, 'timers.pause', { at: '2026-10-05T11:00' });
  const { timer } = await resume(teo, { at: '2026-10-05T11:50' });
  expect(timer).toMatchObject({
    entry_id: second,
    state: 'running',
    elapsed_seconds: 2400,
    paused_seconds: 3000,
  });
  const back = await resume(teo, { entry_id: first, on_running: 'pause_current' });
  expect(back).toMatchObject({ timer: { entry_id: first }, stopped_entry: { id: second, state: 'paused' } });
});

test('asked again while a timer runs, answers that timer as it is and never goes on with an older one', async () => {
  const { teo } = await makeWorkspace(house);
  const { entry_id: older } = (await start(teo)).timer;
  const { timer } = await start(teo, { on_running: 'pause_current' });
  for (const input of [{}, { on_running: 'stop_current' }, { entry_id: timer.entry_id }]) {
    const again = await resume(teo, input);
    expect(again).toMatchObject({ timer, stopped_entry: null, overlaps: [] });
    expect(again.meta?.warnings?.[0]).toContain('This timer is running already.');
  }
  expect(await call(house, teo, 'timers.current')).toMatchObject({ timer, paused: [{ entry_id: older }] });
});

test('says why there is nothing to resume', async () => {
  const { teo, noor } = await makeWorkspace(house);
  expect((await refusalOf(resume(teo))).message).toContain('No timer is paused');
  const { timer } = await start(teo);
  await call(house, teo, 'timers.stop');
  expect((await refusalOf(resume(teo, { entry_id: timer.entry_id }))).message).toContain('timers.start');
  const hers = (await start(noor)).timer.entry_id;
  expect((await refusalOf(resume(teo, { entry_id: hers }))).message).toBe('Access denied');
});

test('not before it was paused, and not over other time where that is forbidden', async () => {
  const { teo } = await makeWorkspace(house, { settings: { overlap_policy: 'forbid' } });
  await start(teo, { started_at: '2026-10-05T10:00' });
  await call(house, teo, 'timers.pause', { at: '2026-10-05T11:00' });
  expect((await refusalOf(resume(teo, { at: '2026-10-05T10:59' }))).field).toBe('at');
  await call(house, teo, 'time_entries.create', {
    started_at: '2026-10-05T11:00',
    ended_at: '2026-10-05T11:30',
  });
  expect((await refusalOf(resume(teo, { at: '2026-10-05T11:15' }))).code).toBe('overlap');
  await resume(teo, { at: '2026-10-05T11:30' });
});

test('many at the same moment leave one running', async () => {
  const { teo } = await makeWorkspace(house);
  for (let round = 0; round < 4; round += 1) await start(teo, { on_running: 'pause_current' });
  const { paused } = await call<{ paused: { entry_id: string }[] }>(house, teo, 'timers.current');
  await Promise.all(paused.map(({ entry_id }) => resume(teo, { entry_id, on_running: 'pause_current' })));
  const after = await call<{ timer: { state: string }; paused: { state: string }[] }>(
    house,
    teo,
    'timers.current',
  );
  expect([after.timer, ...after.paused].map(({ state }) => state)).toEqual([
    'running',
    'paused',
    'paused',
    'paused',
  ]);
});
