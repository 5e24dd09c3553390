import { z } from 'zod';
import { currencyMismatch } from '#features/clients/client.ts';
import {
  namedRecipients,
  noRecipient,
  recipientsFor,
} from '#features/invoice-dispatches/invoice-dispatch.ts';
import { sendReceipt } from '#features/invoice-payment-receipts/payment-receipt.ts';
import { heldCredit, moveCredit } from '#features/invoices/credit-note.ts';
import { invalidState, invoiceId, workspaceToday } from '#features/invoices/invoice.ts';
import { settle } from '#features/invoices/invoice-settle.ts';
import { findInvoice, invoiceView, viewInvoice } from '#features/invoices/invoice-view.ts';
import { insufficientScope } from '#operation/obstacle.ts';
import { operation } from '#operation/operation.ts';
import { refuseWithout } from '#operation/refuse-without.ts';
import { newId } from '#values/id.ts';
import { dateInput } from '#values/local-time.ts';
import { amountText, currencyInput, formatAmount, moneyInput, parseAmount } from '#values/money.ts';
import { validationFailed } from '#values/refusal.ts';
import {
  findPayment,
  notEnoughCredit,
  overpayment,
  overRefund,
  paymentKinds,
  paymentView,
  viewPayment,
} from './invoice-payment.ts';
import { effectOf, holdInvoice, refuseUnpayable } from './payment-effect.ts';

/** How many days after today money may be said to come: a transfer that is on its way, not a slip in the year. */
const mostDaysAhead = 31;

export const recordInvoicePayment = operation({
  name: 'invoice_payments.record',
  title: 'Record a payment',
  summary: 'Record money that came for an issued invoice, a refund, or use of the client’s credit.',
  guidance:
    'A refund first pays out credit that the invoice left the client; only beyond that it is owed again. Reverse a mistake with invoice_payments.delete.',
  effect: 'create',
  needs: { scope: ['invoices:write', 'invoices:read'], role: 'manager', entitlement: 'invoicing' },
  idempotencyKey: 'required',
  input: z.object({
    invoice_id: invoiceId.describe('The invoice; of a refund also a credit note.'),
    kind: z.enum(paymentKinds).default('payment').describe('What happened.'),
    amount: moneyInput.describe('Like "85.00".'),
    currency: currencyInput.describe('The invoice’s currency.'),
    paid_on: dateInput.describe('Day of the payment.'),
    method: z.string().trim().min(1).max(60).optional().describe('Like "bank transfer".'),
    reference: z.string().trim().min(1).max(200).optional().describe('Text of the transfer.'),
    overpayment: z
      .enum(['reject', 'client_credit'])
      .default('reject')
      .describe('What is paid beyond the balance: refused, or kept as credit.'),
    send_receipt: z
      .boolean()
      .default(false)
      .describe('true: e-mail the client a receipt too; needs invoices:send.'),
  }),
  output: z.object({
    payment: paymentView.describe('The payment.'),
    invoice: invoiceView.describe('The invoice as it is now.'),
    client_credit: amountText.describe('Credit the client has now, in this currency.'),
    receipt_dispatch_id: z.string().nullable().describe('The e-mail with the receipt, if one was asked for.'),
  }),
  refusals: [
    invalidState,
    currencyMismatch,
    overpayment,
    overRefund,
    notEnoughCredit,
    noRecipient,
    insufficientScope,
  ],
  async asks({ send_receipt, invoice_id, amount, currency }, call) {
    if (!send_receipt) return null;
    const row = await findInvoice(call, invoice_id);
    const recipients = namedRecipients(await recipientsFor(call, row, undefined));
    return `Record ${amount} ${currency} for ${row.number ?? row.id}, and e-mail a receipt to ${recipients}?`;
  },
  async handle(input, call) {
    const { tx, actor, now, zone, changed, warn } = call;
    const { invoice_id: invoice, kind, currency } = input;
    const row = await holdInvoice(call, invoice);
    refuseUnpayable(row, kind);
    if (input.send_receipt)
      refuseWithout(actor, ['invoices:send'], 'invoice_payments.record with send_receipt', 'send_receipt');
    if (currency !== row.currency) {
      const because = `${row.number!} is in ${row.currency}, so it is paid in ${row.currency}. Record what arrived in ${row.currency}.`;
      throw currencyMismatch({ wanted: row.currency, given: currency, because }, 'currency');
    }
    const amountMinor = parseAmount(input.amount, currency, 'amount');
    if (amountMinor === 0n) throw validationFailed({ message: 'amount must be above zero.' }, 'amount');
    const paidOn = Temporal.PlainDate.from(input.paid_on);
    const latest = workspaceToday(call).add({ days: mostDaysAhead });
    if (Temporal.PlainDate.compare(paidOn, latest) > 0) {
      const message = `paid_on is ${input.paid_on}, more than ${mostDaysAhead} days ahead. Record a payment when it arrives.`;
      throw validationFailed({ message }, 'paid_on');
    }
    const keepsExcess = input.overpayment === 'client_credit';
    const { creditedMinor, ledgerMinor, source } = await effectOf(call, row, {
      kind,
      amountMinor,
      keepsExcess,
    });
    const id = newId('pay', now);
    await tx
      .insertInto('invoice_payments')
      .values({
        id,
        invoice_id: invoice,
        kind,
        amount_minor: amountMinor,
        credited_minor: creditedMinor,
        currency,
        paid_on: paidOn,
        method: input.method ?? null,
        reference: input.reference ?? null,
        created_by: actor.membership.id,
      })
      .execute();
    await moveCredit(call, {
      client: row.client_id,
      currency,
      amountMinor: ledgerMinor,
      source,
      invoice,
      payment: id,
    });
    await settle(tx, invoice);
    const after = await findInvoice(call, invoice);
    const recovered = row.written_off_minor - after.written_off_minor;
    if (recovered > 0n) {
      warn(
        `${formatAmount(recovered, currency)} ${currency} of it had been written off, and counts as paid now.`,
      );
    }
    const recorded = await findPayment(call, id);
    const receipt = input.send_receipt ? await sendReceipt(call, after, recorded, {}) : null;
    const payment = viewPayment(recorded, zone);
    const invoiceNow = viewInvoice(after, zone);
    const receipt_dispatch_id = receipt?.id ?? null;
    changed({ id, after: { ...payment, invoice: invoiceNow, receipt_dispatch_id } });
    const credit = await heldCredit(tx, row.client_id, currency);
    return {
      payment,
      invoice: invoiceNow,
      client_credit: formatAmount(credit, currency),
      receipt_dispatch_id,
    };
  },
});
