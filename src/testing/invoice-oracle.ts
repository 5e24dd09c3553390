import { Decimal } from 'decimal.js';
import type { TotalsTax } from '#values/invoice-taxes.ts';
import type { Discount, TotalsInput } from '#values/invoice-totals.ts';

// Enough digits that every product here is exact, and every quotient that ends; half goes away from zero.
const Exact = Decimal.clone({ precision: 150, rounding: Decimal.ROUND_HALF_UP });
const exact = (value: bigint | number): Decimal => new Exact(String(value));
const total = (values: readonly Decimal[]): Decimal =>
  values.reduce((sum, value) => sum.plus(value), exact(0));

/** Gives each its rounded-down share, and then unit after unit to whoever is owed most. */
const handOut = (amount: Decimal, weights: readonly Decimal[], unit: Decimal): Decimal[] => {
  if (amount.isNegative()) return handOut(amount.negated(), weights, unit).map((part) => part.negated());
  const sum = total(weights);
  if (sum.isZero()) {
    if (weights.some((weight) => !weight.isZero())) {
      return handOut(
        amount,
        weights.map((weight) => weight.abs()),
        unit,
      );
    }
    return weights.map((_, index) => (index === 0 ? amount : exact(0)));
  }
  const parts = weights.map((weight) => amount.times(weight).div(sum).div(unit).floor().times(unit));
  // What is owed is compared before dividing, where it is exact. A negative sum turns the sign of every debt.
  const owed = (index: number): Decimal =>
    amount
      .times(weights[index]!)
      .minus(parts[index]!.times(sum))
      .times(sum.isNegative() ? -1 : 1);
  for (let left = amount.minus(total(parts)); left.gt(0); left = left.minus(unit)) {
    let most = 0;
    for (const index of weights.keys()) if (owed(index).gt(owed(most))) most = index;
    parts[most] = parts[most]!.plus(unit);
  }
  return parts;
};

/** What carries the same taxes, in whole currency units. */
interface Bag {
  readonly ids: ReadonlySet<string>;
  weight: Decimal;
  /** As priced at first; without tax in the end. */
  net: Decimal;
}

/**
 * The sums of an invoice once more, by the same rules and in another way: with decimals of the currency unit by an independent library,
 * and each tax by its definition instead of step by step. As text with as many digits as the currency has.
 */
