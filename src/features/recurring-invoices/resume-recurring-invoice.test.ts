import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace } from '#testing/people.ts';
import { makeSeries, showSeries } from '#testing/recurring.ts';

const house = await openTestHouse();

test('what was missed while it was paused is not made up for', async () => {
  house.setNow('2026-11-23T09:00:00Z');
  const { noor } = await makeWorkspace(house);
  const { id } = await makeSeries(house, noor);
  await call(house, noor, 'recurring_invoices.pause', { id });
  house.setNow('2027-02-15T10:00:00Z');
  await call(house, noor, 'recurring_invoices.resume', { id });
  expect(await showSeries(house, noor, id)).toMatchObject({ status: 'active', next_on: '2027-03-01' });
});
