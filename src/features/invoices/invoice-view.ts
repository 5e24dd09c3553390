import { type RawBuilder, type Selectable, sql } from 'kysely';
import { z } from 'zod';
import type { Transaction } from '#database/database.ts';
import type { InvoiceLinesRow, InvoicesRow, InvoiceTaxGroupsRow } from '#database/rows.ts';
import { clientRef, clientRefSql } from '#features/clients/client.ts';
import { projectId } from '#features/projects/project.ts';
import { memberId, taskId } from '#features/tasks/task.ts';
import type { Call } from '#operation/call.ts';
import { visibleWith } from '#operation/visible.ts';
import { type Id, idSchema } from '#values/id.ts';
import { momentText } from '#values/local-time.ts';
import { amountText, currencyText, formatAmount } from '#values/money.ts';
import { formatDecimal, formatPercent, ratioOf } from '#values/ratio.ts';
import { notFound } from '#values/refusal.ts';
import {
  type DisplayStatus,
  displayStatuses,
  invoiceId,
  invoiceKinds,
  invoiceRef,
  workspaceToday,
} from './invoice.ts';

/** An invoice in a list. */
export const invoiceView = z.object({
  id: invoiceId,
  kind: z.enum(invoiceKinds).describe('Amounts of a credit note are negative.'),
  number: z.string().nullable().describe('Null until it is issued.'),
  status: z.enum(displayStatuses).describe('Its state today.'),
  client: visibleWith('clients:read', clientRef.describe('Its client.')),
  currency: currencyText,
  issue_date: z.string().describe('Day of issue.'),
  due_date: z.string().describe('Day it is due.'),
  total: amountText.describe('With tax.'),
  paid: amountText.describe('Paid so far.'),
  balance: amountText.describe('Still owed.'),
  updated_at: z.string().describe('Last change.'),
  version: z.number().int().describe('Give it as expected_version.'),
});

/** A line of an invoice. */
const lineView = z.object({
  id: idSchema('lin'),
  kind: z.enum(['time', 'expense', 'item', 'text']).describe('What it bills.'),
  description: z.string().describe('What stands on the line.'),
  details: z.string().nullable().describe('What stands below it.'),
  quantity: z.string().describe('Decimal text; of time in hours.'),
  unit: z.string().nullable().describe('hour, day, piece or km.'),
  unit_price: amountText.describe('Price of one unit.'),
  discount: amountText.describe('Taken off this line.'),
  net: amountText.describe('What the line comes to.'),
  tax_ids: z.array(idSchema('tax')).describe('Its tax codes.'),
  raw_seconds: z.number().int().nullable().describe('Time worked.'),
  billed_seconds: z.number().int().nullable().describe('Time billed, after rounding.'),
  project_id: projectId.nullable(),
  task_id: taskId.nullable(),
  member_id: memberId.nullable(),
});

/** One tax of an invoice, summed up. */
const taxGroupView = z.object({
  tax_id: idSchema('tax'),
  name: z.string().describe('Its name.'),
  percent: z.string().describe('Its rate.'),
  category: z.string().describe('EN 16931 category.'),
  withholding: z.boolean().describe('Held back by the client, after the total.'),
  taxable: amountText.describe('What it falls on.'),
  tax: amountText.describe('How much it is.'),
});