export const oracleTotals = (input: TotalsInput, digits: number) => {
  const unit = exact(10).pow(-digits);
  const money = (minor: bigint): Decimal => exact(minor).times(unit);
  const rounded = (value: Decimal): Decimal => value.toDecimalPlaces(digits);
  const text = (value: Decimal): string => (value.isZero() ? exact(0) : value).toFixed(digits);
  const percentOf = (value: Decimal, ppm: number): Decimal => value.times(ppm).div(1_000_000);
  const takenOff = (value: Decimal, discount: Discount | null): Decimal => {
    if (discount === null) return exact(0);
    return discount.kind === 'amount' ? money(discount.minor) : rounded(percentOf(value, discount.ppm));
  };

  const bags = new Map<string, Bag>();
  const bagOf = (ids: readonly string[]): Bag => {
    const key = [...new Set(ids)].sort().join(' ');
    const bag = bags.get(key) ?? { ids: new Set(ids), weight: exact(0), net: exact(0) };
    bags.set(key, bag);
    return bag;
  };

  const lines = input.lines.map((line) => {
    const below = exact(line.quantity.den).times(exact(line.priceBase));
    const gross = rounded(money(line.unitPriceMinor).times(exact(line.quantity.num)).div(below));
    const off = takenOff(gross, line.discount);
    const net = gross.minus(off);
    const bag = bagOf(line.taxCodeIds);
    bag.weight = bag.weight.plus(net);
    bag.net = bag.net.plus(net);
    return { gross, off, net };
  });
  const spread: Decimal[] = [];
  for (const { amountMinor, taxCodeIds } of input.allowancesAndCharges) {
    if (taxCodeIds === null) spread.push(money(amountMinor));
    else {
      const bag = bagOf(taxCodeIds);
      bag.net = bag.net.plus(money(amountMinor));
    }
  }
  const subtotal = total(lines.map(({ net }) => net));
  const discount = takenOff(subtotal, input.documentDiscount);
  if (bags.size === 0) bagOf([]);
  const inOrder = [...bags.keys()].sort().map((key) => bags.get(key)!);
  const weights = inOrder.map(({ weight }) => weight);
  for (const amount of [discount.negated(), ...spread])
    handOut(amount, weights, unit).forEach((share, index) => {
      inOrder[index]!.net = inOrder[index]!.net.plus(share);
    });
  const spent = total(inOrder.map(({ net }) => net));

  const levied = input.taxes
    .filter(({ withholding }) => !withholding)
    .sort((one, other) => one.compoundOrder - other.compoundOrder || (one.id < other.id ? -1 : 1));
  const carriersOf = (tax: TotalsTax): Bag[] => inOrder.filter(({ ids }) => ids.has(tax.id));
  const earlierOn = (tax: TotalsTax, bag: Bag): TotalsTax[] =>
    levied.filter(({ id, compoundOrder }) => bag.ids.has(id) && compoundOrder < tax.compoundOrder);

  /** How much of each tax fell on each bag. */
  const fell = new Map<string, Map<Bag, Decimal>>();
  const fallsOn = (tax: TotalsTax, bag: Bag): Decimal =>
    bag.net.plus(total(earlierOn(tax, bag).map(({ id }) => fell.get(id)!.get(bag)!)));
  const onTop = (tax: TotalsTax): void => {
    const carriers = carriersOf(tax);
    const earlier = levied.filter(({ compoundOrder }) => compoundOrder < tax.compoundOrder);
    // An earlier tax that fell on nothing else counts as a whole; of another one, the share of the bags that carry this one too.
    const earlierTax = earlier.map((other) => {
      const shares = [...(fell.get(other.id) ?? [])];
      return total(shares.filter(([bag]) => carriers.includes(bag)).map(([, share]) => share));
    });
    const taxable = total([...carriers.map(({ net }) => net), ...earlierTax]);
    const shares = handOut(
      rounded(percentOf(taxable, tax.ppm)),
      carriers.map((bag) => fallsOn(tax, bag)),
      unit,
    );
    fell.set(tax.id, new Map(carriers.map((bag, index) => [bag, shares[index]!])));
  };
  const within = (bag: Bag): void => {
    const mine = levied.filter(({ id }) => bag.ids.has(id));
    const partOfOne = (tax: TotalsTax): Decimal =>
      percentOf(total([exact(1), ...earlierOn(tax, bag).map(partOfOne)]), tax.ppm);
    const parts = mine.map(partOfOne);
    const base = rounded(bag.net.div(total([exact(1), ...parts])));
    const shares = handOut(bag.net.minus(base), parts, unit);
    bag.net = base;
    mine.forEach(({ id }, index) =>
      fell.set(id, (fell.get(id) ?? new Map<Bag, Decimal>()).set(bag, shares[index]!)),
    );
  };
  if (input.pricesIncludeTax) inOrder.forEach(within);
  else levied.forEach(onTop);

  const groups = levied
    .filter((tax) => carriersOf(tax).length > 0)
    .map((tax) => ({
      id: tax.id,
      taxable: total(carriersOf(tax).map((bag) => fallsOn(tax, bag))),
      tax: total([...fell.get(tax.id)!.values()]),
    }));
  const held = input.taxes
    .filter((tax) => tax.withholding && carriersOf(tax).length > 0)
    .map((tax) => {
      const taxable = total(carriersOf(tax).map(({ net }) => net));
      return { id: tax.id, taxable, held: rounded(percentOf(taxable, tax.ppm)) };
    });

  const net = total(inOrder.map((bag) => bag.net));
  const tax = total(groups.map((group) => group.tax));
  const due = input.pricesIncludeTax ? spent : net.plus(tax);
  const payable = input.cashRoundingStep === null ? due : due.toNearest(money(input.cashRoundingStep));
  const withheld = total(held.map((one) => one.held));
  return {
    lines: lines.map((line) => [text(line.gross), text(line.off), text(line.net)]),
    subtotal: text(subtotal),
    discount: text(discount),
    charges: text(total(input.allowancesAndCharges.map(({ amountMinor }) => money(amountMinor)))),
    net: text(net),
    combinations: inOrder.map((bag) => text(bag.net)),
    taxes: groups.map((group) => [group.id, text(group.taxable), text(group.tax)]),
    tax: text(tax),
    rounding: text(payable.minus(due)),
    total: text(payable),
    withholding: held.map((one) => [one.id, text(one.taxable), text(one.held)]).sort(),
    withheld: text(withheld),
    payable: text(payable.minus(withheld).minus(money(input.depositMinor))),
  };
};
