import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { log, look } from '#testing/time.ts';
import { makeRule } from '#testing/rules.ts';

const house = await openTestHouse();

test('what a deleted rule did stays, with its name, and it does nothing more', async () => {
  const { noor } = await makeWorkspace(house);
  const { rule } = await makeRule(house, noor, { name: 'Gone' });
  const { id } = await log(house, noor, { duration: '1:00' });
  expect(await call(house, noor, 'rules.delete', { id: rule.id })).toMatchObject({ deleted: rule.id });
  const shown = await look(house, noor, id);
  expect(shown.entry.billable).toBe(false);
  expect(shown).toMatchObject({ rules: [{ rule_id: rule.id, name: 'Gone' }] });
  expect((await log(house, noor, { duration: '1:00' })).billable).toBe(true);
  expect((await refusalOf(call(house, noor, 'rules.get', { id: rule.id }))).code).toBe('not_found');
});
