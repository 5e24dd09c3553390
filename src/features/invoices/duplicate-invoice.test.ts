import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { finalize, makeClient, makeInvoice, showInvoice } from '#testing/invoices.ts';
import { makeTaxCode } from '#testing/money.ts';
import { call, makeWorkspace } from '#testing/people.ts';
import { parseAmount } from '#values/money.ts';

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

const hundredths = (min: number, max: number) =>
  fc.integer({ min, max }).map((value) => (value / 100).toFixed(2));
const discount = fc.option(
  fc.oneof(fc.record({ percent: hundredths(1, 9900) }), fc.record({ amount: hundredths(1, 90) })),
);
const someLine = fc.record({
  quantity: hundredths(1, 5000),
  unit_price: hundredths(100, 90_000),
  discount,
  tax: fc.constantFrom(null, 0, 1),
});

interface Sums {
  id: string;
  lines: { net: string }[];
  tax_groups: { taxable: string; tax: string }[];
  [sum: string]: unknown;
}
const sums = ['subtotal', 'discount', 'charges', 'net', 'tax', 'rounding', 'withholding', 'total'] as const;
const minor = (invoice: Sums) =>
  Object.fromEntries(sums.map((name) => [name, parseAmount(invoice[name] as string, 'EUR')])) as Record<
    (typeof sums)[number],
    bigint
  >;

test('15, 19 of any invoice: its sums follow from one another, a copy has the same, the credit note of all of it the opposite, and both come to nothing', async () => {
  const { noor } = await makeWorkspace(house);
  const { client } = await makeClient(house, noor);
  const taxes = [await makeTaxCode(house, noor, 190_000), await makeTaxCode(house, noor, 88_750)];
  await fc.assert(
    fc.asyncProperty(
      fc.array(someLine, { minLength: 1, maxLength: 5 }),
      discount,
      fc.boolean(),
      fc.option(hundredths(1, 500)),
      async (lines, off, prices_include_tax, surcharge) => {
        const act = async (name: string, input: object) =>
          (await call<{ invoice: Sums }>(house, noor, name, input)).invoice;
        const { id } = await act('invoices.create', {
          client_id: client,
          prices_include_tax,
          lines: lines.map(({ tax, discount: less, ...line }, at) => ({
            description: `Line ${at}`,
            ...line,
            ...(less === null ? {} : { discount: less }),
            tax_ids: tax === null ? [] : [taxes[tax]],
          })),
          ...(off === null ? {} : { discount: off }),
        });
        if (surcharge !== null)
          await call(house, noor, 'invoice_adjustments.create', {
            ...{ invoice_id: id, type: 'surcharge', amount: surcharge, reason: 'Agreed' },
          });
        const invoice = (await showInvoice(house, noor, id)) as unknown as Sums;
        const own = minor(invoice);
        const all = (amounts: string[]) => amounts.reduce((sum, each) => sum + parseAmount(each, 'EUR'), 0n);
        expect(own.subtotal).toBe(all(invoice.lines.map(({ net }) => net)));
        expect(own.tax).toBe(all(invoice.tax_groups.map(({ tax }) => tax)));
        expect(own.total).toBe(own.net + own.tax + own.rounding);
        expect(own.subtotal - own.discount + own.charges).toBe(
          prices_include_tax ? own.net + own.tax : own.net,
        );

        const copy = await act('invoices.duplicate', { id });
        expect([minor(copy), copy.tax_groups]).toEqual([own, invoice.tax_groups]);
        await finalize(house, noor, id);
        const note = await act('invoices.credit', { id, reason: 'All of it' });
        expect(minor(note)).toEqual(
          Object.fromEntries(Object.entries(own).map(([name, amount]) => [name, -amount])),
        );
        expect((await finalize(house, noor, note.id)).balance).toBe('0.00');
        expect(await showInvoice(house, noor, id)).toMatchObject({ balance: '0.00', status: 'paid' });
      },
    ),
    { numRuns: 12 },
  );
});
