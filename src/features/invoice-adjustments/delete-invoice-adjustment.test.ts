import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { finalize, makeInvoice } from '#testing/invoices.ts';
import { adjust, makeIssued, record, sumsOf, unadjust } from '#testing/payments.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';

const house = await openTestHouse();
house.setNow('2026-10-05T12:00:00Z');

test.each(['discount', 'surcharge', 'deposit', 'rounding'])(
  'without its %s a draft is what it was',
  async (type) => {
    const { noor, ada } = await makeWorkspace(house);
    const { id } = await makeInvoice(house, noor);
    const before = await sumsOf(house, noor, id);
    const { adjustment } = await adjust(house, noor, id, type, { amount: '1.00' });
    expect(await sumsOf(house, noor, id)).not.toEqual(before);
    expect(await unadjust(house, ada, adjustment.id)).toMatchObject({
      adjustment: { reversed: { reason: 'Not so' } },
    });
    expect(await sumsOf(house, noor, id)).toEqual(before);
    const list = (input: object) =>
      call(house, noor, 'invoice_adjustments.list', { invoice_id: id, ...input });
    expect(await list({})).toMatchObject({ data: [] });
    expect(await list({ reversed: true })).toMatchObject({ data: [{ id: adjustment.id }] });
  },
);

test.each(['late_fee', 'credit', 'write_off'])('without its %s as much is owed as before', async (type) => {
  const { noor, ada } = await makeWorkspace(house);
  const { id } = await makeIssued(house, noor);
  const before = await sumsOf(house, noor, id);
  const { adjustment } = await adjust(house, ada, id, type, { percent: '100' });
  expect(await refusalOf(unadjust(house, noor, adjustment.id))).toMatchObject({ code: 'role_too_low' });
  await unadjust(house, ada, adjustment.id);
  expect(await sumsOf(house, noor, id)).toEqual(before);
  expect(await refusalOf(unadjust(house, ada, adjustment.id))).toMatchObject({ code: 'invalid_state' });
});

test('a late fee that was paid stays', async () => {
  const { noor, ada } = await makeWorkspace(house);
  const { id } = await makeIssued(house, noor);
  const { adjustment } = await adjust(house, noor, id, 'late_fee', { amount: '5.00' });
  await record(house, noor, id, '105.00');
  expect(await refusalOf(unadjust(house, ada, adjustment.id))).toMatchObject({
    code: 'would_be_negative',
    details: { balance: '0.00', total: '-5.00' },
  });
});

test('what a discount left nothing of cannot lose its surcharge', async () => {
  const { noor, ada } = await makeWorkspace(house);
  const { id } = await makeInvoice(house, noor);
  const { adjustment } = await adjust(house, noor, id, 'surcharge', { amount: '10.00' });
  await adjust(house, noor, id, 'discount', { amount: '360.00' });
  expect(await refusalOf(unadjust(house, ada, adjustment.id))).toMatchObject({ code: 'would_be_negative' });
});

test('what was issued with the invoice stays', async () => {
  const { noor, ada } = await makeWorkspace(house);
  const { id } = await makeInvoice(house, noor);
  const { adjustment } = await adjust(house, noor, id, 'discount', { amount: '10.00' });
  await finalize(house, noor, id);
  const refused = await refusalOf(unadjust(house, ada, adjustment.id));
  expect(refused).toMatchObject({ code: 'invalid_state' });
  expect(refused.message).toContain('invoices.credit');
});

test('a write-off that was paid in part is taken back: the rest is owed again', async () => {
  const { noor, ada } = await makeWorkspace(house);
  const { id } = await makeIssued(house, noor);
  const { adjustment } = await adjust(house, ada, id, 'write_off', { percent: '100' });
  await record(house, noor, id, '30.00');
  expect((await unadjust(house, ada, adjustment.id)).invoice).toMatchObject({
    status: 'partially_paid',
    paid: '30.00',
    balance: '70.00',
  });
});
