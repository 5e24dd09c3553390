import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';

const house = await openTestHouse();

test('any connection may read the docs, by path, by address, and of a tool in either spelling', async () => {
  const { vera } = await makeWorkspace(house);
  const acting = { scopes: ['mcp'] as const };
  const tools = await call(house, vera, 'docs.read', { path: 'tools' }, acting);
  expect(tools['markdown']).toContain('`tags.create`');
  for (const path of ['tools/tags.create', 'tools/tags_create', 'stint://docs/tools/tags.create']) {
    const page = await call(house, vera, 'docs.read', { path }, acting);
    expect(page).toMatchObject({ path: 'tools/tags.create', title: 'tags.create' });
  }
});

test('a page that does not exist is not found', async () => {
  const { vera } = await makeWorkspace(house);
  expect((await refusalOf(call(house, vera, 'docs.read', { path: 'tools/none' }))).code).toBe('not_found');
});
