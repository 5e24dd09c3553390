import { beforeEach, expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, type Person, refusalOf } from '#testing/people.ts';
import { type Entry, look, type Started, type Timer } from '#testing/time.ts';

// The clock of the server is set back by two hours while a timer runs: it ends where it last went on, and starts where it started.
const house = await openTestHouse();
const back = '2026-10-05T08:00:00Z';
beforeEach(() => house.setNow('2026-10-05T10:00:00Z'));

const start = async (person: Person, input: object = {}) =>
  (await call<Started>(house, person, 'timers.start', input)).timer.entry_id;
const noTime = {
  state: 'stopped',
  started_at: '2026-10-05T12:00:00+02:00',
  ended_at: '2026-10-05T12:00:00+02:00',
  duration_seconds: 0,
};

test.each([
  ['timers.stop', {}],
  ['timers.stop', { ended_at: 'now' }],
])('%s of %o: no time, and the start stays', async (operation, input) => {
  const { teo } = await makeWorkspace(house);
  await start(teo);
  house.setNow(back);
  expect((await call<{ entry: Entry }>(house, teo, operation, input)).entry).toMatchObject(noTime);
});

test('an end that somebody gives is still refused before the start', async () => {
  const { teo } = await makeWorkspace(house);
  await start(teo);
  house.setNow(back);
  const refused = await refusalOf(call(house, teo, 'timers.stop', { ended_at: '2026-10-05T09:59' }));
  expect(refused).toMatchObject({ code: 'validation_failed', field: 'ended_at' });
  expect((await refusalOf(call(house, teo, 'timers.pause', { at: '2026-10-05T09:59' }))).field).toBe('at');
});

test('another timer stops or pauses it where it is', async () => {
  const { teo } = await makeWorkspace(house);
  const one = await start(teo);
  house.setNow(back);
  const two = await start(teo);
  expect((await look(house, teo, one)).entry).toMatchObject(noTime);
  house.setNow('2026-10-05T07:00:00Z');
  await start(teo, { on_running: 'pause_current' });
  const paused = { state: 'paused', started_at: '2026-10-05T10:00:00+02:00', duration_seconds: 0 };
  expect((await look(house, teo, two)).entry).toMatchObject(paused);
});

test('a pause then is no time, and what goes on after it goes on where it was paused', async () => {
  const { teo } = await makeWorkspace(house);
  const id = await start(teo, { started_at: '2026-10-05T11:00' });
  house.setNow('2026-10-05T10:00:00Z');
  await call(house, teo, 'timers.pause');
  house.setNow(back);
  const { timer } = await call<Started>(house, teo, 'timers.resume');
  const worked = { started_at: '2026-10-05T11:00:00+02:00', elapsed_seconds: 3600 };
  expect(timer).toMatchObject({ state: 'running', ...worked });
  const again = await call<{ timer: Timer }>(house, teo, 'timers.pause');
  expect(again.timer).toMatchObject({ state: 'paused', ...worked });
  expect((await call<{ entry: Entry }>(house, teo, 'timers.stop')).entry).toMatchObject({
    id,
    started_at: worked.started_at,
    ended_at: '2026-10-05T12:00:00+02:00',
    duration_seconds: 3600,
  });
});

test('after a pause it stops where it was resumed, and another timer stops it there', async () => {
  const { teo, noor } = await makeWorkspace(house);
  for (const [person, operation] of [
    [teo, 'timers.stop'],
    [noor, 'timers.start'],
  ] as const) {
    house.setNow('2026-10-05T10:00:00Z');
    const id = await start(person, { started_at: '2026-10-05T11:00' });
    await call(house, person, 'timers.pause', { at: '2026-10-05T11:20' });
    await call(house, person, 'timers.resume', { at: '2026-10-05T11:40' });
    house.setNow(back);
    await call(house, person, operation);
    expect((await look(house, person, id)).entry).toMatchObject({
      state: 'stopped',
      started_at: '2026-10-05T11:00:00+02:00',
      ended_at: '2026-10-05T11:40:00+02:00',
      duration_seconds: 1200,
    });
  }
});
