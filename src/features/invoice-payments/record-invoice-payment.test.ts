import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { finalize, makeClient, makeInvoice, newKey } from '#testing/invoices.ts';
import { adjust, creditOf, creditWhole, makeIssued, record, sumsOf } from '#testing/payments.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';

const house = await openTestHouse();
house.setNow('2026-10-05T12:00:00Z');
const keep = { overpayment: 'client_credit' };

test('an invoice is paid in parts, and is paid when nothing is owed', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await makeIssued(house, noor);
  const first = await record(house, noor, id, '40.00', { method: 'bank transfer', reference: 'Thanks' });
  expect(first).toMatchObject({
    payment: {
      kind: 'payment',
      amount: '40.00',
      credit: '0.00',
      method: 'bank transfer',
      reference: 'Thanks',
      reversed: null,
    },
    invoice: { status: 'partially_paid', paid: '40.00', balance: '60.00' },
    client_credit: '0.00',
  });
  expect((await record(house, noor, id, '60')).invoice).toMatchObject({
    status: 'paid',
    paid: '100.00',
    balance: '0.00',
  });
});

test('the same key pays once', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await makeIssued(house, noor);
  const once = { idempotency_key: newKey() };
  const [one, other] = await Promise.all([
    record(house, noor, id, '40.00', once),
    record(house, noor, id, '40.00', once),
  ]);
  expect(one.payment.id).toBe(other.payment.id);
  expect(await sumsOf(house, noor, id)).toMatchObject({ paid: '40.00', balance: '60.00' });
});

test('a key is demanded', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await makeIssued(house, noor);
  expect(await refusalOf(record(house, noor, id, '40.00', { idempotency_key: undefined }))).toMatchObject({
    code: 'validation_failed',
    field: 'idempotency_key',
  });
});

test('what is more than the balance is refused, naming the balance, and nothing is saved', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await makeIssued(house, noor);
  await record(house, noor, id, '60.00');
  const refused = await refusalOf(record(house, noor, id, '50.00'));
  expect(refused).toMatchObject({ code: 'overpayment', field: 'amount', details: { balance: '40.00' } });
  expect(refused.message).toContain('client_credit');
  expect(await sumsOf(house, noor, id)).toMatchObject({ paid: '60.00', balance: '40.00' });
});

test('what is more than the balance becomes credit of the client where that is wanted', async () => {
  const { noor } = await makeWorkspace(house);
  const { id, client } = await makeIssued(house, noor);
  expect(await record(house, noor, id, '130.00', keep)).toMatchObject({
    payment: { amount: '130.00', credit: '30.00' },
    invoice: { status: 'paid', paid: '100.00', balance: '0.00' },
    client_credit: '30.00',
  });
  expect(await creditOf(house, noor, client)).toMatchObject({
    balances: [{ currency: 'EUR', balance: '30.00' }],
    data: [{ amount: '30.00', source: 'overpayment', invoice: { id } }],
  });
});

test('credit pays another invoice of the same client', async () => {
  const { noor } = await makeWorkspace(house);
  const { id, client } = await makeIssued(house, noor);
  await record(house, noor, id, '130.00', keep);
  house.setNow('2026-10-05T12:01:00Z');
  const other = await makeIssued(house, noor, { client });
  expect(await record(house, noor, other.id, '30.00', { kind: 'credit_applied' })).toMatchObject({
    invoice: { status: 'partially_paid', paid: '30.00', balance: '70.00' },
    client_credit: '0.00',
  });
  expect((await creditOf(house, noor, client)).data).toMatchObject([
    { amount: '-30.00', source: 'applied', invoice: { id: other.id } },
    { amount: '30.00', source: 'overpayment' },
  ]);
});

