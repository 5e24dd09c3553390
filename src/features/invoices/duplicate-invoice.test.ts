import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { makeInvoice } from '#testing/invoices.ts';
import { makeTaxCode } from '#testing/money.ts';
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

test('says which taxes of the copy are archived', async () => {
  const { noor, ada } = await makeWorkspace(house);
  const tax = await makeTaxCode(house, noor, 160_000);
  const { id } = await makeInvoice(house, noor, { tax_ids: [tax] });
  const copy = () => call<{ meta?: { warnings: string[] } }>(house, noor, 'invoices.duplicate', { id });
  expect((await copy()).meta?.warnings).toBeUndefined();
  await call(house, ada, 'tax_rates.archive', { id: tax });
  expect((await copy()).meta?.warnings).toEqual([
    'Lines of the copy have taxes that are archived: "Tax 160000". invoices.update gives them others.',
  ]);
});
