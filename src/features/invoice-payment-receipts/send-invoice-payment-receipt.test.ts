import { expect, test } from 'vitest';
import { act, onFifth, sendNew } from '#testing/dispatches.ts';
import { newKey, type TestInvoice } from '#testing/invoices.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';

test('sends the receipt of a payment, once a minute, and none of what was reversed or went back', async () => {
  const stopped = await onFifth();
  const { noor, ada } = await makeWorkspace(stopped);
  const { id } = await sendNew(stopped, noor);
  const pay = async (more: object = {}) => {
    const { payment } = await call<{ payment: { id: string }; invoice: TestInvoice }>(
      stopped,
      noor,
      'invoice_payments.record',
      {
        invoice_id: id,
        amount: '100.00',
        currency: 'EUR',
        paid_on: '2026-10-05',
        method: 'bank transfer',
        idempotency_key: newKey(),
        ...more,
      },
    );
    return payment.id;
  };
  const receipt = (payment_id: string) => act(stopped, noor, 'invoice_payment_receipts.send', { payment_id });
  const payment = await pay();
  const sent = await receipt(payment);
  expect(sent).toMatchObject({ kind: 'receipt', to: ['billing@acme.example'], status: 'queued' });
  expect(sent.subject).toMatch(/^Receipt for invoice INV-/);
  const { data } = await call<{ data: { kind: string; file_name: string; payment_id: string }[] }>(
    stopped,
    noor,
    'invoice_artifacts.list',
    { invoice_id: id },
  );
  expect(data.find(({ kind }) => kind === 'receipt')).toMatchObject({
    payment_id: payment,
    file_name: expect.stringMatching(/^INV-.+-receipt\.pdf$/),
  });
  expect(await refusalOf(receipt(payment))).toMatchObject({ code: 'too_soon' });
  expect(await receipt(await pay())).toMatchObject({ kind: 'receipt' });
  const refund = await pay({ kind: 'refund', amount: '10.00' });
  expect(await refusalOf(receipt(refund))).toMatchObject({ code: 'invalid_state' });
  const wrong = await pay();
  await call(stopped, ada, 'invoice_payments.delete', { id: wrong, reason: 'Typo' });
  expect(await refusalOf(receipt(wrong))).toMatchObject({ code: 'invalid_state' });
});