test('credit is not overspent, nor is more of it used than is owed', async () => {
  const { noor } = await makeWorkspace(house);
  const { id, client } = await makeIssued(house, noor);
  await record(house, noor, id, '130.00', keep);
  const other = await makeIssued(house, noor, { client, total: '20.00' });
  const apply = (invoice: string, amount: string) =>
    refusalOf(record(house, noor, invoice, amount, { kind: 'credit_applied', ...keep }));
  expect(await apply(other.id, '25.00')).toMatchObject({
    code: 'overpayment',
    details: { balance: '20.00' },
  });
  const large = await makeIssued(house, noor, { client, total: '500.00' });
  expect(await apply(large.id, '30.01')).toMatchObject({
    code: 'not_enough_credit',
    details: { available: '30.00' },
  });
});

test('a refund is owed again', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await makeIssued(house, noor);
  await record(house, noor, id, '100.00');
  expect(await record(house, noor, id, '25.00', { kind: 'refund' })).toMatchObject({
    payment: { amount: '25.00', credit: '0.00' },
    invoice: { status: 'partially_paid', paid: '75.00', balance: '25.00' },
  });
  expect(await refusalOf(record(house, noor, id, '75.01', { kind: 'refund' }))).toMatchObject({
    code: 'over_refund',
    details: { refundable: '75.00' },
  });
});

test('a refund first pays out what was overpaid, so that the invoice stays paid', async () => {
  const { noor } = await makeWorkspace(house);
  const { id, client } = await makeIssued(house, noor);
  await record(house, noor, id, '130.00', keep);
  house.setNow('2026-10-05T12:02:00Z');
  expect(await record(house, noor, id, '30.00', { kind: 'refund' })).toMatchObject({
    payment: { amount: '30.00', credit: '30.00' },
    invoice: { status: 'paid', paid: '100.00', balance: '0.00' },
    client_credit: '0.00',
  });
  expect((await record(house, noor, id, '10.00', { kind: 'refund' })).invoice.balance).toBe('10.00');
  expect((await creditOf(house, noor, client)).data.map(({ source }) => source)).toEqual([
    'refund',
    'overpayment',
  ]);
});

test.each(['invoice', 'credit note'])(
  'what was credited of a paid invoice is refunded on the %s, and stays credited',
  async (on) => {
    const { noor } = await makeWorkspace(house);
    const { id } = await makeIssued(house, noor);
    await record(house, noor, id, '100.00');
    const note = await creditWhole(house, noor, id);
    const where = on === 'invoice' ? id : note;
    expect(await record(house, noor, where, '100.00', { kind: 'refund' })).toMatchObject({
      payment: { credit: '100.00' },
      client_credit: '0.00',
    });
    expect(await sumsOf(house, noor, id)).toMatchObject({ status: 'paid', balance: '0.00' });
    expect(await refusalOf(record(house, noor, id, '0.01', { kind: 'refund' }))).toMatchObject({
      code: 'over_refund',
      details: { refundable: '0.00' },
    });
  },
);

test('credit that was used elsewhere is not refunded as well', async () => {
  const { noor } = await makeWorkspace(house);
  const { id, client } = await makeIssued(house, noor);
  await record(house, noor, id, '100.00');
  await creditWhole(house, noor, id);
  const other = await makeIssued(house, noor, { client });
  await record(house, noor, other.id, '60.00', { kind: 'credit_applied' });
  expect(await refusalOf(record(house, noor, id, '40.01', { kind: 'refund' }))).toMatchObject({
    code: 'over_refund',
    details: { refundable: '40.00' },
  });
});

test('what was written off can be paid after all: it is given up no longer', async () => {
  const { noor, ada } = await makeWorkspace(house);
  const { id } = await makeIssued(house, noor);
  await call(house, ada, 'invoices.write_off', { id, reason: 'Bankrupt' });
  const part = await record(house, noor, id, '30.00');
  expect(part).toMatchObject({
    invoice: { status: 'written_off', paid: '30.00', balance: '0.00' },
    meta: { warnings: ['30.00 EUR of it had been written off, and counts as paid now.'] },
  });
  expect(await sumsOf(house, noor, id)).toMatchObject({ written_off: '70.00' });
  expect((await record(house, noor, id, '70.00')).invoice).toMatchObject({ status: 'paid', paid: '100.00' });
  expect(await sumsOf(house, noor, id)).toMatchObject({ written_off: '0.00', balance: '0.00' });
  expect(await refusalOf(record(house, noor, id, '0.01'))).toMatchObject({ code: 'overpayment' });
});

