import { sql } from 'kysely';
import { z } from 'zod';
import { invoiceId } from '#features/invoices/invoice.ts';
import { findInvoice } from '#features/invoices/invoice-view.ts';
import { operation } from '#operation/operation.ts';
import { page, pageInput, pageOf, readCursor } from '#values/page.ts';
import { adjustmentRows, adjustmentView, viewAdjustment } from './invoice-adjustment.ts';

export const listInvoiceAdjustments = operation({
  name: 'invoice_adjustments.list',
  title: 'List adjustments',
  summary: 'List what was added to or taken off an invoice beside its lines, oldest first.',
  effect: 'read',
  needs: { scope: 'invoices:read', role: 'manager', entitlement: 'invoicing' },
  input: z.object({
    invoice_id: invoiceId,
    reversed: z.boolean().default(false).describe('true: reversed ones instead.'),
    ...pageInput,
  }),
  output: pageOf(adjustmentView),
  async handle({ invoice_id, reversed, limit, cursor }, call) {
    const after = readCursor(cursor, ['text']);
    await findInvoice(call, invoice_id);
    const matching = sql`a.invoice_id = ${invoice_id}
      and ${reversed ? sql`a.reversed_at is not null` : sql`a.reversed_at is null`}
      and ${after === null ? sql`true` : sql`a.id > ${after[0]}`}`;
    const found = page(await adjustmentRows(call, matching, limit + 1), limit, ({ id }) => [id]);
    return { ...found, data: found.data.map((row) => viewAdjustment(row, call.zone)) };
  },
});
