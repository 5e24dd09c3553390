import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace } from '#testing/people.ts';
import { makeSeries } from '#testing/recurring.ts';

const house = await openTestHouse();

test('shows the invoice to come and keeps nothing of it', async () => {
  house.setNow('2026-11-23T09:00:00Z');
  const { noor } = await makeWorkspace(house);
  const { id } = await makeSeries(house, noor);
  const preview = await call(house, noor, 'recurring_invoices.preview', { id });
  expect(preview).toMatchObject({ invoice: { issue_date: '2026-12-01', total: '500.00', number: null } });
  expect(await call(house, noor, 'invoices.list')).toMatchObject({ data: [] });
});
