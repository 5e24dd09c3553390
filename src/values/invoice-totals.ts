import { allocate } from './allocate.ts';
import {
  type Carries,
  partOf,
  sumBy,
  type TaxCategory,
  taxOnTop,
  type TotalsTax,
  taxWithin,
} from './invoice-taxes.ts';
import { multiplyDivide } from './money.ts';
import type { Ratio } from './ratio.ts';

/** What is taken off: a part of the amount in millionths, or an amount. Negative amounts are those of a credit note. */
export type Discount =
  { readonly kind: 'percent'; readonly ppm: number } | { readonly kind: 'amount'; readonly minor: bigint };

export interface TotalsLine {
  readonly quantity: Ratio;
  readonly unitPriceMinor: bigint;
  /** The price is for this many units: 3600 for seconds at an hourly rate, else 1 (BT-149). */
  readonly priceBase: bigint;
  readonly discount: Discount | null;
  readonly taxCodeIds: readonly string[];
}

/** What is taken off or added below the lines. */
export interface AllowanceOrCharge {
  /** A surcharge is positive, an allowance negative. */
  readonly amountMinor: bigint;
  /** Null: spread over the lines of every tax in proportion, as the document discount is. */
  readonly taxCodeIds: readonly string[] | null;
}

/** What an invoice is computed from. All amounts are whole minor units of its one currency. */
export interface TotalsInput {
  readonly pricesIncludeTax: boolean;
  readonly lines: readonly TotalsLine[];
  readonly documentDiscount: Discount | null;
  readonly allowancesAndCharges: readonly AllowanceOrCharge[];
  /** At least those that lines and charges name. */
  readonly taxes: readonly TotalsTax[];
  /** The smallest coin, in minor units, where the total is rounded to it: 5 for CHF 0.05. */
  readonly cashRoundingStep: bigint | null;
  readonly depositMinor: bigint;
}

export interface LineTotals {
  /** Quantity × price ÷ price base, rounded once. */
  readonly grossMinor: bigint;
  readonly discountMinor: bigint;
  /** Gross less discount: as priced, so with its tax where prices include it. */
  readonly netMinor: bigint;
}

/** What carries the same taxes, together. Sums as priced, but for `netMinor`. */
export interface CombinationTotals {
  /** Sorted; withholding among them. */
  readonly taxCodeIds: readonly string[];
  readonly linesMinor: bigint;
  /** Its share of the document discount. */
  readonly discountMinor: bigint;
  readonly chargesMinor: bigint;
  /** Without tax. */
  readonly netMinor: bigint;
}

export interface TaxGroup {
  readonly taxCodeId: string;
  readonly category: TaxCategory;
  readonly ppm: number;
  /** The net it falls on, and the earlier taxes where it is compound. */
  readonly taxableMinor: bigint;
  readonly taxMinor: bigint;
}

export interface WithheldGroup {
  readonly taxCodeId: string;
  readonly ppm: number;
  readonly taxableMinor: bigint;
  readonly withheldMinor: bigint;
}

/** The sums of an invoice, in minor units. Discounts are what is taken off: positive on an invoice. */
export interface InvoiceTotals {
  /** In the order of the input. */
  readonly lines: readonly LineTotals[];
  /** Σ line net, as priced. */
  readonly subtotalMinor: bigint;
  /** The document discount. */
  readonly discountMinor: bigint;
  /** Σ allowances and charges. */
  readonly chargesMinor: bigint;
  /** Without tax. */
  readonly netMinor: bigint;
  readonly combinations: readonly CombinationTotals[];
  /** One for each tax that anything carries, in compound order; withholding is not among them. */
  readonly taxGroups: readonly TaxGroup[];
  readonly taxMinor: bigint;
  /** What cash rounding added or took (BT-114). */
  readonly roundingMinor: bigint;
  /** Net + tax + rounding. */
  readonly totalMinor: bigint;
  readonly withholding: readonly WithheldGroup[];
  readonly withholdingMinor: bigint;
  /** Total − withholding − deposit. */
  readonly payableMinor: bigint;
}

const discountOn = (amount: bigint, discount: Discount | null): bigint => {
  if (discount === null) return 0n;
  return discount.kind === 'percent' ? partOf(amount, discount.ppm) : discount.minor;
};

const lineTotals = ({ quantity, unitPriceMinor, priceBase, discount }: TotalsLine): LineTotals => {
  const grossMinor = multiplyDivide(unitPriceMinor, quantity.num, quantity.den * priceBase);
  const discountMinor = discountOn(grossMinor, discount);
  return { grossMinor, discountMinor, netMinor: grossMinor - discountMinor };
};

const inOrder = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const sortedSet = (taxCodeIds: readonly string[]): string[] => [...new Set(taxCodeIds)].toSorted(inOrder);

/** Sums as priced of what carries the same taxes: what of it is on lines, taken off by the discount, added by charges. */
type PricedCombination = Omit<CombinationTotals, 'netMinor'>;

