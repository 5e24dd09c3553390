import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace } from '#testing/people.ts';
import { type Id, newId } from '#values/id.ts';

const house = await openTestHouse();
interface Notes {
  data: { body: string; author_name?: string; task_id: string }[];
  recent_texts: string[];
  meta: { next_cursor: string | null };
}

test('reads the log across tasks by day, text and task, newest first, and the texts used lately', async () => {
  const { noor, teo } = await makeWorkspace(house, { timezone: 'Europe/Berlin' });
  house.setNow('2026-10-01T21:59:00Z');
  const { task } = await call<{ task: { id: string } }>(house, noor, 'tasks.create', {
    summary: 'A',
    note: 'late on the 1st',
  });
  house.setNow('2026-10-01T22:01:00Z');
  await call(house, noor, 'tasks.update', { id: task.id, note_append: 'early on the 2nd' });
  house.setNow('2026-10-03T08:00:00Z');
  const other = await call<{ task: { id: string } }>(house, teo, 'tasks.create', {
    summary: 'B',
    note: 'early on the 2nd',
  });
  house.setNow(null);
  const bodies = async (filter: object) =>
    (await call<Notes>(house, noor, 'tasks.notes', filter)).data.map(({ body }) => body);
  expect(await bodies({ from: '2026-10-01', to: '2026-10-01' })).toEqual(['late on the 1st']);
  expect(await bodies({ from: '2026-10-02', to: '2026-10-02' })).toEqual(['early on the 2nd']);
  expect(await bodies({ q: 'LATE' })).toEqual(['late on the 1st']);
  expect(await bodies({ task_ids: [other.task.id] })).toEqual(['early on the 2nd']);
  const first = await call<Notes>(house, noor, 'tasks.notes', { limit: 2 });
  expect(first.data.map(({ author_name }) => author_name)).toEqual(['Teo', 'Noor']);
  expect(first.recent_texts).toEqual(['early on the 2nd', 'late on the 1st']);
  const rest = await call<Notes>(house, noor, 'tasks.notes', { limit: 2, cursor: first.meta.next_cursor });
  expect(rest.data.map(({ body }) => body)).toEqual(['late on the 1st']);
});

test('a text that was last used long ago is still among those used lately where there are few', async () => {
  const { id: workspace, noor } = await makeWorkspace(house);
  const { task } = await call<{ task: { id: Id<'tsk'> } }>(house, noor, 'tasks.create', { summary: 'A' });
  const at = Temporal.Instant.from('2026-10-01T08:00:00Z');
  const note = (body: string, minutes: number) => ({
    id: newId('not', at),
    task_id: task.id,
    author_id: noor.membershipId,
    body,
    at: at.add({ minutes }),
  });
  const daily = Array.from({ length: 250 }, (_, day) => note('Standup', 10 + day));
  await house.database.inWorkspace(workspace, at, (tx) =>
    tx
      .insertInto('task_notes')
      .values([note('Kick-off', 0), ...daily])
      .execute(),
  );
  const { recent_texts } = await call<Notes>(house, noor, 'tasks.notes', { limit: 1 });
  expect(recent_texts).toEqual(['Standup', 'Kick-off']);
});
