import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { finalize, makeClient, makeInvoice } from '#testing/invoices.ts';
import { makeTaxCode } from '#testing/money.ts';
import { adjust, makeIssued, record, sumsOf } from '#testing/payments.ts';
import { call, makeWorkspace, refusalOf, type Person } from '#testing/people.ts';

const house = await openTestHouse();
house.setNow('2026-10-05T12:00:00Z');

const taxed = async (person: Person) => {
  const tax = await makeTaxCode(house, person, 190_000);
  const lines = [{ description: 'Work', unit_price: '100.00', tax_ids: [tax] }];
  const draft = await makeInvoice(house, person, { lines });
  return { tax, id: draft.id };
};

test('a discount on a draft lowers what its taxes fall on', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await taxed(noor);
  expect(await adjust(house, noor, id, 'discount', { percent: '10' })).toMatchObject({
    adjustment: { type: 'discount', amount: '-10.00' },
    invoice: { total: '107.10' },
  });
});

test('a surcharge has the taxes that are said, or those of the lines', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await taxed(noor);
  expect((await adjust(house, noor, id, 'surcharge', { amount: '10', tax_ids: [] })).invoice.total).toBe(
    '129.00',
  );
  expect((await adjust(house, noor, id, 'surcharge', { amount: '10' })).invoice.total).toBe('140.90');
});

test('a deposit lowers what is to be paid, not the total; a rounding changes the total by a coin', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await taxed(noor);
  expect((await adjust(house, noor, id, 'deposit', { amount: '19.00' })).invoice).toMatchObject({
    total: '119.00',
    balance: '100.00',
  });
  expect((await adjust(house, noor, id, 'rounding', { amount: '-0.03' })).invoice).toMatchObject({
    total: '118.97',
    balance: '99.97',
  });
  expect((await adjust(house, noor, id, 'rounding', { amount: '0.01' })).invoice).toMatchObject({
    total: '118.98',
  });
});

test('roundings come to one unit of the currency at most, all together', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await taxed(noor);
  const round = (amount: string) => adjust(house, noor, id, 'rounding', { amount });
  const refused = await refusalOf(round('-1.01'));
  expect(refused).toMatchObject({ code: 'validation_failed', field: 'amount' });
  expect(refused.message).toContain('at most 1.00 EUR either way');
  await round('0.60');
  expect(await refusalOf(round('0.60'))).toMatchObject({ code: 'validation_failed' });
  expect((await round('-1.60')).invoice.total).toBe('118.00');
});

test('on a credit note the same words take off the credit', async () => {
  const { noor } = await makeWorkspace(house);
  const source = await makeIssued(house, noor);
  const { invoice: note } = await call<{ invoice: { id: string } }>(house, noor, 'invoices.credit', {
    id: source.id,
    reason: 'x',
  });
  expect(await adjust(house, noor, note.id, 'discount', { percent: '10' })).toMatchObject({
    adjustment: { amount: '10.00' },
    invoice: { total: '-90.00' },
  });
});

test('an invoice never comes to less than nothing', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await taxed(noor);
  expect(await refusalOf(adjust(house, noor, id, 'discount', { amount: '100.01' }))).toMatchObject({
    code: 'would_be_negative',
  });
  expect(await refusalOf(adjust(house, noor, id, 'deposit', { amount: '119.01' }))).toMatchObject({
    code: 'would_be_negative',
  });
  expect(await sumsOf(house, noor, id)).toMatchObject({ total: '119.00', balance: '119.00' });
});

test('a late fee is owed on top, and changes no tax', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await taxed(noor);
  await finalize(house, noor, id);
  await record(house, noor, id, '19.00');
  expect(await adjust(house, noor, id, 'late_fee', { percent: '5' })).toMatchObject({
    adjustment: { amount: '5.00' },
    invoice: { total: '119.00', balance: '105.00' },
  });
  expect(await sumsOf(house, noor, id)).toMatchObject({ late_fees: '5.00' });
});

test('a goodwill credit lowers what is owed, and no further than to nothing', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await makeIssued(house, noor);
  expect(await adjust(house, noor, id, 'credit', { amount: '30.00' })).toMatchObject({
    adjustment: { amount: '-30.00' },
    invoice: { status: 'partially_paid', balance: '70.00' },
  });
  const refused = await refusalOf(adjust(house, noor, id, 'credit', { amount: '70.01' }));
  expect(refused).toMatchObject({ code: 'would_be_negative', details: { balance: '70.00', total: '-0.01' } });
  expect((await adjust(house, noor, id, 'credit', { percent: '100' })).invoice).toMatchObject({
    status: 'paid',
    balance: '0.00',
  });
});

