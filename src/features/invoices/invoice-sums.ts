import { sql } from 'kysely';
import type { Transaction } from '#database/database.ts';
import type { Id } from '#values/id.ts';
import type { TotalsTax } from '#values/invoice-taxes.ts';
import { computeTotals, type Discount, type InvoiceTotals } from '#values/invoice-totals.ts';
import { ratioOf } from '#values/ratio.ts';
import { validationFailed } from '#values/refusal.ts';

/** A discount as it is kept in two columns. */
const storedDiscount = (kind: 'percent' | 'amount' | null, value: bigint | null): Discount | null =>
  kind === null || value === null
    ? null
    : kind === 'percent'
      ? { kind, ppm: Number(value) }
      : { kind, minor: value };

/** The tax codes of these ids, as the arithmetic takes them, with what documents say of them. */
const taxesOf = async (tx: Transaction, ids: readonly string[]) => {
  const codes = await tx
    .selectFrom('tax_codes')
    .select(['id', 'name', 'ppm', 'category', 'compound_order', 'withholding', 'exemption_reason'])
    .where(sql<boolean>`id = any(${[...ids]}::text[])`)
    .execute();
  const taxes = codes.map(({ id, ppm, category, compound_order, withholding }): TotalsTax => ({
    id,
    ppm,
    category: category,
    compoundOrder: compound_order,
    withholding,
  }));
  return { taxes, codeOf: new Map(codes.map((code) => [code.id as string, code])) };
};

/** What sums of an invoice stay below, so that the store keeps them exactly, and sums over many invoices too. */
const tooMuch = 10n ** 16n;

const refuseTooLarge = (totals: InvoiceTotals): void => {
  const sums = [totals, ...totals.lines, ...totals.taxGroups, ...totals.withholding].flatMap((each) =>
    Object.values(each).filter((value) => typeof value === 'bigint'),
  );
  if (sums.every((sum) => sum < tooMuch && sum > -tooMuch)) return;
  const message = 'The invoice would come to more than an invoice can. Lower quantities or prices.';
  throw validationFailed({ message }, 'lines');
};

/**
 * Computes a draft anew from its lines, discount and adjustments, and keeps every sum of it. The caller holds the invoice, and has
 * written its lines.
 * @see model.md, arithmetic 3 to 6; EN 16931-1 BR-CO-10 to BR-CO-17
 */
export const recompute = async (tx: Transaction, id: Id<'inv'>): Promise<void> => {
  const invoice = await tx.selectFrom('invoices').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const lines = await tx
    .selectFrom('invoice_lines')
    .selectAll()
    .where('invoice_id', '=', id)
    .where('kind', '<>', 'text')
    .orderBy('position')
    .execute();
  const adjustments = await tx
    .selectFrom('invoice_adjustments')
    .select(['type', 'amount_minor', 'tax_code_ids'])
    .where('invoice_id', '=', id)
    .where('reversed_at', 'is', null)
    .execute();
  const sumOf = (type: 'deposit' | 'rounding') =>
    adjustments.reduce((sum, each) => (each.type === type ? sum + each.amount_minor : sum), 0n);
  const charges = adjustments.filter(({ type }) => type === 'discount' || type === 'surcharge');
  const { taxes, codeOf } = await taxesOf(
    tx,
    [...lines, ...charges].flatMap(({ tax_code_ids }) => tax_code_ids ?? []),
  );
  const depositMinor = -sumOf('deposit');
  const totals = computeTotals({
    pricesIncludeTax: invoice.prices_include_tax,
    lines: lines.map((line) => ({
      quantity: ratioOf(line.quantity_num, line.quantity_den),
      unitPriceMinor: line.unit_price_minor,
      priceBase: BigInt(line.price_base),
      discount: storedDiscount(line.discount_kind, line.discount_value),
      taxCodeIds: line.tax_code_ids,
    })),
    documentDiscount: storedDiscount(invoice.discount_kind, invoice.discount_value),
    allowancesAndCharges: charges.map(({ amount_minor, tax_code_ids }) => ({
      amountMinor: amount_minor,
      taxCodeIds: tax_code_ids,
    })),
    taxes,
    cashRoundingStep: invoice.cash_rounding_minor,
    depositMinor,
  });
  refuseTooLarge(totals);
  const roundingMinor = totals.roundingMinor + sumOf('rounding');
  const lineSums = lines.map(({ id: line }, at) => ({ line, ...totals.lines[at]! }));
  await sql`update invoice_lines l set gross_minor = s.gross, discount_minor = s.discount, net_minor = s.net
    from unnest(${lineSums.map(({ line }) => line)}::text[], ${lineSums.map(({ grossMinor }) => String(grossMinor))}::bigint[],
      ${lineSums.map(({ discountMinor }) => String(discountMinor))}::bigint[],
      ${lineSums.map(({ netMinor }) => String(netMinor))}::bigint[]) s (id, gross, discount, net)
    where l.id = s.id and (l.gross_minor, l.discount_minor, l.net_minor) is distinct from (s.gross, s.discount, s.net)`.execute(
    tx,
  );
  await tx.deleteFrom('invoice_tax_groups').where('invoice_id', '=', id).execute();
  const groups = [
    ...totals.taxGroups.map(({ taxCodeId, taxableMinor, taxMinor }) => ({
      taxCodeId,
      taxableMinor,
      taxMinor,
    })),
    ...totals.withholding.map(({ taxCodeId, taxableMinor, withheldMinor }) => ({
      taxCodeId,
      taxableMinor,
      taxMinor: withheldMinor,
    })),
  ].map(({ taxCodeId, taxableMinor, taxMinor }) => {
    const { id: code, name, category, ppm, withholding, exemption_reason } = codeOf.get(taxCodeId)!;
    return {
      invoice_id: id,
      tax_code_id: code,
      name,
      category,
      ppm,
      withholding,
      exemption_reason,
      taxable_minor: taxableMinor,
      tax_minor: taxMinor,
    };
  });
  if (groups.length > 0) await tx.insertInto('invoice_tax_groups').values(groups).execute();
  await tx
    .updateTable('invoices')
    .set({
      subtotal_minor: totals.subtotalMinor,
      discount_minor: totals.discountMinor,
      charges_minor: totals.chargesMinor,
      net_minor: totals.netMinor,
      tax_minor: totals.taxMinor,
      rounding_minor: roundingMinor,
      total_minor: totals.netMinor + totals.taxMinor + roundingMinor,
      withholding_minor: totals.withholdingMinor,
      deposit_minor: depositMinor,
    })
    .where('id', '=', id)
    .execute();
};
