import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';

const house = await openTestHouse();
interface Page {
  data: { name: string }[];
  meta: { next_cursor: string | null; has_more: boolean; returned: number };
}

test('pages through every tag once, by name', async () => {
  const { teo } = await makeWorkspace(house);
  const names = ['beta', 'Alpha', 'delta', 'Epsilon', 'gamma'];
  for (const name of names) await call(house, teo, 'tags.create', { name });
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Page = await call<Page>(house, teo, 'tags.list', {
      limit: 2,
      ...(cursor === null ? {} : { cursor }),
    });
    seen.push(...page.data.map(({ name }) => name));
    cursor = page.meta.next_cursor;
  } while (cursor !== null);
  expect(seen).toEqual(['Alpha', 'beta', 'delta', 'Epsilon', 'gamma']);
});

test('shows nothing of another workspace', async () => {
  const here = await makeWorkspace(house);
  const there = await makeWorkspace(house);
  await call(house, there.teo, 'tags.create', { name: 'Secret' });
  expect((await call<Page>(house, here.teo, 'tags.list')).data).toEqual([]);
});

test('refuses a cursor that is not one of its own', async () => {
  const { teo } = await makeWorkspace(house);
  expect((await refusalOf(call(house, teo, 'tags.list', { cursor: 'nonsense' }))).field).toBe('cursor');
});