test('an admin writes off a part, which stays owed no more, or the rest, which ends the invoice', async () => {
  const { noor, ada } = await makeWorkspace(house);
  const { id } = await makeIssued(house, noor);
  expect(await refusalOf(adjust(house, noor, id, 'write_off', { amount: '10.00' }))).toMatchObject({
    code: 'access_denied',
  });
  expect((await adjust(house, ada, id, 'write_off', { amount: '10.00' })).invoice).toMatchObject({
    status: 'sent',
    balance: '90.00',
  });
  expect(await refusalOf(adjust(house, ada, id, 'write_off', { amount: '90.01' }))).toMatchObject({
    code: 'would_be_negative',
  });
  expect((await adjust(house, ada, id, 'write_off', { amount: '90.00' })).invoice).toMatchObject({
    status: 'written_off',
    balance: '0.00',
  });
  expect(await refusalOf(adjust(house, ada, id, 'late_fee', { amount: '1.00' }))).toMatchObject({
    code: 'invalid_state',
  });
});

test('an invoice of which a part was written off is paid when the rest is', async () => {
  const { noor, ada } = await makeWorkspace(house);
  const { id } = await makeIssued(house, noor);
  await adjust(house, ada, id, 'write_off', { amount: '2.00' });
  expect((await record(house, noor, id, '98.00')).invoice).toMatchObject({ status: 'paid', balance: '0.00' });
  await record(house, noor, id, '2.00');
  expect(await sumsOf(house, noor, id)).toMatchObject({ paid: '100.00', written_off: '0.00' });
  expect(await refusalOf(adjust(house, noor, id, 'late_fee', { amount: '1.00' }))).toMatchObject({
    code: 'invalid_state',
  });
});

test.each(['discount', 'surcharge', 'deposit', 'rounding'])(
  'a %s does not change what was issued, and the way that does is named',
  async (type) => {
    const { noor } = await makeWorkspace(house);
    const { id } = await makeIssued(house, noor);
    const refused = await refusalOf(adjust(house, noor, id, type, { amount: '1.00' }));
    expect(refused.code).toBe('invalid_state');
    expect(refused.message).toContain('invoices.credit');
  },
);

test.each(['late_fee', 'credit', 'write_off'])('a %s is not for a draft', async (type) => {
  const { noor, ada } = await makeWorkspace(house);
  const { id } = await makeInvoice(house, noor);
  expect(await refusalOf(adjust(house, ada, id, type, { amount: '1.00' }))).toMatchObject({
    code: 'invalid_state',
  });
});

test.each([
  ['amount', { amount: '-1.00' }],
  ['amount', { amount: '0' }],
  ['percent', { percent: '0' }],
  ['amount', { amount: '1', percent: '1' }],
  ['amount', {}],
  ['amount', { amount: '1.001' }],
])('a wrong %s is refused: %j', async (field, given) => {
  const { noor } = await makeWorkspace(house);
  const { id } = await makeInvoice(house, noor);
  expect(await refusalOf(adjust(house, noor, id, 'discount', given))).toMatchObject({
    code: 'validation_failed',
    field,
  });
});

test('a rounding is no percentage, and a deposit has no taxes', async () => {
  const { noor } = await makeWorkspace(house);
  const { tax, id } = await taxed(noor);
  expect(await refusalOf(adjust(house, noor, id, 'rounding', { percent: '1' }))).toMatchObject({
    field: 'percent',
  });
  expect(await refusalOf(adjust(house, noor, id, 'deposit', { amount: '1', tax_ids: [tax] }))).toMatchObject({
    field: 'tax_ids',
  });
});

test('what was agreed in the draft stands on the invoice', async () => {
  const { noor } = await makeWorkspace(house);
  const { client } = await makeClient(house, noor);
  const { id } = await makeInvoice(house, noor, { client });
  const hash = async () =>
    (await call<{ content_hash: string }>(house, noor, 'invoices.get', { id })).content_hash;
  const before = await hash();
  await adjust(house, noor, id, 'discount', { amount: '10.00', reason: 'Old friends' });
  expect(await hash()).not.toBe(before);
});
