import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, type Person, refusalOf } from '#testing/people.ts';
import { closePeriod, log, makeProject, makeTask } from '#testing/time.ts';

const house = await openTestHouse();
house.setNow('2026-10-05T10:00:00Z');

const taskGoes = (person: Person, id: string) =>
  call(house, person, 'tasks.delete', { id, entries: 'delete' });
const taskReturns = (person: Person, id: string) => call(house, person, 'tasks.restore', { id });
const forbidOverlap = (id: string) =>
  house.database.identity
    .updateTable('workspaces')
    .set({ settings: JSON.stringify({ overlap_policy: 'forbid' }) })
    .where('id', '=', id as `wsp_${string}`)
    .execute();
const morning = { started_at: '2026-10-05T09:00', ended_at: '2026-10-05T10:00' };

test('a task does not bring time back into a closed period', async () => {
  const { id: workspace, teo } = await makeWorkspace(house);
  const id = await makeTask(house, teo);
  await log(house, teo, { date: '2026-10-01', duration: '1:00', task_id: id });
  await taskGoes(teo, id);
  await closePeriod(house, workspace, '2026-10-03');
  expect((await refusalOf(taskReturns(teo, id))).code).toBe('period_locked');
  await closePeriod(house, workspace, null);
  expect(await taskReturns(teo, id)).toMatchObject({ restored_entries: 1 });
});

test('a member does not bring back other people’s time with a task', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const id = await makeTask(house, teo);
  await log(house, noor, { date: '2026-10-01', duration: '1:00', task_id: id });
  await taskGoes(noor, id);
  expect((await refusalOf(taskReturns(teo, id))).code).toBe('access_denied');
  expect(await taskReturns(noor, id)).toMatchObject({ restored_entries: 1 });
});

test('a task does not bring back time where other time was put meanwhile, if overlaps are forbidden', async () => {
  const { id: workspace, teo } = await makeWorkspace(house);
  const id = await makeTask(house, teo);
  await log(house, teo, { ...morning, task_id: id });
  await taskGoes(teo, id);
  const { id: other } = await log(house, teo, morning);
  await forbidOverlap(workspace);
  expect(await refusalOf(taskReturns(teo, id))).toMatchObject({
    code: 'overlap',
    details: { conflicts: [{ entry_id: other }] },
  });
});

test('time comes back only after what it belongs to', async () => {
  const { ada, noor, teo } = await makeWorkspace(house);
  const { client } = await call<{ client: { id: string } }>(house, noor, 'clients.create', { name: 'Acme' });
  const project = await makeProject(house, noor, { client_id: client.id });
  const task = await makeTask(house, teo, { project_id: project });
  const { id } = await log(house, teo, { ...morning, task_id: task });
  await call(house, teo, 'time_entries.delete', { id });
  house.setNow('2026-10-05T10:05:00Z');
  await call(house, teo, 'tasks.delete', { id: task });
  await call(house, ada, 'projects.delete', { id: project });
  await call(house, ada, 'clients.delete', { id: client.id });
  const restore = () => call(house, teo, 'time_entries.restore', { id });
  for (const operation of ['clients.restore', 'projects.restore', 'tasks.restore']) {
    expect((await refusalOf(restore())).code).toBe('parent_deleted');
    const parent = { 'clients.restore': client.id, 'projects.restore': project }[operation] ?? task;
    await call(house, ada, operation, { id: parent });
  }
  expect(await restore()).toMatchObject({ entry: { id, task: { id: task }, client: { id: client.id } } });
});
