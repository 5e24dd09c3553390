import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import {
  dispatchView,
  messageInput,
  namedRecipients,
  noRecipient,
  recipientsFor,
  tooSoon,
  toInput,
  viewDispatch,
} from '#features/invoice-dispatches/invoice-dispatch.ts';
import { findPayment, paymentId } from '#features/invoice-payments/invoice-payment.ts';
import { invalidState } from '#features/invoices/invoice.ts';
import { findInvoice } from '#features/invoices/invoice-view.ts';
import { operation } from '#operation/operation.ts';
import { formatAmount } from '#values/money.ts';
import { refuseReceipt, sendReceipt } from './payment-receipt.ts';

export const sendInvoicePaymentReceipt = operation({
  name: 'invoice_payment_receipts.send',
  title: 'Send a receipt',
  summary: 'E-mail the client a receipt for a payment.',
  guidance: 'Reaches the client: a deliberate act of the user, so ask them first and name the recipients.',
  effect: 'send',
  needs: { scope: ['invoices:send', 'invoices:read'], role: 'manager', entitlement: 'invoicing' },
  idempotencyKey: 'required',
  input: z.object({
    payment_id: paymentId,
    to: toInput.optional().describe('Recipients; default the client, or its billing contacts.'),
    message: messageInput.optional().describe('Text of the e-mail, in place of the usual one.'),
  }),
  output: z.object({ dispatch: dispatchView.describe('The e-mail.') }),
  refusals: [invalidState, noRecipient, tooSoon],
  async asks({ payment_id, to }, call) {
    const payment = await findPayment(call, payment_id);
    await refuseReceipt(call, payment);
    const row = await findInvoice(call, payment.invoice_id);
    const recipients = namedRecipients(await recipientsFor(call, row, to));
    const amount = `${formatAmount(payment.amount_minor, payment.currency)} ${payment.currency}`;
    return `E-mail a receipt for ${amount} on invoice ${row.number!} to ${recipients}?`;
  },
  async handle({ payment_id, to, message }, call) {
    const { invoice_id: invoice } = await findPayment(call, payment_id);
    await lockRow(call.tx, 'invoices', invoice);
    const payment = await findPayment(call, payment_id);
    const dispatch = await sendReceipt(call, await findInvoice(call, invoice), payment, { to, message });
    const view = viewDispatch(dispatch, call.zone);
    call.changed({ id: dispatch.id, after: { ...view, body: dispatch.body } });
    return { dispatch: view };
  },
});
