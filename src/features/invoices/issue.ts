import { sql } from 'kysely';
import { contentHash } from '#documents/content-hash.ts';
import type { Transaction } from '#database/database.ts';
import { type InvoiceSettings, invoiceSettings } from '#features/settings/settings.ts';
import type { Call } from '#operation/call.ts';
import { numberPeriod, writeNumber } from '#values/number-pattern.ts';
import { refusal } from '#values/refusal.ts';
import { formatAmount } from '#values/money.ts';
import { applyCreditNote, overCredit } from './credit-note.ts';
import { invalidState, nothingToInvoice } from './invoice.ts';
import { documentOf } from './invoice-document.ts';
import { findInvoice, type InvoiceRow, taxGroupsOf } from './invoice-view.ts';

export const wouldBeNegative = refusal<{ total: string; currency: string; balance?: string }>(
  'would_be_negative',
  'conflict',
  'An invoice, or what is owed of it, would come to less than nothing.',
  ({ total, currency, balance }) =>
    balance === undefined
      ? `The invoice comes to ${total} ${currency}. What is given back goes on a credit note: invoices.credit, or invoices.create with kind credit_note.`
      : `${balance} ${currency} is owed of the invoice, and this would leave ${total} ${currency}. Take off at most what is owed; what was paid is given back with a credit note: invoices.credit.`,
  { fixTool: 'invoices.credit' },
);
export const numberTaken = refusal<{ number: string }>(
  'number_taken',
  'conflict',
  'The next number was given before, by another pattern.',
  ({ number }) =>
    `The next number would be ${number}, which an earlier invoice has. The owner can change number_pattern with settings.update, so that numbers differ.`,
  { fixTool: 'settings.update' },
);
/** The refusals of `issue`. */
export const issueRefusals = [
  invalidState,
  nothingToInvoice,
  wouldBeNegative,
  numberTaken,
  overCredit,
] as const;

/**
 * The next number of a series on a day, and the instant it counts from. Whoever else wants one of this series waits until the
 * transaction ends: so numbers have no gaps, and follow the order of their instants.
 */
const nextNumber = async (
  { tx, now }: Call,
  row: InvoiceRow,
  settings: InvoiceSettings,
): Promise<{ number: string; at: Temporal.Instant }> => {
  const period = numberPeriod(settings.number_reset, row.issue_date);
  const { rows } = await sql<{ value: number; at: Temporal.Instant }>`
    insert into number_series as s (kind, code, period_key, next_value, last_finalized_at)
    values (${row.kind}, ${row.series}, ${period}, 2, ${now})
    on conflict on constraint number_series_pkey do update
      set next_value = s.next_value + 1, last_finalized_at = greatest(s.last_finalized_at, excluded.last_finalized_at)
    returning next_value - 1 as value, last_finalized_at as at`.execute(tx);
  const { value, at } = rows[0]!;
  const pattern = row.kind === 'invoice' ? settings.number_pattern : settings.credit_note_pattern;
  const number = writeNumber(pattern, value, row.issue_date);
  const same = await tx
    .selectFrom('invoices')
    .select('id')
    .where('kind', '=', row.kind)
    .where('number', '=', number)
    .executeTakeFirst();
  if (same !== undefined) throw numberTaken({ number });
  return { number, at };
};

/** What to know where a number that was given before, of the same period, is of a later day than this draft; null where none is. */
export const disorder = async (
  { tx }: Call,
  row: InvoiceRow,
  { number_reset: reset }: InvoiceSettings,
): Promise<string | null> => {
  const on = row.issue_date;
  const later = await tx
    .selectFrom('invoices')
    .select(['number', 'issue_date'])
    .where('kind', '=', row.kind)
    .where('series', '=', row.series)
    .where('finalized_at', 'is not', null)
    .where('issue_date', '>', on)
    .where(
      reset === 'never'
        ? sql<boolean>`true`
        : sql<boolean>`date_trunc(${reset}, issue_date) = date_trunc(${reset}, ${on}::date)`,
    )
    .orderBy('issue_date', 'desc')
    .limit(1)
    .executeTakeFirst();
  return later === undefined
    ? null
    : `Numbers and dates are not in the same order: this is dated ${on.toString()}, but ${later.number!}, of ${later.issue_date.toString()}, has an earlier number.`;
};

/**
 * Refuses what is not subject to tax beside what is: no e-invoice could carry both. What is withheld is no VAT.
 *
 * @see EN 16931-1:2017, BR-O-11 to BR-O-14
 */
const refuseMixedScope = async (
  tx: Transaction,
  { id, display_status: status }: InvoiceRow,
): Promise<void> => {
  const groups = (await taxGroupsOf(tx, id)).filter(({ withholding }) => !withholding);
  const outside = groups.find(({ category }) => category === 'O');
  const other = groups.find(({ category }) => category !== 'O');
  if (outside === undefined || other === undefined) return;
  const message = `"${outside.name}" (category O, not subject to tax) and "${other.name}" (${other.category}) cannot be on one invoice. Give all of it taxes of one kind with invoices.update, or take lines off and make another invoice of them.`;
  throw invalidState({ id, status, message });
};

/** Refuses what cannot be issued: what was issued before, has no lines, mixes what is subject to tax with what is not, or comes to less than nothing. */
export const refuseUnissuable = async ({ tx }: Call, row: InvoiceRow): Promise<void> => {
  if (row.finalized_at !== null) {
    const message = `${row.number!} was issued already. Send it again with invoice_dispatches.resend, or correct it with invoices.credit.`;
    throw invalidState({ id: row.id, status: row.display_status, message });
  }
  const line = await tx
    .selectFrom('invoice_lines')
    .select('id')
    .where('invoice_id', '=', row.id)
    .executeTakeFirst();
  if (line === undefined) throw nothingToInvoice({ excluded: [] });
  await refuseMixedScope(tx, row);
  if (row.kind === 'invoice' && row.payable_minor < 0n) {
    const { currency } = row;
    throw wouldBeNegative({ total: formatAmount(row.payable_minor, currency), currency });
  }
};

/**
 * Issues a draft: gives it its number and freezes the document; warns where numbers and dates are not in one order then. The caller holds the invoice, and says afterwards what was done with it.
 * Gives the invoice as it is then.
 */
export const issue = async (call: Call, row: InvoiceRow): Promise<InvoiceRow> => {
  await refuseUnissuable(call, row);
  const { tx } = call;
  const settings = await invoiceSettings(tx);
  const draft = await documentOf(tx, row);
  const { number, at } = await nextNumber(call, row, settings);
  const notice = await disorder(call, row, settings);
  if (notice !== null) call.warn(notice);
  const document = {
    ...draft,
    number,
    payment: draft.payment === null ? null : { ...draft.payment, reference: number },
  };
  await tx
    .updateTable('invoices')
    .set({
      status: 'sent',
      number,
      finalized_at: at,
      document: JSON.stringify(document),
      content_hash: contentHash(document),
      send_at: null,
      send_request: null,
    })
    .where('id', '=', row.id)
    .execute();
  const issued = await findInvoice(call, row.id);
  if (issued.kind === 'invoice') return issued;
  await applyCreditNote(call, issued);
  return findInvoice(call, row.id);
};