/** The combinations in an order of their own, so that no tie is decided by the order of lines. */
const combine = (
  input: TotalsInput,
  lines: readonly LineTotals[],
  discountMinor: bigint,
): PricedCombination[] => {
  const parts = [
    ...input.lines.map(({ taxCodeIds }, index) => ({ taxCodeIds, line: lines[index]!.netMinor, charge: 0n })),
    ...input.allowancesAndCharges.flatMap(({ taxCodeIds, amountMinor }) =>
      taxCodeIds === null ? [] : [{ taxCodeIds, line: 0n, charge: amountMinor }],
    ),
  ].map((part) => ({ ...part, taxCodeIds: sortedSet(part.taxCodeIds) }));
  const groups = [...Map.groupBy(parts, ({ taxCodeIds }) => taxCodeIds.join(' '))]
    .toSorted(([one], [other]) => inOrder(one, other))
    .map(([, members]) => members);
  if (groups.length === 0) groups.push([{ taxCodeIds: [], line: 0n, charge: 0n }]);

  const weights = groups.map((members) => sumBy(members, ({ line }) => line));
  const discounts = allocate(discountMinor, weights);
  const spread = input.allowancesAndCharges
    .filter(({ taxCodeIds }) => taxCodeIds === null)
    .map(({ amountMinor }) => allocate(amountMinor, weights));
  return groups.map((members, index) => ({
    taxCodeIds: members[0]!.taxCodeIds,
    linesMinor: weights[index]!,
    discountMinor: discounts[index]!,
    chargesMinor: sumBy(members, ({ charge }) => charge) + sumBy(spread, (shares) => shares[index]!),
  }));
};

const roundedToStep = (amount: bigint, step: bigint | null): bigint =>
  step === null ? amount : multiplyDivide(amount, 1n, step) * step;

/**
 * The sums of an invoice or credit note, with integers only and every rounding half away from zero.
 *
 * What carries the same set of taxes is a combination. The document discount and each spread charge are allocated to the combinations
 * by largest remainder, in proportion to their line nets. Where prices exclude tax, each tax is rounded once, on the sum of all that
 * carries it (BR-CO-17). Where they include it, each combination's gross is parted into base and tax, so that base + tax = gross
 * exactly. Neither the order of lines nor that of taxes changes a total, and turning the sign of all quantities and amounts turns
 * the sign of all totals. Throws where a line or charge names a tax that is not given.
 *
 * @see EN 16931-1 BR-CO-10 to BR-CO-17
 */
export const computeTotals = (input: TotalsInput): InvoiceTotals => {
  const taxes = input.taxes.toSorted(
    (one, other) => one.compoundOrder - other.compoundOrder || inOrder(one.id, other.id),
  );
  const known = new Set(taxes.map(({ id }) => id));
  for (const { taxCodeIds } of [...input.lines, ...input.allowancesAndCharges])
    for (const id of taxCodeIds ?? [])
      if (!known.has(id)) throw new Error(`${id} is not a tax of this invoice`);

  const lines = input.lines.map(lineTotals);
  const subtotalMinor = sumBy(lines, ({ netMinor }) => netMinor);
  const discountMinor = discountOn(subtotalMinor, input.documentDiscount);
  const combined = combine(input, lines, discountMinor);
  const carried = combined.map(({ taxCodeIds }) => new Set(taxCodeIds));
  const carries: Carries = (combination, { id }) => carried[combination]!.has(id);

  const priced = combined.map(
    (combination) => combination.linesMinor - combination.discountMinor + combination.chargesMinor,
  );
  const levied = taxes.filter(({ withholding }) => !withholding);
  const { nets, parts } = (input.pricesIncludeTax ? taxWithin : taxOnTop)(priced, levied, carries);

  const taxGroups = levied.flatMap((tax): TaxGroup[] => {
    const mine = parts.flat().filter((part) => part.tax === tax);
    if (mine.length === 0) return [];
    const { id: taxCodeId, category, ppm } = tax;
    const taxableMinor = sumBy(mine, ({ taxable }) => taxable);
    return [{ taxCodeId, category, ppm, taxableMinor, taxMinor: sumBy(mine, ({ amount }) => amount) }];
  });
  const withholding = taxes.flatMap((tax): WithheldGroup[] => {
    const mine = nets.filter((_, combination) => carries(combination, tax));
    if (!tax.withholding || mine.length === 0) return [];
    const taxableMinor = sumBy(mine, (net) => net);
    return [{ taxCodeId: tax.id, ppm: tax.ppm, taxableMinor, withheldMinor: partOf(taxableMinor, tax.ppm) }];
  });

  const netMinor = sumBy(nets, (net) => net);
  const taxMinor = sumBy(taxGroups, (group) => group.taxMinor);
  const totalMinor = roundedToStep(netMinor + taxMinor, input.cashRoundingStep);
  const withholdingMinor = sumBy(withholding, (group) => group.withheldMinor);
  return {
    lines,
    subtotalMinor,
    discountMinor,
    chargesMinor: sumBy(input.allowancesAndCharges, ({ amountMinor }) => amountMinor),
    netMinor,
    combinations: combined.map((combination, index) => ({ ...combination, netMinor: nets[index]! })),
    taxGroups,
    taxMinor,
    roundingMinor: totalMinor - netMinor - taxMinor,
    totalMinor,
    withholding,
    withholdingMinor,
    payableMinor: totalMinor - withholdingMinor - input.depositMinor,
  };
};
