import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';

const house = await openTestHouse();
interface One {
  tag: { id: string };
}

test('a dry run answers what would happen and changes nothing', async () => {
  const { noor } = await makeWorkspace(house);
  const { tag } = await call<One>(house, noor, 'tags.create', { name: 'Keep' });
  const answer = await call(house, noor, 'tags.delete', { id: tag.id, dry_run: true });
  expect(answer).toEqual({ deleted: tag.id, unlinked: 0, meta: { dry_run: true } });
  expect((await call<{ data: object[] }>(house, noor, 'tags.list')).data).toHaveLength(1);
});

test('deletes, and the id is then not found', async () => {
  const { noor } = await makeWorkspace(house);
  const { tag } = await call<One>(house, noor, 'tags.create', { name: 'Gone' });
  await call(house, noor, 'tags.delete', { id: tag.id });
  expect((await refusalOf(call(house, noor, 'tags.delete', { id: tag.id }))).code).toBe('not_found');
});

test('a member may not', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const { tag } = await call<One>(house, noor, 'tags.create', { name: 'Mine' });
  expect((await refusalOf(call(house, teo, 'tags.delete', { id: tag.id }))).code).toBe('role_too_low');
});
