import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { checkVersion, expectedVersion } from '#operation/call.ts';
import { operation } from '#operation/operation.ts';
import { creditSpent, revokeCreditNote } from './credit-note.ts';
import { invalidState, invoiceId, releaseClaims } from './invoice.ts';
import {
  changedInvoice,
  findInvoice,
  invoiceDetail,
  type InvoiceRow,
  storedInvoice,
} from './invoice-view.ts';

/** Why an invoice cannot be voided, as a sentence, or null. */
const obstacleTo = (row: InvoiceRow): string | null => {
  const name = row.number ?? row.id;
  if (row.finalized_at === null) return `${name} is a draft: delete it with invoices.delete.`;
  if (row.status === 'void') return `${name} was voided already.`;
  if (row.paid_minor !== 0n) {
    return `${name} was paid, in part at least, so it cannot be voided. Correct it with invoices.credit, or reverse a wrong payment with invoice_payments.delete.`;
  }
  if (row.kind === 'invoice' && row.credited_minor !== 0n) {
    return `${name} was credited, in part at least. Void its credit notes first, or credit the rest with invoices.credit.`;
  }
  return null;
};

export const voidInvoice = operation({
  name: 'invoices.void',
  title: 'Void an invoice',
  summary: 'Cancel an issued invoice; it keeps its number, and its time can be billed again.',
  guidance: 'A deliberate act of the user. One that was paid is credited instead.',
  effect: 'delete',
  needs: { scope: ['invoices:write', 'invoices:read'], role: 'admin', entitlement: 'invoicing' },
  input: z.object({
    id: invoiceId,
    reason: z.string().trim().min(1).max(500).describe('Why.'),
    release_entries: z.boolean().default(true).describe('false: its time stays locked to it.'),
    expected_version: expectedVersion,
  }),
  output: z.object({
    invoice: invoiceDetail.describe('The voided invoice.'),
    released_entries: z.number().int().describe('How many time entries are unbilled again.'),
  }),
  refusals: [invalidState, creditSpent],
  async handle({ id, reason, release_entries, expected_version }, call) {
    const { tx, now } = call;
    await lockRow(tx, 'invoices', id);
    const row = await findInvoice(call, id);
    checkVersion(expected_version, row);
    const message = obstacleTo(row);
    if (message !== null) throw invalidState({ id, status: row.display_status, message });
    const before = await storedInvoice(call, row);
    if (row.kind === 'credit_note') await revokeCreditNote(call, row);
    const released = release_entries ? await releaseClaims(call, id) : { entries: 0 };
    await tx
      .updateTable('invoices')
      .set({ status: 'void', voided_at: now, void_reason: reason })
      .where('id', '=', id)
      .execute();
    const invoice = await changedInvoice(call, await findInvoice(call, id), before);
    return { invoice, released_entries: released.entries };
  },
});
