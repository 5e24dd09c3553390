import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { makeTask } from '#testing/time.ts';
import { logTime } from '#testing/work.ts';

const house = await openTestHouse();

test('a deleted task comes back at its place with its tags and the time deleted with it, not with what went before', async () => {
  const { teo } = await makeWorkspace(house);
  const { task } = await call<{ task: { id: string; position: string } }>(house, teo, 'tasks.create', {
    summary: 'Logo',
    tags: ['a'],
  });
  const { id, position } = task;
  const before = await logTime(house, teo, { taskId: id, seconds: 60 });
  await call(house, teo, 'time_entries.delete', { id: before });
  await logTime(house, teo, { taskId: id, seconds: 120 });
  await call(house, teo, 'tasks.delete', { id, entries: 'delete' });
  expect((await refusalOf(call(house, teo, 'tasks.get', { id }))).code).toBe('not_found');
  expect(await call(house, teo, 'tasks.restore', { id })).toMatchObject({ restored_entries: 1 });
  expect(await call(house, teo, 'tasks.get', { id })).toMatchObject({
    task: { position, tags: [{ name: 'a' }], tracked_seconds: 120 },
  });
});

test('is found among the deleted ones', async () => {
  const { teo } = await makeWorkspace(house);
  const task = await makeTask(house, teo);
  await call(house, teo, 'tasks.delete', { id: task });
  expect((await call(house, teo, 'tasks.list'))['data']).toEqual([]);
  expect((await call(house, teo, 'tasks.list', { deleted: true }))['data']).toMatchObject([{ id: task }]);
});