/** An invoice with its lines and sums. */
export const invoiceDetail = invoiceView.extend({
  corrects: invoiceRef.nullable().describe('The invoice that a credit note corrects.'),
  period: z
    .object({ from: z.string().describe('First day.'), to: z.string().describe('Last day.') })
    .nullable()
    .describe('When the work was done.'),
  language: z.string().describe('Language of the document.'),
  prices_include_tax: z.boolean().describe('Whether prices include tax.'),
  purchase_order: z.string().nullable().describe('The client’s order number.'),
  buyer_reference: z.string().nullable().describe('What the client wants quoted.'),
  notes: z.string().nullable().describe('Text below the lines.'),
  lines: z.array(lineView).describe('Its lines, in order.'),
  tax_groups: z.array(taxGroupView).describe('Its taxes.'),
  subtotal: amountText.describe('Sum of the lines.'),
  discount: amountText.describe('Taken off all of it.'),
  charges: amountText.describe('Surcharges less allowances.'),
  net: amountText.describe('Without tax.'),
  tax: amountText.describe('All tax.'),
  rounding: amountText.describe('Rounding of the total.'),
  withholding: amountText.describe('Held back by the client.'),
  deposit: amountText.describe('Paid in advance.'),
  payable: amountText.describe('Total less withholding and deposit.'),
  credited: amountText.describe('Credited or taken off since.'),
  written_off: amountText.describe('Given up.'),
  late_fees: amountText.describe('Added since for being late.'),
  send_at: z.string().nullable().describe('When it will be sent, if scheduled.'),
  send_problem: z.string().nullable().describe('Why a scheduled sending did not happen.'),
  finalized_at: z.string().nullable().describe('When it got its number.'),
  sent_at: z.string().nullable().describe('When it was sent.'),
  void_reason: z.string().nullable().describe('Why it was voided.'),
  created_at: z.string().describe('When it was drafted.'),
});

/** An invoice with what its view shows of other records. */
export interface InvoiceRow extends Selectable<InvoicesRow> {
  client_id: Id<'cli'>;
  client: { id: Id<'cli'>; name: string };
  display_status: DisplayStatus;
  sort_key: string;
}
type LineRow = Selectable<InvoiceLinesRow>;

/** The invoices that `chosen` selects (invoices.* and sort_key); `order` refers to them as i. */
export const invoiceRows = async (
  call: Call,
  chosen: RawBuilder<unknown>,
  order: RawBuilder<unknown>,
): Promise<InvoiceRow[]> => {
  const { rows } = await sql<InvoiceRow>`select i.*, ${clientRefSql('c')} as client,
      invoice_display_status(x, ${workspaceToday(call)}::date) as display_status
    from (${chosen}) i join invoices x on x.id = i.id join clients c on c.id = i.client_id order by ${order}`.execute(
    call.tx,
  );
  return rows;
};

/** The invoice of that id, or `not_found`. */
export const findInvoice = async (call: Call, id: Id<'inv'>): Promise<InvoiceRow> => {
  const chosen = sql`select *, '' as sort_key from invoices where id = ${id}`;
  const [row] = await invoiceRows(call, chosen, sql`i.id`);
  if (row === undefined) throw notFound({});
  return row;
};

/** The lines of an invoice, in order. */
export const linesOf = (tx: Transaction, id: Id<'inv'>): Promise<LineRow[]> =>
  tx.selectFrom('invoice_lines').selectAll().where('invoice_id', '=', id).orderBy('position').execute();

/** The taxes of an invoice, in the order of their names. */
export const taxGroupsOf = (tx: Transaction, id: Id<'inv'>): Promise<Selectable<InvoiceTaxGroupsRow>[]> =>
  tx.selectFrom('invoice_tax_groups').selectAll().where('invoice_id', '=', id).orderBy('name').execute();

/** A row as an `invoiceView`. */
export const viewInvoice = (row: InvoiceRow, zone: string): z.input<typeof invoiceView> => {
  const amount = (minor: bigint) => formatAmount(minor, row.currency);
  return {
    id: row.id,
    kind: row.kind,
    number: row.number,
    status: row.display_status,
    client: row.client,
    currency: row.currency,
    issue_date: row.issue_date.toString(),
    due_date: row.due_date.toString(),
    total: amount(row.total_minor),
    paid: amount(row.paid_minor),
    balance: amount(row.status === 'void' ? 0n : row.balance_minor),
    updated_at: momentText(row.updated_at, zone),
    version: row.version,
  };
};

/**
 * How a line's quantity is read: time in hours, with as many digits as it takes, so that quantity × price is the line. Where hours
 * have no end in decimals (20 minutes), rounded to six digits; the sum was computed from the seconds.
 */
