import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, type Person, refusalOf } from '#testing/people.ts';
import { makeProject, type Started, type Timer } from '#testing/time.ts';

const house = await openTestHouse();
house.setNow('2026-10-05T10:00:00Z');
const update = (person: Person, input: object) =>
  call<{ timer: Timer }>(house, person, 'timers.update', input);

test('changes what the timer is for while it runs', async () => {
  const { noor } = await makeWorkspace(house);
  const project_id = await makeProject(house, noor);
  await call(house, noor, 'timers.start', { description: 'x' });
  const { timer } = await update(noor, { summary: 'Header', project_id, description: null, billable: false });
  expect(timer).toMatchObject({
    state: 'running',
    task: { summary: 'Header' },
    project: { id: project_id },
    description: '',
    billable: false,
  });
});

test('moves its start, but not into the future', async () => {
  const { teo } = await makeWorkspace(house);
  await call(house, teo, 'timers.start');
  expect((await update(teo, { started_at: '2026-10-05T11:15' })).timer.elapsed_seconds).toBe(2700);
  expect((await refusalOf(update(teo, { started_at: '2026-10-05T12:15' }))).message).toBe(
    'A timer cannot start in the future.',
  );
});

test('moves its start at most 24 hours back, or to where a forgotten one started; that can be stopped, with a warning', async () => {
  const { teo } = await makeWorkspace(house);
  house.setNow('2026-09-01T10:00:00Z');
  const { timer } = await call<{ timer: Timer }>(house, teo, 'timers.start');
  await update(teo, { started_at: '2026-08-31T10:00:00Z' });
  const early = { started_at: '2026-08-31T09:59:59Z' };
  expect(await refusalOf(update(teo, early))).toMatchObject({ field: 'started_at' });
  expect(
    (await refusalOf(call(house, teo, 'time_entries.update', { id: timer.entry_id, ...early }))).message,
  ).toContain('at most 24 hours back');
  house.setNow('2026-10-05T10:00:00Z');
  expect((await refusalOf(update(teo, early))).message).toContain('at most 24 hours back');
  await update(teo, { started_at: '2026-08-31T10:00:00Z' });
  const { stopped_entry, meta } = await call<Started>(house, teo, 'timers.start');
  expect(stopped_entry).toMatchObject({ id: timer.entry_id, duration_seconds: 35 * 86_400 });
  expect(meta?.warnings?.join(' ')).toContain('longer than 31 days');
});

test('says that there is none; a stopped entry is not one', async () => {
  const { teo } = await makeWorkspace(house);
  expect((await refusalOf(update(teo, { description: 'x' }))).code).toBe('no_running_timer');
  const { timer } = await call<{ timer: Timer }>(house, teo, 'timers.start');
  await call(house, teo, 'timers.stop');
  expect((await refusalOf(update(teo, { entry_id: timer.entry_id }))).code).toBe('not_found');
});
