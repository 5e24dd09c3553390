import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { logTime } from '#testing/work.ts';

const house = await openTestHouse();

test('a project with time is not deleted, its time even less; an unused one goes', async () => {
  const { ada, teo } = await makeWorkspace(house);
  const { project } = await call<{ project: { id: string } }>(house, ada, 'projects.create', {
    name: 'Site',
  });
  const { id } = project;
  await logTime(house, teo, { projectId: id });
  expect(await refusalOf(call(house, ada, 'projects.delete', { id }))).toMatchObject({
    code: 'project_in_use',
    details: { tasks: 0, time_entries: 1 },
    fixTool: 'projects.update',
  });
  const unused = await call<{ project: { id: string } }>(house, ada, 'projects.create', { name: 'Unused' });
  await call(house, ada, 'projects.delete', { id: unused.project.id });
  expect((await call(house, ada, 'projects.list'))['data']).toHaveLength(1);
});
