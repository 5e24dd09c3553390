import { type RawBuilder, type Selectable, sql } from 'kysely';
import { z } from 'zod';
import type { InvoiceAdjustmentsRow } from '#database/rows.ts';
import { type InvoiceStatus, invalidState, invoiceRef } from '#features/invoices/invoice.ts';
import { settle } from '#features/invoices/invoice-settle.ts';
import { recompute } from '#features/invoices/invoice-sums.ts';
import { findInvoice, type InvoiceRow } from '#features/invoices/invoice-view.ts';
import { wouldBeNegative } from '#features/invoices/issue.ts';
import type { Call } from '#operation/call.ts';
import { type Id, idSchema } from '#values/id.ts';
import { momentText } from '#values/local-time.ts';
import { amountText, currencyText, formatAmount } from '#values/money.ts';
import { notFound } from '#values/refusal.ts';

export const adjustmentId = idSchema('adj');
/** Those of a draft stand on the document; the others change what is owed of an issued invoice, outside its taxes. */
const draftTypes = ['discount', 'surcharge', 'deposit', 'rounding'] as const;
const issuedTypes = ['late_fee', 'credit', 'write_off'] as const;
export const adjustmentTypes = [...draftTypes, ...issuedTypes] as const;
export type AdjustmentType = (typeof adjustmentTypes)[number];

const onDraft = new Set<AdjustmentType>(draftTypes);
export const isDraftType = (type: AdjustmentType): boolean => onDraft.has(type);

/** An adjustment as every door shows it. */
export const adjustmentView = z.object({
  id: adjustmentId,
  invoice: invoiceRef.describe('The invoice it changes.'),
  type: z.enum(adjustmentTypes).describe('What it is.'),
  amount: amountText.describe('Negative where the client owes less by it.'),
  currency: currencyText,
  tax_ids: z.array(idSchema('tax')).nullable().describe('Its taxes; null: in proportion to the lines.'),
  reason: z.string().describe('Why; of a draft it stands on the invoice.'),
  date: z.string().describe('Its day.'),
  created_at: z.string().describe('When it was made.'),
  reversed: z
    .object({ at: z.string().describe('When.'), reason: z.string().describe('Why.') })
    .nullable()
    .describe('It counts no more.'),
});

/** An adjustment with what its view shows of other records. */
export interface AdjustmentRow extends Selectable<InvoiceAdjustmentsRow> {
  invoice: { id: Id<'inv'>; number: string | null };
  currency: string;
}

/** The adjustments that meet a condition on a, oldest first. */
export const adjustmentRows = async (
  { tx }: Call,
  matching: RawBuilder<unknown>,
  limit?: number,
): Promise<AdjustmentRow[]> => {
  const { rows } = await sql<AdjustmentRow>`select a.*, i.currency,
      json_build_object('id', i.id, 'number', i.number) as invoice
    from invoice_adjustments a join invoices i on i.id = a.invoice_id where ${matching}
    order by a.id ${limit === undefined ? sql`` : sql`limit ${limit}`}`.execute(tx);
  return rows;
};

/** The adjustment of that id, reversed or not, or `not_found`. */
export const findAdjustment = async (call: Call, id: Id<'adj'>): Promise<AdjustmentRow> => {
  const [row] = await adjustmentRows(call, sql`a.id = ${id}`);
  if (row === undefined) throw notFound({});
  return row;
};

/** What counts of the adjustments of an invoice. */
export const adjustmentsOf = (call: Call, invoice: Id<'inv'>): Promise<AdjustmentRow[]> =>
  adjustmentRows(call, sql`a.invoice_id = ${invoice} and a.reversed_at is null`);

/** A row as an `adjustmentView`. */
export const viewAdjustment = (row: AdjustmentRow, zone: string): z.input<typeof adjustmentView> => ({
  id: row.id,
  invoice: row.invoice,
  type: row.type,
  amount: formatAmount(row.amount_minor, row.currency),
  currency: row.currency,
  tax_ids: row.tax_code_ids as Id<'tax'>[] | null,
  reason: row.reason,
  date: row.adjusted_on.toString(),
  created_at: momentText(row.created_at, zone),
  reversed:
    row.reversed_at === null ? null : { at: momentText(row.reversed_at, zone), reason: row.reverse_reason! },
});

/** Refuses an adjustment of this type to an invoice in this state. */
export const refuseUnadjustable = (row: InvoiceRow, type: AdjustmentType): void => {
  const name = row.number ?? row.id;
  const status: InvoiceStatus = row.status;
  const message = isDraftType(type)
    ? status === 'draft'
      ? null
      : status === 'scheduled'
        ? `This invoice is scheduled to be sent. Take it back to a draft first: invoices.update with scheduled false.`
        : `${name} was issued, so a ${type} cannot change it any more. Credit it with invoices.credit, or use a late_fee, credit or write_off.`
    : row.finalized_at === null
      ? `${name} is a draft: a ${type} changes what is owed of an issued invoice. Use a discount, surcharge, deposit or rounding.`
      : row.kind === 'credit_note'
        ? `${name} is a credit note: nothing is owed of it.`
        : status === 'void'
          ? `${name} was voided, so nothing is owed of it.`
          : status === 'written_off'
            ? `${name} was written off. Reverse that first: invoice_adjustments.delete on its write_off.`
            : null;
  if (message !== null) throw invalidState({ id: row.id, status: row.display_status, message });
};

/**
 * Sums up the invoice after its adjustments changed: of a draft the document, of an issued one what is owed. Refuses
 * `would_be_negative` where that would come to less than nothing. Gives the invoice as it is then.
 */
export const resum = async (call: Call, before: InvoiceRow): Promise<InvoiceRow> => {
  const { id, currency, kind, finalized_at: issued } = before;
  if (issued === null) await recompute(call.tx, id);
  else await settle(call.tx, id);
  const row = await findInvoice(call, id);
  const amount = (minor: bigint) => formatAmount(minor, currency);
  const owed = kind === 'credit_note' ? -row.payable_minor : row.payable_minor;
  if (issued === null && owed < 0n) throw wouldBeNegative({ total: amount(owed), currency });
  if (issued !== null && row.balance_minor < 0n) {
    throw wouldBeNegative({
      total: amount(row.balance_minor),
      balance: amount(before.balance_minor),
      currency,
    });
  }
  return row;
};
