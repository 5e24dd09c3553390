import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace } from '#testing/people.ts';
import { log } from '#testing/time.ts';
import { makeRule, type RuleShown } from '#testing/rules.ts';

const house = await openTestHouse();
interface Page {
  data: RuleShown[];
  meta: { next_cursor: string | null };
}

test('lists rules in the order they run, page by page, with how often they fired', async () => {
  house.setNow('2026-10-05T12:00:00Z');
  const { noor } = await makeWorkspace(house);
  for (const name of ['one', 'two', 'three']) await makeRule(house, noor, { name, enabled: name !== 'two' });
  await log(house, noor, { duration: '1:00' });
  const first = await call<Page>(house, noor, 'rules.list', { limit: 2 });
  expect(first.data.map(({ name, position, stats }) => [name, position, stats.fired])).toEqual([
    ['one', 1, 1],
    ['two', 2, 0],
  ]);
  expect(first.data[0]?.stats.last_at).toBe('2026-10-05T14:00:00+02:00');
  const rest = await call<Page>(house, noor, 'rules.list', { limit: 2, cursor: first.meta.next_cursor });
  expect(rest.data.map(({ name }) => name)).toEqual(['three']);
  const off = await call<Page>(house, noor, 'rules.list', { enabled: false });
  expect(off.data.map(({ name }) => name)).toEqual(['two']);
});

test('members see the rules that look at their time, and count only that', async () => {
  const { ada, noor, teo } = await makeWorkspace(house);
  await makeRule(house, noor, { name: 'all' });
  await makeRule(house, noor, { name: 'noor', scope: { member_ids: [noor.membershipId] } });
  await makeRule(house, noor, { name: 'teo', scope: { member_ids: [ada.membershipId, teo.membershipId] } });
  await log(house, noor, { duration: '1:00' });
  await log(house, teo, { duration: '1:00' });
  const { data } = await call<Page>(house, teo, 'rules.list');
  expect(data.map(({ name }) => name)).toEqual(['all', 'teo']);
  expect(data[0]?.stats.fired).toBe(1);
});
