import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { creditOf, creditWhole, makeIssued, record, reverse, sumsOf } from '#testing/payments.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';

const house = await openTestHouse();
house.setNow('2026-10-05T12:00:00Z');
const keep = { overpayment: 'client_credit' };

test('a payment that was recorded wrongly counts no more, and is kept with the reason', async () => {
  const { noor, ada } = await makeWorkspace(house);
  const { id } = await makeIssued(house, noor);
  const before = await sumsOf(house, noor, id);
  const { payment } = await record(house, noor, id, '40.00');
  expect(await reverse(house, ada, payment.id)).toMatchObject({
    payment: { id: payment.id, reversed: { reason: 'Typed twice' } },
    invoice: { status: 'sent', paid: '0.00', balance: '100.00' },
  });
  expect(await sumsOf(house, noor, id)).toEqual(before);
  expect(await refusalOf(reverse(house, ada, payment.id))).toMatchObject({ code: 'invalid_state' });
  const listed = await call(house, noor, 'invoice_payments.list', { invoice_id: id });
  expect(listed).toMatchObject({ data: [], meta: { totals: [] } });
  const reversed = await call(house, noor, 'invoice_payments.list', { invoice_id: id, reversed: true });
  expect(reversed).toMatchObject({ data: [{ id: payment.id }] });
});

test('only an admin reverses, and a rehearsal reverses nothing', async () => {
  const { noor, ada } = await makeWorkspace(house);
  const { id } = await makeIssued(house, noor);
  const { payment } = await record(house, noor, id, '40.00');
  expect(await refusalOf(reverse(house, noor, payment.id))).toMatchObject({ code: 'role_too_low' });
  const rehearsed = call(house, ada, 'invoice_payments.delete', {
    id: payment.id,
    reason: 'x',
    dry_run: true,
  });
  expect(await rehearsed).toMatchObject({ invoice: { balance: '100.00' } });
  expect(await sumsOf(house, noor, id)).toMatchObject({ balance: '60.00' });
});

test('with an overpayment its credit goes, unless it was used', async () => {
  const { noor, ada } = await makeWorkspace(house);
  const { id, client } = await makeIssued(house, noor);
  const { payment } = await record(house, noor, id, '130.00', keep);
  const other = await makeIssued(house, noor, { client });
  const used = await record(house, noor, other.id, '10.00', { kind: 'credit_applied' });
  expect(await refusalOf(reverse(house, ada, payment.id))).toMatchObject({ code: 'credit_spent' });
  expect(await reverse(house, ada, used.payment.id)).toMatchObject({
    client_credit: '30.00',
    invoice: { balance: '100.00' },
  });
  expect(await reverse(house, ada, payment.id)).toMatchObject({
    client_credit: '0.00',
    invoice: { balance: '100.00' },
  });
  expect((await creditOf(house, noor, client)).data).toHaveLength(4);
});

test('a payment stays while a refund or credit note stands on it', async () => {
  const { noor, ada } = await makeWorkspace(house);
  const { id } = await makeIssued(house, noor);
  const { payment } = await record(house, noor, id, '100.00');
  const refund = await record(house, noor, id, '30.00', { kind: 'refund' });
  expect((await refusalOf(reverse(house, ada, payment.id))).message).toContain('refunded since');
  await reverse(house, ada, refund.payment.id);
  const note = await creditWhole(house, noor, id);
  expect((await refusalOf(reverse(house, ada, payment.id))).message).toContain('credit note');
  await call(house, ada, 'invoices.void', { id: note, reason: 'Wrong' });
  expect(await reverse(house, ada, payment.id)).toMatchObject({
    invoice: { status: 'sent', balance: '100.00' },
  });
});

test('a refund stays once its amount was paid again', async () => {
  const { noor, ada } = await makeWorkspace(house);
  const { id } = await makeIssued(house, noor);
  await record(house, noor, id, '100.00');
  const refund = await record(house, noor, id, '30.00', { kind: 'refund' });
  await record(house, noor, id, '30.00');
  expect(await refusalOf(reverse(house, ada, refund.payment.id))).toMatchObject({ code: 'invalid_state' });
});

test('an invoice that was written off is so again when its late payment was none', async () => {
  const { noor, ada } = await makeWorkspace(house);
  const { id } = await makeIssued(house, noor);
  await call(house, ada, 'invoices.write_off', { id, reason: 'Bankrupt' });
  const before = await sumsOf(house, noor, id);
  const { payment, invoice } = await record(house, noor, id, '100.00');
  expect(invoice.status).toBe('paid');
  await reverse(house, ada, payment.id);
  expect(await sumsOf(house, noor, id)).toEqual(before);
});

test('the payments of a voided invoice stay as they are', async () => {
  const { noor, ada } = await makeWorkspace(house);
  const { id } = await makeIssued(house, noor);
  const { payment } = await record(house, noor, id, '100.00');
  await record(house, noor, id, '100.00', { kind: 'refund' });
  await call(house, ada, 'invoices.void', { id, reason: 'Wrong client' });
  expect(await refusalOf(reverse(house, ada, payment.id))).toMatchObject({
    code: 'invalid_state',
    details: { status: 'void' },
  });
});