test('a late fee is paid with the rest', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await makeIssued(house, noor);
  await adjust(house, noor, id, 'late_fee', { amount: '5.00' });
  expect((await record(house, noor, id, '105.00')).invoice).toMatchObject({ status: 'paid', paid: '105.00' });
});

test('drafts and voided invoices are not paid, credit notes only paid out', async () => {
  const { noor, ada } = await makeWorkspace(house);
  const draft = await makeInvoice(house, noor);
  expect(await refusalOf(record(house, noor, draft.id, '1.00'))).toMatchObject({ code: 'invalid_state' });
  const { id } = await makeIssued(house, noor);
  await call(house, ada, 'invoices.void', { id, reason: 'Wrong client' });
  expect(await refusalOf(record(house, noor, id, '1.00'))).toMatchObject({
    code: 'invalid_state',
    details: { status: 'void' },
  });
  const paid = await makeIssued(house, noor);
  await record(house, noor, paid.id, '100.00');
  const note = await creditWhole(house, noor, paid.id);
  expect(await refusalOf(record(house, noor, note, '1.00'))).toMatchObject({ code: 'invalid_state' });
});

test('an invoice is paid in its own currency, exactly', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await makeIssued(house, noor, { currency: 'KWD', total: '1.234' });
  expect(await refusalOf(record(house, noor, id, '1.00'))).toMatchObject({
    code: 'currency_mismatch',
    details: { wanted: 'KWD', given: 'EUR' },
  });
  expect(await refusalOf(record(house, noor, id, '1.2341', { currency: 'KWD' }))).toMatchObject({
    code: 'validation_failed',
  });
  expect((await record(house, noor, id, '1.234', { currency: 'kwd' })).invoice).toMatchObject({
    status: 'paid',
    paid: '1.234',
  });
});

test('nothing is not a payment, and a slip in the year is noticed', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await makeIssued(house, noor);
  expect(await refusalOf(record(house, noor, id, '0.00'))).toMatchObject({
    code: 'validation_failed',
    field: 'amount',
  });
  expect(await refusalOf(record(house, noor, id, '1.00', { paid_on: '2027-10-04' }))).toMatchObject({
    field: 'paid_on',
  });
  expect((await record(house, noor, id, '1.00', { paid_on: '2026-10-20' })).invoice.paid).toBe('1.00');
});

test('members record nothing, and see nothing of it', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const { id } = await makeIssued(house, noor);
  expect(await refusalOf(record(house, teo, id, '1.00'))).toMatchObject({ code: 'role_too_low' });
  expect(await refusalOf(call(house, teo, 'invoice_payments.list'))).toMatchObject({ code: 'role_too_low' });
});

test('e-mails a receipt where that was asked for, by whoever may e-mail clients', async () => {
  const { noor } = await makeWorkspace(house);
  const { client } = await makeClient(house, noor, { email: 'billing@acme.example' });
  const { id } = await makeInvoice(house, noor, { client });
  await finalize(house, noor, id);
  const input = { invoice_id: id, amount: '50', currency: 'EUR', paid_on: '2026-10-05', send_receipt: true };
  const record = (acting = {}) =>
    call<{ receipt_dispatch_id: string }>(
      house,
      noor,
      'invoice_payments.record',
      { ...input, idempotency_key: newKey() },
      acting,
    );
  const refused = await refusalOf(record({ scopes: ['invoices:read', 'invoices:write'] }));
  expect(refused).toMatchObject({ code: 'insufficient_scope', field: 'send_receipt' });
  const { receipt_dispatch_id } = await record();
  expect(await call(house, noor, 'invoice_dispatches.list', { invoice_id: id })).toMatchObject({
    data: [{ id: receipt_dispatch_id, kind: 'receipt', to: ['billing@acme.example'] }],
  });
});
