import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { makeSeries } from '#testing/recurring.ts';

const house = await openTestHouse();
house.setNow('2026-11-23T09:00:00Z');

test('changes when it comes round and what is on it; the rest stays', async () => {
  const { noor } = await makeWorkspace(house);
  const { id, version } = await makeSeries(house, noor);
  const changed = await call(house, noor, 'recurring_invoices.update', {
    id,
    schedule: { freq: 'monthly', interval: 3, day_of_month: 15 },
    notes: 'Thank you',
    expected_version: version,
  });
  expect(changed).toMatchObject({
    recurring_invoice: {
      next_on: '2027-02-15',
      name: 'Retainer',
      template: { notes: 'Thank you', lines: [{ unit_price: '500.00' }] },
    },
  });
  const late = call(house, noor, 'recurring_invoices.update', {
    id,
    name: 'Other',
    expected_version: version,
  });
  expect(await refusalOf(late)).toMatchObject({ code: 'conflict_version' });
});
