import { allocate } from './allocate.ts';
import { multiplyDivide } from './money.ts';

/**
 * The VAT categories of EN 16931: standard, zero, exempt, reverse charge, within the EU, export, outside the scope, and the islands' own.
 *
 * @see UNCL 5305 as restricted by EN 16931 (BT-118, BT-151)
 */
export type TaxCategory = 'S' | 'Z' | 'E' | 'AE' | 'K' | 'G' | 'O' | 'L' | 'M';

/** A tax as the arithmetic needs it. */
export interface TotalsTax {
  readonly id: string;
  readonly ppm: number;
  readonly category: TaxCategory;
  /** 0 falls on the net; a higher one also on the taxes of lower order that fell on the same lines. Ignored where withheld. */
  readonly compoundOrder: number;
  /** Held back by the customer from what is paid: on the net, after the total, and no part of the tax. */
  readonly withholding: boolean;
}

const million = 1_000_000n;

/** So many millionths of an amount, rounded half away from zero. */
export const partOf = (amount: bigint, ppm: number): bigint => multiplyDivide(amount, BigInt(ppm), million);

/** The sum of an amount of each. */
export const sumBy = <T>(items: readonly T[], amountOf: (item: T) => bigint): bigint =>
  items.reduce((sum, item) => sum + amountOf(item), 0n);

/** Whether a combination, by its position, carries a tax. */
export type Carries = (combination: number, tax: TotalsTax) => boolean;

/** One tax on one combination: what it falls on there and how much it is. */
export interface TaxPart {
  readonly tax: TotalsTax;
  readonly taxable: bigint;
  readonly amount: bigint;
}

/** For each combination its net without tax, and its taxes. */
export interface Taxed {
  readonly nets: readonly bigint[];
  readonly parts: readonly (readonly TaxPart[])[];
}

/** What a tax falls on in one combination: its net, and the taxes of lower order that fell on it. */
const taxableOf = (net: bigint, parts: readonly TaxPart[], tax: TotalsTax): bigint =>
  net +
  sumBy(
    parts.filter((part) => part.tax.compoundOrder < tax.compoundOrder),
    ({ amount }) => amount,
  );

/**
 * Taxes on top of nets: each is rounded once, on all that carries it, and then shared out so that compound taxes know what fell where.
 * The taxes come in compound order.
 *
 * @see EN 16931-1 BR-CO-17
 */
export const taxOnTop = (nets: readonly bigint[], taxes: readonly TotalsTax[], carries: Carries): Taxed => {
  const parts = nets.map((): TaxPart[] => []);
  for (const tax of taxes) {
    const carriers = [...nets.keys()].filter((combination) => carries(combination, tax));
    const taxables = carriers.map((combination) => taxableOf(nets[combination]!, parts[combination]!, tax));
    const whole = partOf(
      sumBy(taxables, (taxable) => taxable),
      tax.ppm,
    );
    const amounts = allocate(whole, taxables);
    for (const [index, combination] of carriers.entries())
      parts[combination]!.push({ tax, taxable: taxables[index]!, amount: amounts[index]! });
  }
  return { nets, parts };
};

/**
 * Taxes within prices: the base of each combination is rounded once, and the rest of it is shared among its taxes, so that base and
 * taxes are the price exactly. The taxes come in compound order.
 */
export const taxWithin = (
  priced: readonly bigint[],
  taxes: readonly TotalsTax[],
  carries: Carries,
): Taxed => {
  const taxed = priced.map((gross, combination) => {
    const mine = taxes.filter((tax) => carries(combination, tax));
    const { base, shares } = exactShares(mine);
    const net = multiplyDivide(
      gross,
      base,
      sumBy([base, ...shares], (share) => share),
    );
    const amounts = allocate(gross - net, shares);
    const parts: TaxPart[] = [];
    for (const [index, tax] of mine.entries())
      parts.push({ tax, taxable: taxableOf(net, parts, tax), amount: amounts[index]! });
    return { net, parts };
  });
  return { nets: taxed.map(({ net }) => net), parts: taxed.map(({ parts }) => parts) };
};

/** How much each tax is on a base, compounding included. Exact: the base has six digits for every tax. */
const exactShares = (taxes: readonly TotalsTax[]): { base: bigint; shares: readonly bigint[] } => {
  const base = million ** BigInt(taxes.length);
  const shares: bigint[] = [];
  for (const { ppm, compoundOrder } of taxes) {
    const earlier = shares.filter((_, index) => taxes[index]!.compoundOrder < compoundOrder);
    shares.push(((base + sumBy(earlier, (share) => share)) * BigInt(ppm)) / million);
  }
  return { base, shares };
};