export const readableQuantity = ({ quantity_num, quantity_den, price_base, unit }: LineRow) => {
  const exact = ratioOf(quantity_num, quantity_den * BigInt(price_base));
  const million = 1_000_000n;
  const rounded = () => {
    const scaled = exact.num * million * 2n + (exact.num < 0n ? -exact.den : exact.den);
    return formatDecimal(ratioOf(scaled / (2n * exact.den), million))!;
  };
  const text = formatDecimal(exact);
  return {
    quantity: text !== null && (text.split('.')[1] ?? '').length <= 6 ? text : rounded(),
    unit: unit === 'second' ? 'hour' : unit,
  };
};

const viewLine = (row: LineRow, currency: string): z.input<typeof lineView> => ({
  id: row.id,
  kind: row.kind,
  description: row.description,
  details: row.details,
  ...readableQuantity(row),
  unit_price: formatAmount(row.unit_price_minor, currency),
  discount: formatAmount(row.discount_minor, currency),
  net: formatAmount(row.net_minor, currency),
  tax_ids: row.tax_code_ids as Id<'tax'>[],
  raw_seconds: row.raw_seconds,
  billed_seconds: row.billed_seconds,
  project_id: row.project_id,
  task_id: row.task_id,
  member_id: row.membership_id,
});

/** An invoice as an `invoiceDetail`, with its lines and taxes. */
export const viewInvoiceDetail = async (
  { tx, zone }: Call,
  row: InvoiceRow,
): Promise<z.input<typeof invoiceDetail>> => {
  const { currency } = row;
  const amount = (minor: bigint) => formatAmount(minor, currency);
  const moment = (instant: Temporal.Instant | null) => (instant === null ? null : momentText(instant, zone));
  const corrected =
    row.corrects_invoice_id === null
      ? null
      : tx
          .selectFrom('invoices')
          .select(['id', 'number'])
          .where('id', '=', row.corrects_invoice_id)
          .executeTakeFirstOrThrow();
  const [lines, groups, corrects] = await Promise.all([
    linesOf(tx, row.id),
    taxGroupsOf(tx, row.id),
    corrected,
  ]);
  return {
    ...viewInvoice(row, zone),
    corrects,
    period:
      row.period_from === null || row.period_to === null
        ? null
        : { from: row.period_from.toString(), to: row.period_to.toString() },
    language: row.language,
    prices_include_tax: row.prices_include_tax,
    purchase_order: row.purchase_order,
    buyer_reference: row.buyer_reference,
    notes: row.notes,
    lines: lines.map((line) => viewLine(line, currency)),
    tax_groups: groups.map((group) => ({
      tax_id: group.tax_code_id,
      name: group.name,
      percent: formatPercent(group.ppm),
      category: group.category,
      withholding: group.withholding,
      taxable: amount(group.taxable_minor),
      tax: amount(group.tax_minor),
    })),
    subtotal: amount(row.subtotal_minor),
    discount: amount(row.discount_minor),
    charges: amount(row.charges_minor),
    net: amount(row.net_minor),
    tax: amount(row.tax_minor),
    rounding: amount(row.rounding_minor),
    withholding: amount(row.withholding_minor),
    deposit: amount(row.deposit_minor),
    payable: amount(row.payable_minor),
    credited: amount(row.credited_minor),
    written_off: amount(row.written_off_minor),
    late_fees: amount(row.late_fees_minor),
    send_at: moment(row.send_at),
    send_problem: (row.send_request as { problem?: string } | null)?.problem ?? null,
    finalized_at: moment(row.finalized_at),
    sent_at: moment(row.sent_at),
    void_reason: row.void_reason,
    created_at: momentText(row.created_at, zone),
  };
};

/** An invoice as the audit log keeps it: in its kept state, not in what people call it today. */
export const storedInvoice = async (call: Call, row: InvoiceRow) => ({
  ...(await viewInvoiceDetail(call, row)),
  status: row.status,
});

/** Says what was done with an invoice (`before` as `storedInvoice` gave it; left out of a new one), and gives it as an `invoiceDetail`. */
export const changedInvoice = async (
  call: Call,
  row: InvoiceRow,
  before?: Awaited<ReturnType<typeof storedInvoice>>,
): Promise<z.input<typeof invoiceDetail>> => {
  const invoice = await viewInvoiceDetail(call, row);
  call.changed({ id: row.id, before, after: { ...invoice, status: row.status } });
  return invoice;
};
