import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { log } from '#testing/time.ts';
import { makeRule } from '#testing/rules.ts';
import { scopeNames } from '#operation/scopes.ts';

const house = await openTestHouse();
interface One {
  firings?: { entry_id: string; changes: object }[];
  rule: { summary: string };
  meta?: { omitted?: object[] };
}

test('shows what it changed of the time one may see, the latest first', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const { rule } = await makeRule(house, noor);
  const theirs = await log(house, noor, { duration: '1:00' });
  const own = await log(house, teo, { duration: '1:00' });
  const ids = async (person: typeof noor) =>
    (await call<One>(house, person, 'rules.get', { id: rule.id })).firings?.map(({ entry_id }) => entry_id);
  expect(await ids(noor)).toEqual([own.id, theirs.id]);
  expect(await ids(teo)).toEqual([own.id]);
});

test('without time:read the rule is shown and its firings are not', async () => {
  const { noor } = await makeWorkspace(house);
  const { rule } = await makeRule(house, noor);
  const scopes = scopeNames.filter((scope) => !scope.startsWith('time:'));
  const answer = await call<One>(house, noor, 'rules.get', { id: rule.id }, { scopes });
  expect(answer.firings).toBeUndefined();
  expect(answer.meta?.omitted).toEqual([{ path: 'firings', requires: 'time:read' }]);
});

test('names records only to those who may read them', async () => {
  const { noor } = await makeWorkspace(house);
  const { rule } = await makeRule(house, noor, { then: [{ add_tag: 'private matter' }] });
  const scopes = scopeNames.filter((scope) => !scope.startsWith('tags:'));
  const { rule: shown } = await call<One>(house, noor, 'rules.get', { id: rule.id }, { scopes });
  expect(shown.summary).toMatch(/^Always: add the tag tag_\w{26}\.$/);
});

test('a rule that does not look at one’s time, or is another workspace’s, is not there', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const elsewhere = await makeWorkspace(house);
  const { rule } = await makeRule(house, noor, { scope: { member_ids: [noor.membershipId] } });
  expect((await refusalOf(call(house, teo, 'rules.get', { id: rule.id }))).code).toBe('not_found');
  expect((await refusalOf(call(house, elsewhere.noor, 'rules.get', { id: rule.id }))).code).toBe('not_found');
});
