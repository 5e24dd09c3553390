import { keepDocument } from '#features/invoice-artifacts/invoice-artifact.ts';
import {
  type DispatchRow,
  postDispatch,
  recipientsFor,
  refuseTooSoon,
} from '#features/invoice-dispatches/invoice-dispatch.ts';
import { letterAbout } from '#features/invoice-dispatches/letter.ts';
import { mailText } from '#features/invoice-dispatches/mail-text.ts';
import type { PaymentRow } from '#features/invoice-payments/invoice-payment.ts';
import { invalidState } from '#features/invoices/invoice.ts';
import type { InvoiceRow } from '#features/invoices/invoice-view.ts';
import type { Call } from '#operation/call.ts';
import { formatAmount } from '#values/money.ts';

/** Refuses where there is no receipt to be had: money that went back, or was recorded wrongly, or a receipt of a moment ago. */
export const refuseReceipt = async (call: Call, payment: PaymentRow): Promise<void> => {
  const { id, invoice_id: invoice, kind } = payment;
  const refuse = (message: string) => invalidState({ id, status: kind, message });
  if (payment.reversed_at !== null) throw refuse('This payment was reversed; there is no receipt for it.');
  if (kind !== 'payment')
    throw refuse('Only money that came has a receipt; this is a refund or credit used.');
  await refuseTooSoon(call, 'receipt', { invoice, payment: id });
};

/** Draws the receipt of a payment, keeps it and puts it on its way. The caller holds the invoice, and says what changed. */
export const sendReceipt = async (
  call: Call,
  row: InvoiceRow,
  payment: PaymentRow,
  wish: { to?: readonly string[] | undefined; message?: string | undefined },
): Promise<DispatchRow> => {
  await refuseReceipt(call, payment);
  const to = await recipientsFor(call, row, wish.to);
  const document = await letterAbout(call, row, 'receipt', {
    paid_on: payment.paid_on.toString(),
    method: payment.method,
    amount: formatAmount(payment.amount_minor, payment.currency),
    reference: payment.reference,
  });
  const artifact = await keepDocument(call, row, document, 'receipt', payment.id);
  const { subject, body } = mailText(document, 'receipt', { body: wish.message });
  const posting = { kind: 'receipt', invoice: row.id, payment: payment.id } as const;
  return postDispatch(call, { ...posting, to, subject, body, artifacts: [artifact] });
};
