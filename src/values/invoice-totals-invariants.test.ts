import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { oracleTotals } from '#testing/invoice-oracle.ts';
import { randomInvoices, takenBack } from '#testing/random-invoices.ts';
import { computeTotals, type InvoiceTotals } from './invoice-totals.ts';
import { multiplyDivide } from './money.ts';

/** More by hand: ORACLE_RUNS=100000 npm test -- src/values/invoice-totals. */
const runs = Number(process.env['ORACLE_RUNS'] ?? 3000);
const numRuns = 1500;

const sum = (values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n);

const inUnits = (totals: InvoiceTotals, digits: number): ReturnType<typeof oracleTotals> => {
  const text = (minor: bigint) => new Decimal(`${minor}e-${digits}`).toFixed(digits);
  return {
    lines: totals.lines.map((line) => [line.grossMinor, line.discountMinor, line.netMinor].map(text)),
    subtotal: text(totals.subtotalMinor),
    discount: text(totals.discountMinor),
    charges: text(totals.chargesMinor),
    net: text(totals.netMinor),
    combinations: totals.combinations.map(({ netMinor }) => text(netMinor)),
    taxes: totals.taxGroups.map((group) => [group.taxCodeId, text(group.taxableMinor), text(group.taxMinor)]),
    tax: text(totals.taxMinor),
    rounding: text(totals.roundingMinor),
    total: text(totals.totalMinor),
    withholding: totals.withholding
      .map((group) => [group.taxCodeId, text(group.taxableMinor), text(group.withheldMinor)])
      .sort(),
    withheld: text(totals.withholdingMinor),
    payable: text(totals.payableMinor),
  };
};

test(
  `${runs} random invoices have, to the last digit, the totals that an independent library finds`,
  { timeout: 120_000 + 60 * runs },
  () => {
    fc.assert(
      fc.property(randomInvoices, fc.integer({ min: 0, max: 4 }), (invoice, digits) => {
        const ours = inUnits(computeTotals(invoice), digits);
        const theirs = oracleTotals(invoice, digits);
        // Comparing texts first is what makes a hundred thousand runs bearable.
        if (JSON.stringify(ours) !== JSON.stringify(theirs)) expect(ours).toEqual(theirs);
      }),
      { numRuns: runs },
    );
  },
);

const always = (name: string, holds: (invoice: Parameters<typeof computeTotals>[0]) => void) =>
  test(name, () => {
    fc.assert(fc.property(randomInvoices, holds), { numRuns });
  });

describe('on every invoice', () => {
  always('total = subtotal − discount + charges + tax on top + rounding', (invoice) => {
    const totals = computeTotals(invoice);
    const priced = totals.subtotalMinor - totals.discountMinor + totals.chargesMinor;
    const onTop = invoice.pricesIncludeTax ? 0n : totals.taxMinor;
    expect(totals.totalMinor).toBe(priced + onTop + totals.roundingMinor);
    expect(totals.totalMinor).toBe(totals.netMinor + totals.taxMinor + totals.roundingMinor);
    expect(totals.payableMinor).toBe(totals.totalMinor - totals.withholdingMinor - invoice.depositMinor);
  });

  always('nothing is lost between the lines, what carries the same taxes, and the document', (invoice) => {
    const totals = computeTotals(invoice);
    const of = (amount: (one: InvoiceTotals['combinations'][number]) => bigint) =>
      sum(totals.combinations.map(amount));
    expect(of((one) => one.linesMinor)).toBe(totals.subtotalMinor);
    expect(of((one) => one.discountMinor)).toBe(totals.discountMinor);
    expect(of((one) => one.chargesMinor)).toBe(totals.chargesMinor);
    expect(of((one) => one.netMinor)).toBe(totals.netMinor);
    expect(sum(totals.taxGroups.map((group) => group.taxMinor))).toBe(totals.taxMinor);
    expect(sum(totals.withholding.map((group) => group.withheldMinor))).toBe(totals.withholdingMinor);
  });

  always('prices with tax in them are base and tax exactly', (invoice) => {
    const totals = computeTotals({ ...invoice, pricesIncludeTax: true, cashRoundingStep: null });
    expect(totals.netMinor + totals.taxMinor).toBe(
      totals.subtotalMinor - totals.discountMinor + totals.chargesMinor,
    );
  });

  always('a tax on top is rounded once, on all it falls on', (invoice) => {
    for (const group of computeTotals({ ...invoice, pricesIncludeTax: false }).taxGroups)
      expect(group.taxMinor).toBe(multiplyDivide(group.taxableMinor, BigInt(group.ppm), 1_000_000n));
  });

  always('cash rounding ends on a coin, and moves by no more than half of it', (invoice) => {
    const { roundingMinor, totalMinor } = computeTotals({ ...invoice, cashRoundingStep: 5n });
    expect(totalMinor % 5n).toBe(0n);
    expect(roundingMinor >= -2n && roundingMinor <= 2n).toBe(true);
    expect(computeTotals({ ...invoice, cashRoundingStep: null }).roundingMinor).toBe(0n);
  });

  always('the credit note of everything is its mirror, and both together are nothing', (invoice) => {
    const mirrored = (value: unknown, key: string): unknown => {
      if (typeof value === 'bigint') return -value;
      if (key === 'ppm' || typeof value !== 'object' || value === null) return value;
      if (Array.isArray(value)) return value.map((one) => mirrored(one, ''));
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, mirrored(one, name)]));
    };
    expect(computeTotals(takenBack(invoice))).toEqual(mirrored(computeTotals(invoice), ''));
  });
});

test('neither the order of lines nor that of charges or taxes changes any sum', () => {
  const shuffled = randomInvoices.chain((invoice) => {
    const whole = <T>(items: readonly T[]) =>
      fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });
    return fc.record({
      invoice: fc.constant(invoice),
      lines: whole(invoice.lines),
      allowancesAndCharges: whole(invoice.allowancesAndCharges),
      taxes: whole(invoice.taxes),
    });
  });
  fc.assert(
    fc.property(shuffled, ({ invoice, ...order }) => {
      const { lines: _, ...sums } = computeTotals(invoice);
      const { lines: __, ...again } = computeTotals({ ...invoice, ...order });
      expect(again).toEqual(sums);
    }),
    { numRuns },
  );
});
