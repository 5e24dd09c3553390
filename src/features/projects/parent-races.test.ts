import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace } from '#testing/people.ts';
import { makeProject, makeTask } from '#testing/time.ts';

const house = await openTestHouse();

/** How many live rows of a table belong to a parent that is deleted. */
const orphans = async (
  table: 'tasks' | 'time_entries',
  noun: 'project' | 'task' | 'client',
  parent: string,
) => {
  const { rows } = await sql<{ orphans: number }>`
    select count(*)::int as orphans from ${sql.table(table)} c join ${sql.table(`${noun}s`)} p on p.id = ${sql.ref(`c.${noun}_id`)}
    where p.id = ${parent} and p.deleted_at is not null and c.deleted_at is null`.execute(
    house.database.identity,
  );
  return rows[0]!.orphans;
};

test('nothing is put into what is deleted at the same moment', async () => {
  const { ada, noor, teo } = await makeWorkspace(house);
  const left: number[] = [];
  for (let round = 0; round < 8; round += 1) {
    const project = await makeProject(house, noor);
    await Promise.allSettled([
      call(house, ada, 'projects.delete', { id: project }),
      call(house, teo, 'tasks.create', { summary: 'Logo', project_id: project }),
      call(house, noor, 'time_entries.create', { project_id: project, duration: '1:00' }),
    ]);
    left.push(await orphans('tasks', 'project', project), await orphans('time_entries', 'project', project));
    const id = await makeTask(house, teo);
    await Promise.allSettled([
      call(house, noor, 'tasks.delete', { id }),
      call(house, teo, 'timers.start', { task_id: id }),
    ]);
    left.push(await orphans('time_entries', 'task', id));
    const { client } = await call<{ client: { id: string } }>(house, noor, 'clients.create', {
      name: 'Acme',
    });
    await Promise.allSettled([
      call(house, ada, 'clients.delete', { id: client.id }),
      call(house, teo, 'tasks.create', { summary: 'Logo', client_id: client.id }),
    ]);
    left.push(await orphans('tasks', 'client', client.id));
  }
  expect(left.filter((count) => count > 0)).toEqual([]);
});

test('nothing comes back into what is deleted at the same moment', async () => {
  const { ada, noor, teo } = await makeWorkspace(house);
  const left: number[] = [];
  for (let round = 0; round < 6; round += 1) {
    const id = await makeTask(house, teo);
    const { entry } = await call<{ entry: { id: string } }>(house, teo, 'time_entries.create', {
      task_id: id,
      duration: '1:00',
    });
    await call(house, teo, 'time_entries.delete', { id: entry.id });
    await Promise.allSettled([
      call(house, noor, 'tasks.delete', { id }),
      call(house, ada, 'time_entries.restore', { id: entry.id }),
    ]);
    left.push(await orphans('time_entries', 'task', id));
  }
  expect(left.filter((count) => count > 0)).toEqual([]);
});
