import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace } from '#testing/people.ts';
import { log } from '#testing/time.ts';
import { makeRule, type RuleAnswer } from '#testing/rules.ts';

const house = await openTestHouse();

test('a rule that is off does nothing until it is on again; to say it twice changes nothing', async () => {
  const { noor } = await makeWorkspace(house);
  const { rule } = await makeRule(house, noor);
  const toggle = async (enabled: boolean) =>
    (await call<RuleAnswer>(house, noor, 'rules.toggle_enabled', { id: rule.id, enabled })).rule;
  const off = await toggle(false);
  expect(off.enabled).toBe(false);
  expect((await toggle(false)).version).toBe(off.version);
  expect((await log(house, noor, { duration: '1:00' })).billable).toBe(true);
  expect((await toggle(true)).enabled).toBe(true);
  expect((await log(house, noor, { duration: '1:00' })).billable).toBe(false);
});
