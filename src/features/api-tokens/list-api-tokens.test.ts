import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace } from '#testing/people.ts';

interface List {
  data: { name: string; status: string }[];
}

test('lists one’s own tokens of this workspace, newest first; ended ones only when asked', async () => {
  const house = await openTestHouse();
  house.setNow('2026-10-05T09:00:00Z');
  const { teo, mara } = await makeWorkspace(house);
  const wish = { resource: 'api', scopes: ['time:read'] };
  await call(house, mara, 'api_tokens.create', { ...wish, name: 'hers' });
  await call(house, teo, 'api_tokens.create', { ...wish, name: 'short', expires_in_days: 1 });
  house.setNow('2026-10-05T09:00:01Z');
  await call(house, teo, 'api_tokens.create', { ...wish, name: 'long' });
  const names = async (input: object) =>
    (await call<List>(house, teo, 'api_tokens.list', input)).data.map(
      ({ name, status }) => `${name} ${status}`,
    );
  expect(await names({})).toEqual(['long active', 'short active']);
  house.setNow('2026-10-07T09:00:00Z');
  expect(await names({})).toEqual(['long active']);
  expect(await names({ ended: true })).toEqual(['long active', 'short expired']);
  expect((await call<List>(house, mara, 'api_tokens.list')).data).toHaveLength(1);
});
