import { sql } from 'kysely';
import { z } from 'zod';
import { all, sorted } from '#database/sorted.ts';
import { clientId } from '#features/clients/client.ts';
import { invoiceId } from '#features/invoices/invoice.ts';
import { operation } from '#operation/operation.ts';
import { dateInput, refuseReversed } from '#values/local-time.ts';
import { amountText, currencyText, formatAmount } from '#values/money.ts';
import { page, pageInput, pageMeta } from '#values/page.ts';
import { paymentKinds, paymentRows, paymentView, viewPayment } from './invoice-payment.ts';

const sortings = { newest: { by: sql`p.paid_on::text`, type: 'text', descending: true } } as const;

const totalsView = z.object({
  currency: currencyText,
  count: z.number().int().describe('How many.'),
  received: amountText.describe('Money that came.'),
  refunded: amountText.describe('Money that went back.'),
  credit_applied: amountText.describe('Credit that was used.'),
});

export const listInvoicePayments = operation({
  name: 'invoice_payments.list',
  title: 'List payments',
  summary: 'List payments, refunds and uses of credit, with totals per currency over the whole filter.',
  effect: 'read',
  needs: { scope: 'invoices:read', role: 'manager', entitlement: 'invoicing' },
  input: z.object({
    invoice_id: invoiceId.optional().describe('Only of this invoice.'),
    client_id: clientId.optional().describe('Only of this client.'),
    kind: z.enum(paymentKinds).optional().describe('Only of this kind.'),
    from: dateInput.optional().describe('Paid on this day or later.'),
    to: dateInput.optional().describe('Paid on this day or before.'),
    reversed: z.boolean().default(false).describe('true: reversed ones instead.'),
    ...pageInput,
  }),
  output: z.object({
    data: z.array(paymentView).describe('The payments, newest first.'),
    meta: pageMeta.extend({ totals: z.array(totalsView).describe('Over the whole filter, by currency.') }),
  }),
  async handle({ invoice_id, client_id, kind, from, to, reversed, limit, cursor }, call) {
    refuseReversed(from, to);
    const { order, after, key, cursorOf } = sorted(sortings, 'newest', cursor, sql`p.id`);
    const matching = all([
      reversed ? sql`p.reversed_at is not null` : sql`p.reversed_at is null`,
      ...(invoice_id === undefined ? [] : [sql`p.invoice_id = ${invoice_id}`]),
      ...(client_id === undefined
        ? []
        : [sql`p.invoice_id in (select i.id from invoices i where i.client_id = ${client_id})`]),
      ...(kind === undefined ? [] : [sql`p.kind = ${kind}`]),
      ...(from === undefined ? [] : [sql`p.paid_on >= ${from}::date`]),
      ...(to === undefined ? [] : [sql`p.paid_on <= ${to}::date`]),
    ]);
    const chosen = sql`select p.*, ${key} as sort_key from invoice_payments p where ${matching} and ${after} order by ${order} limit ${limit + 1}`;
    const found = page(await paymentRows(call, chosen, order), limit, cursorOf);
    const sumOf = (of: string) => sql`coalesce(sum(p.amount_minor) filter (where p.kind = ${of}), 0)::text`;
    const { rows } = await sql<{
      currency: string;
      count: number;
      received: string;
      refunded: string;
      credit_applied: string;
    }>`select p.currency, count(*)::int as count, ${sumOf('payment')} as received, ${sumOf('refund')} as refunded,
        ${sumOf('credit_applied')} as credit_applied
      from invoice_payments p where ${matching} group by p.currency order by p.currency`.execute(call.tx);
    const totals = rows.map(({ currency, count, received, refunded, credit_applied }) => {
      const amount = (minor: string) => formatAmount(BigInt(minor), currency);
      return {
        currency,
        count,
        received: amount(received),
        refunded: amount(refunded),
        credit_applied: amount(credit_applied),
      };
    });
    return { data: found.data.map((row) => viewPayment(row, call.zone)), meta: { ...found.meta, totals } };
  },
});
