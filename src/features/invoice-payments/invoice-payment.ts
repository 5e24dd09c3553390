import { type RawBuilder, type Selectable, sql } from 'kysely';
import { z } from 'zod';
import type { InvoicePaymentsRow } from '#database/rows.ts';
import { clientRef, clientRefSql } from '#features/clients/client.ts';
import { invoiceRef } from '#features/invoices/invoice.ts';
import type { Call } from '#operation/call.ts';
import { visibleWith } from '#operation/visible.ts';
import { type Id, idSchema } from '#values/id.ts';
import { momentText } from '#values/local-time.ts';
import { amountText, currencyText, formatAmount } from '#values/money.ts';
import { notFound, refusal } from '#values/refusal.ts';

export const paymentId = idSchema('pay');
/** payment: money came; refund: money went back; credit_applied: credit of the client was used. */
export const paymentKinds = ['payment', 'refund', 'credit_applied'] as const;
export type PaymentKind = (typeof paymentKinds)[number];

/** A payment as every door shows it. */
export const paymentView = z.object({
  id: paymentId,
  invoice: invoiceRef.describe('The invoice it is for.'),
  client: visibleWith('clients:read', clientRef.describe('Who paid.')),
  kind: z.enum(paymentKinds).describe('Money in, money back, or credit used.'),
  amount: amountText.describe('Above zero, whatever its kind.'),
  currency: currencyText,
  credit: amountText.describe(
    'Of it, what became credit of the client; of a refund, what was paid out of it.',
  ),
  paid_on: z.string().describe('Its day.'),
  method: z.string().nullable().describe('How it was paid.'),
  reference: z.string().nullable().describe('What it says, like a transfer’s text.'),
  created_at: z.string().describe('When it was recorded.'),
  reversed: z
    .object({ at: z.string().describe('When.'), reason: z.string().describe('Why.') })
    .nullable()
    .describe('It was recorded wrongly and counts no more.'),
});

export const overpayment = refusal<{ balance: string; amount: string; currency: string; credit: boolean }>(
  'overpayment',
  'conflict',
  'More would be paid than is owed of the invoice.',
  ({ balance, amount, currency, credit }) =>
    credit
      ? `Only ${balance} ${currency} is owed of the invoice: apply at most that, not ${amount}.`
      : `Only ${balance} ${currency} is owed of the invoice, not ${amount}. If that much was paid, record it with overpayment client_credit: the rest becomes credit of the client.`,
);
export const notEnoughCredit = refusal<{ available: string; currency: string }>(
  'not_enough_credit',
  'conflict',
  'The client has less credit than would be used.',
  ({ available, currency }) => `The client has ${available} ${currency} of credit left: apply at most that.`,
  { fixTool: 'clients.credit_balance' },
);
export const overRefund = refusal<{ refundable: string; currency: string }>(
  'over_refund',
  'conflict',
  'More would be refunded than was paid.',
  ({ refundable, currency }) =>
    `At most ${refundable} ${currency} can be refunded here: what was paid, less what was refunded, and less what became credit of the client and was used since.`,
  { fixTool: 'invoice_payments.list' },
);

/** A payment with what its view shows of other records. */
export interface PaymentRow extends Selectable<InvoicePaymentsRow> {
  client: { id: Id<'cli'>; name: string };
  invoice: { id: Id<'inv'>; number: string | null };
  sort_key: string;
}

/** The payments that `chosen` selects (invoice_payments.* and sort_key); `order` refers to them as p. */
export const paymentRows = async (
  { tx }: Call,
  chosen: RawBuilder<unknown>,
  order: RawBuilder<unknown>,
): Promise<PaymentRow[]> => {
  const { rows } = await sql<PaymentRow>`select p.*, ${clientRefSql('c')} as client,
      json_build_object('id', i.id, 'number', i.number) as invoice
    from (${chosen}) p join invoices i on i.id = p.invoice_id join clients c on c.id = i.client_id order by ${order}`.execute(
    tx,
  );
  return rows;
};

/** The payment of that id, reversed or not, or `not_found`. */
export const findPayment = async (call: Call, id: Id<'pay'>): Promise<PaymentRow> => {
  const chosen = sql`select *, '' as sort_key from invoice_payments where id = ${id}`;
  const [row] = await paymentRows(call, chosen, sql`p.id`);
  if (row === undefined) throw notFound({});
  return row;
};

/** What counts of the payments of an invoice, in the order of their days. */
export const paymentsOf = (call: Call, invoice: Id<'inv'>): Promise<PaymentRow[]> =>
  paymentRows(
    call,
    sql`select *, '' as sort_key from invoice_payments where invoice_id = ${invoice} and reversed_at is null`,
    sql`p.paid_on, p.id`,
  );

/** A row as a `paymentView`. */
export const viewPayment = (row: PaymentRow, zone: string): z.input<typeof paymentView> => ({
  id: row.id,
  invoice: row.invoice,
  client: row.client,
  kind: row.kind,
  amount: formatAmount(row.amount_minor, row.currency),
  currency: row.currency,
  credit: formatAmount(row.credited_minor, row.currency),
  paid_on: row.paid_on.toString(),
  method: row.method,
  reference: row.reference,
  created_at: momentText(row.created_at, zone),
  reversed:
    row.reversed_at === null ? null : { at: momentText(row.reversed_at, zone), reason: row.reverse_reason! },
});
