import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { finalize, makeInvoice, type InvoiceAnswer } from '#testing/invoices.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';

const house = await openTestHouse();

test('gives up what is owed: nothing is left, and the invoice says so', async () => {
  const { noor, ada } = await makeWorkspace(house);
  const { id } = await makeInvoice(house, noor);
  expect(await refusalOf(call(house, ada, 'invoices.write_off', { id, reason: 'Bankrupt' }))).toMatchObject({
    code: 'invalid_state',
  });
  await finalize(house, noor, id);
  const { invoice } = await call<InvoiceAnswer>(house, ada, 'invoices.write_off', { id, reason: 'Bankrupt' });
  expect(invoice).toMatchObject({ status: 'written_off', balance: '0.00', written_off: '350.00' });
});
