import { sql } from 'kysely';
import { z } from 'zod';
import { contentHash } from '#documents/content-hash.ts';
import {
  adjustmentsOf,
  adjustmentView,
  viewAdjustment,
} from '#features/invoice-adjustments/invoice-adjustment.ts';
import { paymentsOf, paymentView, viewPayment } from '#features/invoice-payments/invoice-payment.ts';
import { operation } from '#operation/operation.ts';
import { visibleWith } from '#operation/visible.ts';
import { amountText, formatAmount } from '#values/money.ts';
import { invoiceId } from './invoice.ts';
import { documentOf } from './invoice-document.ts';
import { findInvoice, invoiceDetail, viewInvoiceDetail } from './invoice-view.ts';

const billedEntry = z.object({
  entry_id: z.string().describe('The time entry.'),
  line_id: z.string().describe('Its line.'),
  local_date: z.string().describe('Its day.'),
  description: z.string().describe('What was done.'),
  duration_seconds: z.number().int().describe('Time worked.'),
  billed_seconds: z.number().int().describe('Time billed.'),
  amount: amountText.describe('Its share of the line.'),
});

export const getInvoice = operation({
  name: 'invoices.get',
  title: 'Show an invoice',
  summary: 'Show an invoice with its lines, taxes and sums.',
  effect: 'read',
  needs: { scope: 'invoices:read', role: 'manager', entitlement: 'invoicing' },
  input: z.object({
    id: invoiceId,
    include: z
      .array(z.enum(['entries', 'payments', 'adjustments']))
      .optional()
      .describe('More of it: the time it bills, its payments, its adjustments.'),
  }),
  output: z.object({
    invoice: invoiceDetail.describe('The invoice.'),
    content_hash: z.string().describe('Of what stands on the document; changes exactly when that does.'),
    entries: visibleWith('time:read', z.array(billedEntry).describe('The time it bills, if asked for.')),
    payments: z.array(paymentView).optional().describe('Its payments, if asked for.'),
    adjustments: z.array(adjustmentView).optional().describe('Its adjustments, if asked for.'),
  }),
  async handle({ id, include = [] }, call) {
    const { tx } = call;
    const row = await findInvoice(call, id);
    const [invoice, document, payments, adjustments] = await Promise.all([
      viewInvoiceDetail(call, row),
      documentOf(tx, row),
      include.includes('payments') ? paymentsOf(call, id) : null,
      include.includes('adjustments') ? adjustmentsOf(call, id) : null,
    ]);
    const shown = {
      invoice,
      content_hash: contentHash(document),
      ...(payments === null ? {} : { payments: payments.map((each) => viewPayment(each, call.zone)) }),
      ...(adjustments === null
        ? {}
        : { adjustments: adjustments.map((each) => viewAdjustment(each, call.zone)) }),
    };
    if (!include.includes('entries')) return shown;
    const { rows } = await sql<{
      entry_id: string;
      line_id: string;
      local_date: Temporal.PlainDate;
      description: string;
      duration_seconds: number;
      billed_seconds: number;
      amount_minor: bigint;
    }>`select x.entry_id, x.invoice_line_id as line_id, e.local_date, e.description, e.duration_seconds, x.billed_seconds, x.amount_minor
      from invoice_line_entries x join time_entries e on e.id = x.entry_id
      where x.invoice_id = ${id} order by e.local_date, e.id`.execute(tx);
    const entries = rows.map(({ amount_minor, local_date, ...entry }) => ({
      ...entry,
      local_date: local_date.toString(),
      amount: formatAmount(amount_minor, row.currency),
    }));
    return { ...shown, entries };
  },
});
