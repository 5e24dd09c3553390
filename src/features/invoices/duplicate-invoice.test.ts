import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { makeInvoice } from '#testing/invoices.ts';
import { call, makeWorkspace } from '#testing/people.ts';

const house = await openTestHouse();

test('a copy has the same totals and bills no time', async () => {
  const { noor } = await makeWorkspace(house);
  const { id, total } = await makeInvoice(house, noor);
  expect(await call(house, noor, 'invoices.duplicate', { id })).toMatchObject({
    invoice: { total, status: 'draft', number: null },
  });
});

test('a copy has its own adjustments but for the deposit, and nobody else’s', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await makeInvoice(house, noor);
  const other = await makeInvoice(house, noor);
  const adjust = (invoice_id: string, type: string, amount: string) =>
    call(house, noor, 'invoice_adjustments.create', { invoice_id, type, amount, reason: 'Agreed' });
  await adjust(id, 'surcharge', '10.00');
  await adjust(id, 'deposit', '50.00');
  await adjust(other.id, 'discount', '99.00');
  expect(await call(house, noor, 'invoices.duplicate', { id })).toMatchObject({
    invoice: { total: '360.00', charges: '10.00', deposit: '0.00' },
  });
});
