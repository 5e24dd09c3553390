import { z } from 'zod';
import { creditSpent, heldCredit, moveCredit } from '#features/invoices/credit-note.ts';
import { invalidState } from '#features/invoices/invoice.ts';
import { settle } from '#features/invoices/invoice-settle.ts';
import { findInvoice, invoiceView, viewInvoice } from '#features/invoices/invoice-view.ts';
import { operation } from '#operation/operation.ts';
import { amountText, formatAmount } from '#values/money.ts';
import { findPayment, paymentId, paymentView, viewPayment } from './invoice-payment.ts';
import { holdInvoice, undoOf } from './payment-effect.ts';

export const deleteInvoicePayment = operation({
  name: 'invoice_payments.delete',
  title: 'Reverse a payment',
  summary: 'Take back a payment, refund or use of credit that was recorded wrongly; all sums are as before.',
  guidance: 'A deliberate act of the user. Where money really went back, record a refund instead.',
  effect: 'delete',
  needs: { scope: ['invoices:write', 'invoices:read'], role: 'admin', entitlement: 'invoicing' },
  input: z.object({
    id: paymentId,
    reason: z.string().trim().min(1).max(500).describe('What was wrong.'),
  }),
  output: z.object({
    payment: paymentView.describe('The payment, which is kept as reversed.'),
    invoice: invoiceView.describe('The invoice as it is now.'),
    client_credit: amountText.describe('Credit the client has now, in this currency.'),
  }),
  refusals: [invalidState, creditSpent],
  async handle({ id, reason }, call) {
    const { tx, now, zone, changed } = call;
    const { invoice_id: invoice } = await findPayment(call, id);
    const row = await holdInvoice(call, invoice);
    const payment = await findPayment(call, id);
    const { client_id: client, currency } = row;
    const amountMinor = await undoOf(call, row, payment);
    await tx
      .updateTable('invoice_payments')
      .set({ reversed_at: now, reverse_reason: reason })
      .where('id', '=', id)
      .execute();
    await moveCredit(call, { client, currency, amountMinor, source: 'reversal', invoice, payment: id });
    await settle(tx, invoice);
    const reversed = viewPayment(await findPayment(call, id), zone);
    const invoiceNow = viewInvoice(await findInvoice(call, invoice), zone);
    changed({
      id,
      before: { ...viewPayment(payment, zone), invoice: viewInvoice(row, zone) },
      after: { ...reversed, invoice: invoiceNow },
    });
    const credit = await heldCredit(tx, client, currency);
    return { payment: reversed, invoice: invoiceNow, client_credit: formatAmount(credit, currency) };
  },
});
