import { sql } from 'kysely';
import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { invalidState } from '#features/invoices/invoice.ts';
import { findInvoice, type InvoiceRow, invoiceView, viewInvoice } from '#features/invoices/invoice-view.ts';
import { wouldBeNegative } from '#features/invoices/issue.ts';
import { operation } from '#operation/operation.ts';
import {
  type AdjustmentRow,
  adjustmentId,
  adjustmentView,
  findAdjustment,
  isDraftType,
  resum,
  viewAdjustment,
} from './invoice-adjustment.ts';

/** Why an adjustment stays, as a sentence, or null. */
const obstacleTo = (row: InvoiceRow, { type, reversed_at, reverse_reason }: AdjustmentRow): string | null => {
  const name = row.number ?? row.id;
  if (reversed_at !== null) return `This ${type} was reversed already: ${reverse_reason!}.`;
  if (row.status === 'void') return `${name} was voided and does not change any more.`;
  if (row.status === 'scheduled')
    return 'This invoice is scheduled to be sent. Take it back to a draft first: invoices.update with scheduled false.';
  if (isDraftType(type) && row.finalized_at !== null)
    return `${name} was issued with this ${type}, so it stays. Correct it with invoices.credit, or with another invoice.`;
  return null;
};

export const deleteInvoiceAdjustment = operation({
  name: 'invoice_adjustments.delete',
  title: 'Reverse an adjustment',
  summary: 'Take back an adjustment of an invoice, a write-off too; what is owed is as before.',
  guidance: 'A deliberate act of the user.',
  effect: 'delete',
  needs: { scope: ['invoices:write', 'invoices:read'], role: 'admin', entitlement: 'invoicing' },
  input: z.object({
    id: adjustmentId,
    reason: z.string().trim().min(1).max(500).describe('Why it is taken back.'),
  }),
  output: z.object({
    adjustment: adjustmentView.describe('The adjustment, which is kept as reversed.'),
    invoice: invoiceView.describe('The invoice as it is now.'),
  }),
  refusals: [invalidState, wouldBeNegative],
  async handle({ id, reason }, call) {
    const { tx, now, zone, changed } = call;
    const { invoice_id } = await findAdjustment(call, id);
    await lockRow(tx, 'invoices', invoice_id);
    const row = await findInvoice(call, invoice_id);
    const before = await findAdjustment(call, id);
    const message = obstacleTo(row, before);
    if (message !== null) throw invalidState({ id, status: row.display_status, message });
    await tx
      .updateTable('invoice_adjustments')
      .set({ reversed_at: now, reverse_reason: reason })
      .where('id', '=', id)
      .execute();
    if (before.type === 'credit') {
      await sql`update invoices set credited_minor = credited_minor + ${before.amount_minor}::bigint where id = ${invoice_id}`.execute(
        tx,
      );
    }
    const invoice = viewInvoice(await resum(call, row), zone);
    const adjustment = viewAdjustment(await findAdjustment(call, id), zone);
    changed({
      id,
      before: { ...viewAdjustment(before, zone), invoice: viewInvoice(row, zone) },
      after: { ...adjustment, invoice },
    });
    return { adjustment, invoice };
  },
});
