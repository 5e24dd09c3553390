import { sql } from 'kysely';
import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { dispatchRows, namedRecipients } from '#features/invoice-dispatches/invoice-dispatch.ts';
import { type Call, checkVersion, expectedVersion } from '#operation/call.ts';
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

/** Warns where somebody has a mail about it, or may have it in a moment. What no mail server has yet does not go any more. */
const warnOfMail = async (call: Call, row: InvoiceRow): Promise<void> => {
  const mails = await dispatchRows(
    call,
    sql`d.invoice_id = ${row.id} and (s.status = 'sent' or o.handed_over_at is not null)`,
  );
  if (mails.length === 0) return;
  const how = mails.some(({ status }) => status === 'sent') ? 'was e-mailed' : 'may have been e-mailed';
  const to = [...new Set(mails.flatMap(({ recipients, cc }) => [...recipients, ...cc]))];
  call.warn(
    `${row.number!} ${how} to ${namedRecipients(to)}, which is not taken back: let them know that it is void.`,
  );
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
    await warnOfMail(call, row);
    const invoice = await changedInvoice(call, await findInvoice(call, id), before);
    return { invoice, released_entries: released.entries };
  },
});
