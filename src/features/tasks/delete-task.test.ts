import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { makeTask } from '#testing/time.ts';
import { logTime } from '#testing/work.ts';

const house = await openTestHouse();

const setUp = async (more: object = {}) => {
  const workspace = await makeWorkspace(house);
  const task = await makeTask(house, workspace.teo, more);
  const entries = () =>
    house.database.inWorkspace(workspace.id, house.clock(), (tx) =>
      tx.selectFrom('time_entries').select(['task_id', 'description', 'deleted_at']).execute(),
    );
  return { ...workspace, id: task, entries };
};

test('refuses while there is time, and names the ways out', async () => {
  const { teo, id } = await setUp();
  await logTime(house, teo, { taskId: id });
  const refusal = await refusalOf(call(house, teo, 'tasks.delete', { id }));
  expect(refusal).toMatchObject({ code: 'task_in_use', details: { time_entries: 1 } });
  expect(refusal.message).toContain('entries detach keeps them');
});

test('detached time stays and says what it was for', async () => {
  const { teo, id, entries } = await setUp();
  await logTime(house, teo, { taskId: id });
  const input = { id, entries: 'detach' };
  expect(await call(house, teo, 'tasks.delete', { ...input, dry_run: true })).toMatchObject({
    affected_entries: 1,
  });
  expect((await entries())[0]).toMatchObject({ task_id: id });
  expect(await call(house, teo, 'tasks.delete', input)).toMatchObject({ deleted: id, affected_entries: 1 });
  expect(await entries()).toEqual([{ task_id: null, description: 'Logo', deleted_at: null }]);
});

test('deletes time with it only if asked, only one’s own, never locked time and never a timer', async () => {
  const { noor, teo, id } = await setUp();
  const input = { id, entries: 'delete' };
  await logTime(house, noor, { taskId: id });
  expect((await refusalOf(call(house, teo, 'tasks.delete', input))).message).toBe('Access denied');
  await logTime(house, noor, { taskId: id, approvedAt: '2026-10-06T00:00:00Z' });
  expect((await refusalOf(call(house, noor, 'tasks.delete', input))).code).toBe('entry_locked');
  const other = await setUp({ start_timer: true });
  const refusal = await refusalOf(
    call(house, other.teo, 'tasks.delete', { id: other.id, entries: 'delete' }),
  );
  expect(refusal).toMatchObject({ code: 'task_has_timer', fixTool: 'timers.stop' });
  // Whoever stops it may be somebody else: the way out works for a manager too.
  const { entry_id, member_id } = refusal.details as { entry_id: string; member_id: string };
  expect(refusal.message).toContain(`timers.stop with entry_id ${entry_id} and member_id ${member_id}`);
  await call(house, other.noor, 'timers.stop', { entry_id, member_id });
});
