import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, type Person, refusalOf } from '#testing/people.ts';
import {
  closePeriod,
  type EntryPage,
  log,
  look,
  makeProject,
  makeTask,
  type Started,
} from '#testing/time.ts';

const house = await openTestHouse();
house.setNow('2026-10-05T10:00:00.5Z');
const start = (person: Person, input: object = {}) => call<Started>(house, person, 'timers.start', input);

test('runs from now, or from up to 24 hours back', async () => {
  const { teo, noor } = await makeWorkspace(house);
  expect((await start(teo, { description: 'Now' })).timer).toMatchObject({
    state: 'running',
    started_at: '2026-10-05T12:00:00+02:00',
    elapsed_seconds: 0,
    description: 'Now',
  });
  expect((await start(noor, { started_at: '2026-10-04T12:00' })).timer.elapsed_seconds).toBe(86_400);
});

test.each([
  ['2026-10-04T11:59:59', 'at most 24 hours back'],
  ['2026-10-05T12:00:01', 'in the future'],
])('does not start at %s', async (started_at, words) => {
  const { teo } = await makeWorkspace(house);
  const refusal = await refusalOf(start(teo, { started_at }));
  expect(refusal).toMatchObject({ code: 'validation_failed', field: 'started_at' });
  expect(refusal.message).toContain(words);
});

test('stops the running timer first, where the new one starts, and names it', async () => {
  const { teo } = await makeWorkspace(house);
  const { timer } = await start(teo, { started_at: '2026-10-05T11:00', description: 'Mail' });
  const { stopped_entry, overlaps } = await start(teo, { started_at: '2026-10-05T11:40' });
  expect(stopped_entry).toEqual({
    id: timer.entry_id,
    state: 'stopped',
    ended_at: '2026-10-05T11:40:00+02:00',
    duration_seconds: 2400,
    description: 'Mail',
  });
  expect(overlaps).toEqual([]);
});

test('pauses it instead where the call or the workspace wants that', async () => {
  const { teo } = await makeWorkspace(house, { settings: { running_policy: 'pause_current' } });
  const { timer } = await start(teo, { started_at: '2026-10-05T11:00' });
  expect((await start(teo)).stopped_entry).toMatchObject({
    id: timer.entry_id,
    state: 'paused',
    duration_seconds: 3600,
  });
});

test('will not start a second timer where that is an error, and names the first and the way out', async () => {
  const { teo } = await makeWorkspace(house);
  const { timer } = await start(teo, { started_at: '2026-10-05T11:00', description: 'Mail' });
  const refusal = await refusalOf(start(teo, { on_running: 'error' }));
  expect(refusal).toMatchObject({
    code: 'timer_already_running',
    fixTool: 'timers.stop',
    details: {
      running: { entry_id: timer.entry_id, started_at: '2026-10-05T11:00:00+02:00', elapsed_seconds: 3600 },
    },
  });
  expect(refusal.message).toContain(`${timer.entry_id} ("Mail")`);
});

test('each person and each workspace has its own', async () => {
  const [here, there] = [await makeWorkspace(house), await makeWorkspace(house)];
  for (const person of [here.teo, here.noor, there.teo])
    expect((await start(person)).stopped_entry).toBeNull();
});

test.each(['stop_current', 'pause_current', 'error'] as const)(
  'many starts at the same moment leave one running: %s',
  async (on_running) => {
    const { teo } = await makeWorkspace(house);
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => start(teo, { on_running })));
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    for (const outcome of refused)
      expect((outcome as PromiseRejectedResult).reason).toMatchObject({ code: 'timer_already_running' });
    expect(refused).toHaveLength(on_running === 'error' ? 5 : 0);
    const { data } = await call<EntryPage>(house, teo, 'time_entries.list');
    expect(data.filter(({ state }) => state === 'running')).toHaveLength(1);
    expect(data).toHaveLength(6 - refused.length);
    expect(house.logged).toEqual([]);
  },
);

test('the database itself refuses a second running timer, whatever the code does', async () => {
  const { id, teo } = await makeWorkspace(house);
  const { timer } = await start(teo);
  const copy = house.database.inWorkspace(id, house.clock(), async (tx) => {
    const row = await tx
      .selectFrom('time_entries')
      .selectAll()
      .where('id', '=', timer.entry_id as `ten_${string}`)
      .executeTakeFirstOrThrow();
    const last = row.id.endsWith('0') ? '1' : '0';
    await tx
      .insertInto('time_entries')
      .values({ ...row, id: `${row.id.slice(0, -1)}${last}` as `ten_${string}` })
      .execute();
  });
  await expect(copy).rejects.toMatchObject({ constraint: 'one_running_timer' });
});

test('starts on a task, a new task or a project, with its rate', async () => {
  const { noor } = await makeWorkspace(house);
  const project_id = await makeProject(house, noor, { rate: '90.00' });
  const { timer } = await start(noor, { summary: 'Header', project_id, tags: ['a'] });
  expect(timer.task?.summary).toBe('Header');
  expect((await look(house, noor, timer.entry_id)).entry).toMatchObject({
    rate: '90.00',
    rate_source: 'project',
    project: { id: project_id },
  });
  expect((await start(noor, { task_id: timer.task!.id })).timer.task).toEqual(timer.task);
});

test('not over other time where that is forbidden, and not in a closed period', async () => {
  const { id, teo } = await makeWorkspace(house, { settings: { overlap_policy: 'forbid' } });
  await log(house, teo, { started_at: '2026-10-05T11:00', ended_at: '2026-10-05T11:30' });
  expect((await refusalOf(start(teo, { started_at: '2026-10-05T11:29' }))).code).toBe('overlap');
  await start(teo, { started_at: '2026-10-05T11:30' });
  await closePeriod(house, id, '2026-10-05');
  expect((await refusalOf(start(teo))).code).toBe('period_locked');
});

test('a viewer starts none', async () => {
  const { vera } = await makeWorkspace(house);
  expect((await refusalOf(start(vera))).message).toBe('Access denied');
});

test('a task of a private project is refused exactly like one that is not there', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const project = await makeProject(house, noor, { private: true });
  const task = await makeTask(house, noor, { summary: 'Secret', project_id: project });
  const refused = async (id: string) =>
    JSON.stringify(await refusalOf(call(house, teo, 'timers.start', { task_id: id })));
  expect(await refused(task)).toBe(await refused('tsk_01j00000000000000000000000'));
});
