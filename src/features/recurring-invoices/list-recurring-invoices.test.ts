import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace } from '#testing/people.ts';
import { makeSeries } from '#testing/recurring.ts';

const house = await openTestHouse();
house.setNow('2026-11-23T09:00:00Z');

test('lists what comes round next first', async () => {
  const { noor } = await makeWorkspace(house);
  const late = await makeSeries(house, noor, { name: 'Late', starts_on: '2027-05-01' });
  const soon = await makeSeries(house, noor);
  const { data } = await call<{ data: { id: string }[] }>(house, noor, 'recurring_invoices.list');
  expect(data.map(({ id }) => id)).toEqual([soon.id, late.id]);
});
