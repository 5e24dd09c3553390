import fc from 'fast-check';
import type { TotalsTax } from '#values/invoice-taxes.ts';
import type { Discount, TotalsInput, TotalsLine } from '#values/invoice-totals.ts';
import { ratioOf } from '#values/ratio.ts';

// Small amounts meet ties and remainders, large ones the limits of numbers that are no integers.
const amounts = fc.oneof(
  fc.bigInt(-50n, 50n),
  fc.bigInt(-100_000n, 100_000n),
  fc.bigInt(-(10n ** 13n), 10n ** 13n),
);
const prices = fc.oneof(fc.bigInt(0n, 100n), fc.bigInt(0n, 50_000n), fc.bigInt(-(10n ** 11n), 10n ** 11n));

const quantities = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -20, max: 20 }).map((pieces) => ratioOf(BigInt(pieces))) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.bigInt(-100_000n, 100_000n), fc.integer({ min: 1, max: 6 }))
      .map(([scaled, digits]) => ratioOf(scaled, 10n ** BigInt(digits))),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.bigInt(-1000n, 1000n), fc.bigInt(1n, 60n)).map(([num, den]) => ratioOf(num, den)),
  },
);
const priced = fc.oneof(
  fc.record({ quantity: quantities, priceBase: fc.constantFrom(1n, 1n, 1n, 100n) }),
  fc.record({
    quantity: fc.integer({ min: 0, max: 400_000 }).map((seconds) => ratioOf(BigInt(seconds))),
    priceBase: fc.constant(3600n),
  }),
);

const ppms = fc.oneof(
  fc.constantFrom(0, 50_000, 70_000, 99_750, 190_000, 200_000, 255_000, 88_750),
  fc.integer({ min: 0, max: 1_000_000 }),
);
const discounts: fc.Arbitrary<Discount | null> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: ppms.map((ppm) => ({ kind: 'percent' as const, ppm })) },
  { weight: 1, arbitrary: amounts.map((minor) => ({ kind: 'amount' as const, minor })) },
);

const taxes = fc
  .array(
    fc.record({
      ppm: ppms,
      category: fc.constantFrom('S' as const, 'Z' as const, 'E' as const, 'AE' as const),
      compoundOrder: fc.constantFrom(0, 0, 0, 1, 1, 2),
      withholding: fc.constantFrom(false, false, false, true),
    }),
    { maxLength: 5 },
  )
  .map((given) => given.map((tax, index): TotalsTax => ({ id: `tax_${'cadbe'[index]}`, ...tax })));

/** Which of the taxes something carries: one bit for each. */
const carried = fc.oneof(fc.constantFrom(0, 1, 2, 3), fc.nat(31));
const idsOf = (given: readonly TotalsTax[], bits: number): string[] =>
  given.filter((_, index) => ((bits >> index) & 1) === 1).map(({ id }) => id);

const negated = (discount: Discount | null): Discount | null =>
  discount?.kind === 'amount' ? { kind: 'amount', minor: -discount.minor } : discount;

const mirrored = (line: TotalsLine): TotalsLine => ({
  ...line,
  quantity: ratioOf(-line.quantity.num, line.quantity.den),
  discount: negated(line.discount),
});

/** Invoices of every kind that arithmetic can meet, sensible or not: several taxes, compound ones, discounts, negative amounts. */
export const randomInvoices: fc.Arbitrary<TotalsInput> = fc
  .record({
    pricesIncludeTax: fc.boolean(),
    lines: fc.array(fc.record({ priced, unitPriceMinor: prices, discount: discounts, taxes: carried }), {
      maxLength: 8,
    }),
    documentDiscount: discounts,
    charges: fc.array(fc.record({ amountMinor: amounts, taxes: fc.oneof(fc.constant(null), carried) }), {
      maxLength: 3,
    }),
    taxes,
    /** Every line a second time, taken back under other taxes: nothing remains that anything could be proportional to. */
    cancelled: fc.constantFrom(false, false, false, false, true),
    cashRoundingStep: fc.constantFrom(null, null, 5n, 10n, 100n),
    depositMinor: fc.oneof(fc.constant(0n), amounts),
  })
  .map(({ lines: given, charges, cancelled, ...rest }) => {
    const lines = given.map(({ priced: { quantity, priceBase }, taxes: bits, ...line }) => ({
      ...line,
      quantity,
      priceBase,
      taxCodeIds: idsOf(rest.taxes, bits),
    }));
    const back = lines.map((line) => ({ ...mirrored(line), taxCodeIds: idsOf(rest.taxes, 1) }));
    return {
      ...rest,
      lines: cancelled ? [...lines, ...back] : lines,
      allowancesAndCharges: charges.map(({ amountMinor, taxes: bits }) => ({
        amountMinor,
        taxCodeIds: bits === null ? null : idsOf(rest.taxes, bits),
      })),
    };
  });

/** The credit note that takes a whole invoice back: every quantity and amount with the other sign. */
export const takenBack = (invoice: TotalsInput): TotalsInput => ({
  ...invoice,
  lines: invoice.lines.map(mirrored),
  documentDiscount: negated(invoice.documentDiscount),
  allowancesAndCharges: invoice.allowancesAndCharges.map((charge) => ({
    ...charge,
    amountMinor: -charge.amountMinor,
  })),
  depositMinor: -invoice.depositMinor,
});
