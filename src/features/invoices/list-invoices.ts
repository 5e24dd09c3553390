import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { all, sorted } from '#database/sorted.ts';
import { clientId } from '#features/clients/client.ts';
import { operation } from '#operation/operation.ts';
import { dateInput, refuseReversed } from '#values/local-time.ts';
import { amountText, currencyInput, currencyText, formatAmount } from '#values/money.ts';
import { page, pageInput, pageMeta, updatedSince } from '#values/page.ts';
import { displayStatuses, invoiceKinds, workspaceToday } from './invoice.ts';
import { invoiceRows, invoiceView, viewInvoice } from './invoice-view.ts';

const sortings = {
  newest: { by: sql`i.issue_date::text`, type: 'text', descending: true },
  due: { by: sql`i.due_date::text`, type: 'text' },
  changed: { by: sql`i.updated_at`, type: 'timestamptz', descending: true },
} as const;

const totalsView = z.object({
  currency: currencyText,
  count: z.number().int().describe('How many.'),
  total: amountText.describe('Of issued ones, void ones left out.'),
  paid: amountText.describe('Paid.'),
  balance: amountText.describe('Still owed on issued ones.'),
  overdue: amountText.describe('Of that, past due.'),
});

interface Totals {
  currency: string;
  count: number;
  total: string;
  paid: string;
  balance: string;
  overdue: string;
}

export const listInvoices = operation({
  name: 'invoices.list',
  title: 'List invoices',
  summary: 'List invoices and credit notes with their state, and totals per currency over the whole filter.',
  effect: 'read',
  needs: { scope: 'invoices:read', role: 'manager', entitlement: 'invoicing' },
  input: z.object({
    status: z.enum(displayStatuses).optional().describe('Only in this state today.'),
    kind: z.enum(invoiceKinds).optional().describe('Only of this kind.'),
    client_id: clientId.optional().describe('Only of this client.'),
    number: z.string().max(60).optional().describe('Only whose number contains this.'),
    currency: currencyInput.optional().describe('Only in this currency.'),
    issued_from: dateInput.optional().describe('Issued on this day or later.'),
    issued_to: dateInput.optional().describe('Issued on this day or before.'),
    due_from: dateInput.optional().describe('Due on this day or later.'),
    due_to: dateInput.optional().describe('Due on this day or before.'),
    sort: z.enum(['newest', 'due', 'changed']).default('newest').describe('Order.'),
    updated_since: updatedSince,
    ...pageInput,
  }),
  output: z.object({
    data: z.array(invoiceView).describe('The invoices.'),
    meta: pageMeta.extend({ totals: z.array(totalsView).describe('Over the whole filter, by currency.') }),
  }),
  async handle(input, call) {
    const {
      status,
      kind,
      client_id: client,
      number,
      currency,
      sort,
      updated_since: since,
      limit,
      cursor,
    } = input;
    refuseReversed(input.issued_from, input.issued_to, ['issued_from', 'issued_to']);
    refuseReversed(input.due_from, input.due_to, ['due_from', 'due_to']);
    const { order, after, key, cursorOf } = sorted(sortings, sort, cursor, sql`i.id`);
    const today = sql`${workspaceToday(call)}::date`;
    const day = (
      column: 'issue_date' | 'due_date',
      compared: '>=' | '<=',
      given: string | undefined,
    ): RawBuilder<unknown>[] =>
      given === undefined ? [] : [sql`${sql.ref(`i.${column}`)} ${sql.raw(compared)} ${given}::date`];
    const matching = all([
      ...(status === undefined ? [] : [sql`invoice_display_status(i, ${today}) = ${status}`]),
      ...(kind === undefined ? [] : [sql`i.kind = ${kind}`]),
      ...(client === undefined ? [] : [sql`i.client_id = ${client}`]),
      ...(number === undefined ? [] : [sql`position(lower(${number}) in lower(i.number)) > 0`]),
      ...(currency === undefined ? [] : [sql`i.currency = ${currency}`]),
      ...day('issue_date', '>=', input.issued_from),
      ...day('issue_date', '<=', input.issued_to),
      ...day('due_date', '>=', input.due_from),
      ...day('due_date', '<=', input.due_to),
      ...(since === undefined ? [] : [sql`i.updated_at >= ${since}::timestamptz`]),
    ]);
    const chosen = sql`select i.*, ${key} as sort_key from invoices i where ${matching} and ${after} order by ${order} limit ${limit + 1}`;
    const found = page(await invoiceRows(call, chosen, order), limit, cursorOf);
    const issued = sql`i.status in ('sent', 'written_off')`;
    const owed = sql`i.status = 'sent' and i.balance_minor > 0`;
    const { rows } =
      await sql<Totals>`select i.currency, count(*)::int as count, coalesce(sum(i.total_minor) filter (where ${issued}), 0)::text as total,
        sum(i.paid_minor)::text as paid, coalesce(sum(i.balance_minor) filter (where ${owed}), 0)::text as balance,
        coalesce(sum(i.balance_minor) filter (where ${owed} and i.due_date < ${today}), 0)::text as overdue
      from invoices i where ${matching} group by i.currency order by i.currency`.execute(call.tx);
    const totals = rows.map((row) => {
      const amount = (minor: string) => formatAmount(BigInt(minor), row.currency);
      const { currency: code, count } = row;
      return {
        currency: code,
        count,
        total: amount(row.total),
        paid: amount(row.paid),
        balance: amount(row.balance),
        overdue: amount(row.overdue),
      };
    });
    return { data: found.data.map((row) => viewInvoice(row, call.zone)), meta: { ...found.meta, totals } };
  },
});
