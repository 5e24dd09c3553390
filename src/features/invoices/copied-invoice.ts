import type { Call } from '#operation/call.ts';
import { allocate } from '#values/allocate.ts';
import { type Id, newId } from '#values/id.ts';
import { parseDecimal, quantityDigits, type Ratio, ratioOf } from '#values/ratio.ts';
import { notFound, validationFailed } from '#values/refusal.ts';
import { insertLines, type NewLine } from './invoice-line.ts';
import { recompute } from './invoice-sums.ts';
import { type InvoiceRow, linesOf } from './invoice-view.ts';

type Line = Awaited<ReturnType<typeof linesOf>>[number];

/** Which lines are copied, and how much of each: all of it where nothing is said. */
export interface Chosen {
  readonly line_id: Id<'lin'>;
  readonly quantity?: string | undefined;
}

/** What is copied of a line: all of it, or the quantity that was asked for, in hours where it is time. */
const quantityOf = (line: Line, quantity: string | undefined, field: string): Ratio => {
  const whole = ratioOf(line.quantity_num, line.quantity_den);
  if (quantity === undefined) return whole;
  const asked = parseDecimal(quantity, quantityDigits, field);
  const inUnits = ratioOf(asked.num * BigInt(line.price_base), asked.den);
  const tooMuch = inUnits.num * whole.den > whole.num * inUnits.den;
  if (inUnits.num <= 0n || tooMuch) {
    throw validationFailed(
      { message: `${field} must be above zero and at most what is on the line.` },
      field,
    );
  }
  return inUnits;
};

/** A line once more, as a free one: time that it billed is not billed again by a copy. A fixed discount shrinks with the quantity. */
const copyOf = (line: Line, quantity: Ratio, sign: bigint, now: Temporal.Instant): NewLine => {
  const { discount_kind: kind, discount_value: value } = line;
  const whole = ratioOf(line.quantity_num, line.quantity_den);
  const rest = whole.num * quantity.den - quantity.num * whole.den;
  const fixed = (given: bigint) =>
    rest === 0n ? given : allocate(given, [quantity.num * whole.den, rest])[0]!;
  return {
    id: newId('lin', now),
    kind: 'item',
    description: line.description,
    details: line.details,
    quantity_num: sign * quantity.num,
    quantity_den: quantity.den,
    unit: line.unit,
    unit_price_minor: line.unit_price_minor,
    price_base: line.price_base,
    discount_kind: kind,
    discount_value: kind === 'amount' ? sign * fixed(value!) : value,
    tax_code_ids: [...line.tax_code_ids],
    raw_seconds: null,
    billed_seconds: null,
    project_id: line.project_id,
    task_id: line.task_id,
    membership_id: line.membership_id,
  };
};

/**
 * Copies lines, discount and adjustments of an invoice into a new draft of the same client; a deposit only onto its credit note. `sign`
 * -1 turns every amount around, so that an invoice and the whole of it copied so sum to nothing. Of chosen lines a fixed discount of the
 * document is their share.
 */
export const copyInvoice = async (
  call: Call,
  source: InvoiceRow,
  {
    issued,
    due,
    sign,
    chosen,
    corrects = null,
    releases = false,
    notes,
  }: {
    issued: Temporal.PlainDate;
    due: Temporal.PlainDate;
    sign: 1n | -1n;
    chosen?: readonly Chosen[] | undefined;
    corrects?: Id<'inv'> | null;
    releases?: boolean;
    notes: string | null;
  },
): Promise<Id<'inv'>> => {
  const { tx, actor, now } = call;
  const all = await linesOf(tx, source.id);
  const wanted = chosen?.map(({ line_id, quantity }, at) => {
    const line = all.find(({ id }) => id === line_id);
    if (line === undefined) throw notFound({}, `lines[${at}].line_id`);
    return { line, quantity: quantityOf(line, quantity, `lines[${at}].quantity`) };
  });
  const lines = (
    wanted ?? all.map((line) => ({ line, quantity: quantityOf(line, undefined, 'quantity') }))
  ).map(({ line, quantity }) => copyOf(line, quantity, sign, now));
  const id = newId('inv', now);
  const { discount_kind, discount_value } = source;
  await tx
    .insertInto('invoices')
    .values({
      id,
      kind: corrects === null ? source.kind : 'credit_note',
      corrects_invoice_id: corrects,
      releases_claims: releases,
      client_id: source.client_id,
      series: source.series,
      currency: source.currency,
      issue_date: issued,
      due_date: due,
      period_from: corrects === null ? null : source.period_from,
      period_to: corrects === null ? null : source.period_to,
      language: source.language,
      prices_include_tax: source.prices_include_tax,
      discount_kind,
      discount_value: discount_kind === 'amount' ? sign * discount_value! : discount_value,
      purchase_order: source.purchase_order,
      buyer_reference: source.buyer_reference,
      notes,
      cash_rounding_minor: source.cash_rounding_minor,
      created_by: actor.membership.id,
    })
    .execute();
  await insertLines(call, id, lines);
  if (wanted === undefined) {
    const adjustments = await tx
      .selectFrom('invoice_adjustments')
      .select(['type', 'amount_minor', 'tax_code_ids', 'reason'])
      .where('invoice_id', '=', source.id)
      .where('reversed_at', 'is', null)
      .where('type', 'in', [
        'discount',
        'surcharge',
        'rounding',
        ...(corrects === null ? [] : ['deposit' as const]),
      ])
      .execute();
    if (adjustments.length > 0) {
      const copies = adjustments.map((adjustment) => ({
        ...adjustment,
        id: newId('adj', now),
        invoice_id: id,
        amount_minor: sign * adjustment.amount_minor,
        adjusted_on: issued,
        created_by: actor.membership.id,
      }));
      await tx.insertInto('invoice_adjustments').values(copies).execute();
    }
  }
  await recompute(tx, id);
  if (wanted !== undefined && discount_kind === 'amount') {
    const { subtotal_minor } = await tx
      .selectFrom('invoices')
      .select('subtotal_minor')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const part = sign * subtotal_minor;
    const [share] = allocate(discount_value!, [part, source.subtotal_minor - part]);
    await tx
      .updateTable('invoices')
      .set({ discount_value: sign * share! })
      .where('id', '=', id)
      .execute();
    await recompute(tx, id);
  }
  return id;
};
