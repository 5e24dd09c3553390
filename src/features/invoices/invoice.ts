import { sql } from 'kysely';
import { z } from 'zod';
import type { Call } from '#operation/call.ts';
import { counted } from '#values/counted.ts';
import { type Id, idSchema } from '#values/id.ts';
import { percentInput } from '#values/ratio.ts';
import { refusal } from '#values/refusal.ts';
import { moneyInput } from '#values/money.ts';

export const invoiceId = idSchema('inv');
export const invoiceKinds = ['invoice', 'credit_note'] as const;
export type InvoiceKind = (typeof invoiceKinds)[number];
export type InvoiceStatus = 'draft' | 'scheduled' | 'sent' | 'void' | 'written_off';

/** What people call the state of an invoice on a day. @see invoice_display_status in 0006_invoicing.sql */
export const displayStatuses = [
  'draft',
  'scheduled',
  'sent',
  'partially_paid',
  'paid',
  'overdue',
  'void',
  'written_off',
] as const;
export type DisplayStatus = (typeof displayStatuses)[number];

/** An invoice inside another record. */
export const invoiceRef = z.object({
  id: invoiceId,
  number: z.string().nullable().describe('Null while it is a draft.'),
});

export const invalidState = refusal<{ id: string; status: string; message: string }>(
  'invalid_state',
  'conflict',
  'The record is in a state in which this cannot be done; the sentence says what can.',
  ({ message }) => message,
);
const exclusionWords: Readonly<Record<string, string>> = {
  already_invoiced: 'already on an invoice',
  not_billable: 'not billable',
  running: 'still running',
  without_rate: 'without a rate',
  other_currency: 'in another currency',
  other_client: 'of another client',
};
export const nothingToInvoice = refusal<{ excluded: readonly { reason: string; count: number }[] }>(
  'nothing_to_invoice',
  'conflict',
  'Nothing is left to put on the invoice; details.excluded says why.',
  ({ excluded }) =>
    excluded.length === 0
      ? 'There is nothing to invoice: give lines, or choose time with billing_hub.invoice_selection.'
      : `There is nothing to invoice: ${excluded.map(({ reason, count }) => `${counted(count, 'entry', 'entries')} ${exclusionWords[reason] ?? reason}`).join(', ')}. billing_hub.invoice_selection shows what can be billed.`,
  { fixTool: 'billing_hub.invoice_selection' },
);
export const alreadyInvoiced = refusal<{
  entries: readonly { id: string; invoice_id: string }[];
  count: number;
}>(
  'already_invoiced',
  'conflict',
  'The time or expense is on another invoice that counts.',
  ({ entries, count }) =>
    `${counted(count, 'entry is', 'entries are')} on another invoice already${entries.length === 0 ? '' : `: ${entries.map(({ id, invoice_id }) => `${id} on ${invoice_id}`).join(', ')}`}. Leave ${count === 1 ? 'it' : 'them'} out, or void or delete that invoice first.`,
  { fixTool: 'invoices.get' },
);

/** A discount at the doors: a percentage or an amount. */
export const discountInput = z
  .strictObject({
    percent: percentInput.optional().describe('Percent, like "10".'),
    amount: moneyInput.optional().describe('Or an amount.'),
  })
  .refine(({ percent, amount }) => (percent === undefined) !== (amount === undefined), {
    error: 'needs percent or amount, one of them',
  });

/** Refuses to change what was issued: `what` is done only to a draft. */
export const refuseIssued = (
  row: { id: string; status: InvoiceStatus; number: string | null },
  what: string,
): void => {
  if (row.status === 'draft') return;
  const message =
    row.status === 'scheduled'
      ? `This invoice is scheduled to be sent, so ${what} is not possible. Take it back to a draft first: invoices.update with scheduled false.`
      : `${row.number ?? row.id} was issued, so ${what} is not possible. Void it with invoices.void, or correct it with invoices.credit.`;
  throw invalidState({ id: row.id, status: row.status, message });
};

/** Today where the workspace is: due dates and numbers count there, not where the caller happens to be. */
export const workspaceToday = ({ now, actor }: Call): Temporal.PlainDate =>
  now.toZonedDateTimeISO(actor.workspace.timezone).toPlainDate();

/**
 * Gives back the time and expenses of an invoice, so that they can be billed again; answers how much that was. What the invoice was made
 * of is remembered. The invoice is locked by the caller.
 */
export const releaseClaims = async (
  { tx }: Call,
  id: Id<'inv'>,
): Promise<{ entries: number; expenses: number }> => {
  const freed = async (table: 'invoice_line_entries' | 'invoice_line_expenses') => {
    const { rows } = await sql`update ${sql.table(table)} set active = false
      where invoice_id = ${id} and active returning 1`.execute(tx);
    return rows.length;
  };
  return { entries: await freed('invoice_line_entries'), expenses: await freed('invoice_line_expenses') };
};

/**
 * Claims again what `releaseClaims` gave back of an issued invoice that counts; refuses `invalid_state` where some of it is on another
 * invoice by now. Whoever else wants that time or those expenses waits until the transaction ends, and takes both in the same order. The
 * invoice is locked by the caller.
 */
export const reclaim = async ({ tx }: Call, id: Id<'inv'>): Promise<void> => {
  await sql`select from memberships where id in (select e.membership_id from invoice_line_entries x join time_entries e on e.id = x.entry_id
    where x.invoice_id = ${id} and not x.active) order by id for no key update`.execute(tx);
  await sql`select from expenses where id in (select expense_id from invoice_line_expenses where invoice_id = ${id} and not active)
    order by spent_on, id for no key update`.execute(tx);
  const { rows } = await sql<{
    name: string;
  }>`select distinct coalesce(i.number, i.id) as name from invoices i where i.id in (
    select e.invoice_id from invoice_line_entries x join time_entries e on e.id = x.entry_id where x.invoice_id = ${id} and not x.active
    union select e.invoice_id from invoice_line_expenses x join expenses e on e.id = x.expense_id where x.invoice_id = ${id} and not x.active)
    order by 1 limit 5`.execute(tx);
  if (rows.length > 0) {
    const others = rows.map(({ name }) => name).join(', ');
    const message = `What it billed was free to bill again, and is on ${others} by now: it would be billed twice. Void or delete that first: invoices.void, invoices.delete.`;
    throw invalidState({ id, status: 'sent', message });
  }
  for (const table of ['invoice_line_entries', 'invoice_line_expenses'])
    await sql`update ${sql.table(table)} set active = true where invoice_id = ${id} and not active`.execute(
      tx,
    );
};
