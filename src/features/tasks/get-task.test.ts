import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace } from '#testing/people.ts';
import { logTime } from '#testing/work.ts';

const house = await openTestHouse();
interface Full {
  task: { id: string };
  time_entries?: { id: string; member_id: string }[];
  notes?: { body: string }[];
  meta?: { warnings?: string[] };
}

test('adds the latest time and notes only on request; a member sees their own time, a manager everybody’s', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const { task } = await call<Full>(house, noor, 'tasks.create', { summary: 'Logo', note: 'first' });
  const { id } = task;
  await call(house, noor, 'tasks.update', { id, note_append: 'second' });
  const mine = await logTime(house, teo, { taskId: id, on: '2026-10-04' });
  const theirs = await logTime(house, noor, { taskId: id, on: '2026-10-05' });
  const bare = await call<Full>(house, noor, 'tasks.get', { id });
  expect([bare.time_entries, bare.notes]).toEqual([undefined, undefined]);
  const include = ['time_entries', 'notes'];
  const all = await call<Full>(house, noor, 'tasks.get', { id, include });
  expect(all.time_entries?.map((entry) => entry.id)).toEqual([theirs, mine]);
  expect(all.notes?.map(({ body }) => body)).toEqual(['second', 'first']);
  const own = await call<Full>(house, teo, 'tasks.get', { id, include });
  expect(own.time_entries?.map((entry) => entry.id)).toEqual([mine]);
});

test('shows the time of a day by its start, the latest first', async () => {
  house.setNow('2026-10-05T16:00:00Z');
  const { noor } = await makeWorkspace(house);
  const { task } = await call<Full>(house, noor, 'tasks.create', { summary: 'Logo' });
  const ids: string[] = [];
  for (const hour of ['12', '09', '15']) {
    const { entry } = await call<{ entry: { id: string } }>(house, noor, 'time_entries.create', {
      task_id: task.id,
      started_at: `2026-10-05T${hour}:00`,
      duration: '0:30',
    });
    ids.push(entry.id);
  }
  const answer = await call<Full>(house, noor, 'tasks.get', { id: task.id, include: ['time_entries'] });
  expect(answer.time_entries?.map(({ id }) => id)).toEqual([ids[2], ids[0], ids[1]]);
  house.setNow(null);
});

test('says when it does not show everything', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const { task } = await call<Full>(house, noor, 'tasks.create', { summary: 'Logo' });
  for (let index = 0; index < 21; index += 1) await logTime(house, teo, { taskId: task.id });
  const answer = await call<Full>(house, noor, 'tasks.get', { id: task.id, include: ['time_entries'] });
  expect(answer.time_entries).toHaveLength(20);
  expect(answer.meta?.warnings?.[0]).toContain('time_entries.list with task_id gives all');
});
