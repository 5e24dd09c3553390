import { expect, test } from 'vitest';
import type { Scope } from '#operation/scopes.ts';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { makeTask } from '#testing/time.ts';
import { logTime } from '#testing/work.ts';

const house = await openTestHouse();

const setUp = async (more: object = {}) => {
  const workspace = await makeWorkspace(house);
  const task = await makeTask(house, workspace.teo, more);
  const project = async () =>
    (await call<{ project: { id: string } }>(house, workspace.noor, 'projects.create', { name: 'Site' }))
      .project.id;
  const places = () =>
    house.database.inWorkspace(workspace.id, house.clock(), async (tx) => {
      const rows = await tx.selectFrom('time_entries').select(['id', 'project_id']).execute();
      return new Map(rows.map((row) => [row.id, row.project_id]));
    });
  return { ...workspace, id: task, project, places };
};

test('finishes, notes, tags and estimates; null clears, what is left out stays', async () => {
  const { teo, id } = await setUp({ tags: ['a'], estimate_seconds: 60 });
  expect(
    await call(house, teo, 'tasks.update', {
      id,
      status: 'done',
      note_append: 'sent',
      tags: ['b'],
      estimate_seconds: null,
    }),
  ).toMatchObject({
    task: { summary: 'Logo', status: 'done', notes_count: 1, tags: [{ name: 'b' }], estimate_seconds: null },
    moved_entries: 0,
  });
});

test('warns when a finished task still has a timer running', async () => {
  const { teo, id } = await setUp({ start_timer: true });
  const answer = await call(house, teo, 'tasks.update', { id, status: 'done' });
  expect(answer.meta?.warnings?.[0]).toMatch(/^The timer ten_\w+ still runs on this task/);
});

test('members change only what they made or are to do; managers and project managers everything', async () => {
  const { ada, noor, teo, project } = await setUp();
  const task = await makeTask(house, ada, { summary: 'Theirs', project_id: await project() });
  const change = { id: task, summary: 'Changed' };
  expect((await refusalOf(call(house, teo, 'tasks.update', change))).message).toBe('Access denied');
  await call(house, noor, 'tasks.update', { id: task, assignee_id: teo.membershipId });
  expect(await call(house, teo, 'tasks.update', change)).toMatchObject({ task: { summary: 'Changed' } });
});

test('moving takes unlocked time along and leaves locked time, with a warning', async () => {
  const { noor, teo, id, project, places } = await setUp();
  const free = await logTime(house, teo, { taskId: id });
  const locked = await logTime(house, teo, { taskId: id, approvedAt: '2026-10-06T00:00:00Z' });
  const target = await project();
  const answer = await call(house, noor, 'tasks.update', { id, project_id: target });
  expect(answer).toMatchObject({ task: { project: { id: target } }, moved_entries: 1 });
  expect(answer.meta?.warnings?.[0]).toContain('1 of its time entries stay where they were');
  const after = await places();
  expect([after.get(free), after.get(locked)]).toEqual([target, null]);
});

test('moving all of the time is refused while some is locked', async () => {
  const { noor, teo, id, project } = await setUp();
  await logTime(house, teo, { taskId: id, approvedAt: '2026-10-06T00:00:00Z' });
  const input = { id, project_id: await project(), move_entries: true };
  expect((await refusalOf(call(house, noor, 'tasks.update', input))).code).toBe('entry_locked');
});

test('without time:write the time stays where it is', async () => {
  const { noor, teo, id, project, places } = await setUp();
  const entry = await logTime(house, teo, { taskId: id });
  const acting = { scopes: ['mcp', 'tasks:read', 'tasks:write'] as Scope[] };
  const answer = await call(house, noor, 'tasks.update', { id, project_id: await project() }, acting);
  expect(answer).toMatchObject({ moved_entries: 0 });
  expect((await places()).get(entry)).toBeNull();
});

test('two changes at the same version: the second is refused', async () => {
  const { teo, id } = await setUp();
  const change = (summary: string) => call(house, teo, 'tasks.update', { id, summary, expected_version: 1 });
  const outcomes = await Promise.allSettled([change('one'), change('two'), change('three')]);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('one audit entry says how the task was and is', async () => {
  const { id: workspace, teo } = await makeWorkspace(house);
  const task = await makeTask(house, teo);
  await call(house, teo, 'tasks.update', { id: task, summary: 'New logo' });
  const entries = await house.database.inWorkspace(workspace, house.clock(), (tx) =>
    tx.selectFrom('audit_logs').selectAll().orderBy('seq').execute(),
  );
  expect(entries).toHaveLength(2);
  expect(entries[1]).toMatchObject({
    action: 'tasks.update',
    entity_id: task,
    before: { summary: 'Logo' },
    after: { summary: 'New logo' },
  });
});
