import { expect, test } from 'vitest';
import { operator } from '#identity/author.ts';
import { setBillingState } from '#identity/workspaces.ts';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace } from '#testing/people.ts';

test('a past-due workspace is told until when it can be changed, and afterwards since when it cannot', async () => {
  const house = await openTestHouse();
  house.setNow('2026-10-05T12:00:00Z');
  const { slug, teo } = await makeWorkspace(house);
  await setBillingState(house, slug, 'past_due', operator);
  const warnings = async () => (await call(house, teo, 'tags.list')).meta?.warnings;
  const because = 'The subscription of this workspace is past due; it';
  expect(await warnings()).toEqual([`${because} becomes read-only on 2026-10-19.`]);
  house.setNow('2026-10-19T12:00:00Z');
  expect(await warnings()).toEqual([`${because} is read-only since 2026-10-19.`]);
});
