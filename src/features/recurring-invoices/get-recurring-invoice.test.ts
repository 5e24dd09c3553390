import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace } from '#testing/people.ts';
import { makeSeries, retainer } from '#testing/recurring.ts';

const house = await openTestHouse();

test('shows what each invoice is made from', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await makeSeries(house, noor);
  const shown = await call(house, noor, 'recurring_invoices.get', { id });
  expect(shown).toMatchObject({ recurring_invoice: { template: { lines: retainer.lines }, invoices: [] } });
});
