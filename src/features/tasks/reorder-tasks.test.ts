import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { makeTask } from '#testing/time.ts';

const house = await openTestHouse();

const setUp = async (text: string) => {
  const workspace = await makeWorkspace(house);
  const { project } = await call<{ project: { id: string } }>(house, workspace.noor, 'projects.create', {
    name: 'P',
  });
  const ids: Record<string, string> = {};
  // Capitals are tasks of the project.
  for (const summary of text) {
    const place = /[A-Z]/.test(summary) ? { project_id: project.id } : {};
    const task = await makeTask(house, workspace.teo, { summary, ...place });
    ids[summary] = task;
  }
  const reorder = (moved: string, more: object = {}) =>
    call(house, workspace.teo, 'tasks.reorder', { ids: [...moved].map((summary) => ids[summary]), ...more });
  const order = async () => {
    const { data } = await call<{ data: { summary: string }[] }>(house, workspace.teo, 'tasks.list');
    return data.map(({ summary }) => summary).join('');
  };
  return { ...workspace, ids, project: project.id, reorder, order };
};

test.each([
  ['abcde', 'd', undefined, 'dabce'],
  ['abcde', 'ec', undefined, 'ecabd'],
  ['abcde', 'a', 'c', 'bcade'],
  ['abcde', 'ba', 'e', 'cdeba'],
  ['abcde', 'edcba', undefined, 'edcba'],
  ['abc', 'b', 'a', 'abc'],
])('in %s, %s put after %s gives %s', async (text, moved, after, result) => {
  const { ids, reorder, order } = await setUp(text);
  await reorder(moved, after === undefined ? {} : { after_id: ids[after] });
  expect(await order()).toBe(result);
});

test('the top of a project is before its first task, wherever that is', async () => {
  const { project, reorder, order } = await setUp('aBcDeF');
  await reorder('F', { project_id: project });
  expect(await order()).toBe('aFBcDe');
});

test('strange, doubled and misplaced tasks are refused by name', async () => {
  const { ids, project, reorder } = await setUp('aB');
  const { ids: foreign } = await setUp('z');
  expect((await refusalOf(reorder('aa'))).message).toBe('ids names a task twice.');
  expect((await refusalOf(reorder('a', { project_id: project }))).message).toBe(
    `Not tasks of that project: ${ids['a']}.`,
  );
  const refusal = await refusalOf(reorder('a', { after_id: foreign['z'] }));
  expect(refusal).toMatchObject({ code: 'validation_failed', field: 'after_id' });
});

test('many people may put tasks in order at once', async () => {
  const { reorder, order } = await setUp('abcdefgh');
  await Promise.all([...'hgfedcba'].map((summary) => reorder(summary)));
  expect([...(await order())].sort().join('')).toBe('abcdefgh');
});
