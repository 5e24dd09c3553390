import { describe, expect, test } from 'vitest';
import type { TotalsTax } from './invoice-taxes.ts';
import { computeTotals, type Discount, type TotalsInput } from './invoice-totals.ts';
import { formatAmount, parseAmount } from './money.ts';
import { parseDecimal, parsePercent } from './ratio.ts';

const tax = (id: string, percent: string, more: Partial<TotalsTax> = {}): TotalsTax => ({
  id,
  ppm: parsePercent(percent),
  category: 'S',
  compoundOrder: 0,
  withholding: false,
  ...more,
});

const taxes = [
  tax('vat19', '19'),
  tax('vat7', '7'),
  tax('vat21', '21'),
  tax('vat10', '10'),
  tax('vat5', '5'),
  tax('chf', '8.1'),
  tax('gst', '5'),
  tax('qst', '9.975'),
  tax('qst2011', '8.5', { compoundOrder: 1 }),
  tax('reverse', '0', { category: 'AE' }),
  tax('irpf', '15', { withholding: true }),
];

/** `quantity × price, taxes, discount`, as a bookkeeper would note it; a quantity like `5400s` is at an hourly price. */
type Line = readonly [quantity: string, price: string, taxes: string, discount?: string];

const totalsOf = (
  currency: string,
  lines: readonly Line[],
  more: Partial<Omit<TotalsInput, 'documentDiscount' | 'allowancesAndCharges' | 'depositMinor'>> & {
    discount?: string;
    charges?: readonly (readonly [amount: string, taxes: string | null])[];
    deposit?: string;
  } = {},
) => {
  const { discount, charges = [], deposit = '0', ...rest } = more;
  const minor = (text: string) => parseAmount(text, currency);
  const text = (amount: bigint) => formatAmount(amount, currency);
  const codes = (names: string) => names.split(' ').filter((name) => name !== '');
  const off = (given: string | undefined): Discount | null => {
    if (given === undefined) return null;
    return given.endsWith('%')
      ? { kind: 'percent', ppm: parsePercent(given.slice(0, -1)) }
      : { kind: 'amount', minor: minor(given) };
  };
  const totals = computeTotals({
    pricesIncludeTax: false,
    cashRoundingStep: null,
    ...rest,
    taxes,
    lines: lines.map(([quantity, price, names, given]) => ({
      quantity: parseDecimal(quantity.replace('s', ''), 6),
      unitPriceMinor: minor(price),
      priceBase: quantity.endsWith('s') ? 3600n : 1n,
      discount: off(given),
      taxCodeIds: codes(names),
    })),
    documentDiscount: off(discount),
    allowancesAndCharges: charges.map(([amount, names]) => ({
      amountMinor: minor(amount),
      taxCodeIds: names === null ? null : codes(names),
    })),
    depositMinor: minor(deposit),
  });
  return {
    lines: totals.lines.map(({ netMinor }) => text(netMinor)),
    subtotal: text(totals.subtotalMinor),
    discount: text(totals.discountMinor),
    net: text(totals.netMinor),
    taxes: totals.taxGroups.map(
      (group) => `${group.taxCodeId}: ${text(group.taxMinor)} on ${text(group.taxableMinor)}`,
    ),
    tax: text(totals.taxMinor),
    rounding: text(totals.roundingMinor),
    total: text(totals.totalMinor),
    withheld: text(totals.withholdingMinor),
    payable: text(totals.payableMinor),
  };
};

describe('tax on top', () => {
  test('of one rate is rounded once, half away from zero', () => {
    expect(totalsOf('EUR', [['7.5', '85.00', 'vat19']])).toMatchObject({
      subtotal: '637.50',
      taxes: ['vat19: 121.13 on 637.50'],
      total: '758.63',
    });
  });

  test('is not the sum of taxes rounded line by line', () => {
    const three: Line = ['1', '0.03', 'vat19'];
    expect(totalsOf('EUR', [three, three, three])).toMatchObject({ net: '0.09', tax: '0.02', total: '0.11' });
  });

  test('of two rates, after a discount shared between them', () => {
    const lines: Line[] = [
      ['1', '100.00', 'vat19'],
      ['3', '16.67', 'vat7'],
    ];
    expect(totalsOf('EUR', lines, { discount: '10%' })).toMatchObject({
      subtotal: '150.01',
      discount: '15.00',
      net: '135.01',
      taxes: ['vat19: 17.10 on 90.00', 'vat7: 3.15 on 45.01'],
      total: '155.26',
    });
  });

  test('of nothing, where the customer owes it: the group stands there with its base', () => {
    expect(totalsOf('EUR', [['10', '120.00', 'reverse']])).toMatchObject({
      taxes: ['reverse: 0.00 on 1200.00'],
      total: '1200.00',
    });
  });

  test('beside lines without any', () => {
    const lines: Line[] = [
      ['1', '100.00', 'vat19'],
      ['1', '8.40', ''],
    ];
    expect(totalsOf('EUR', lines)).toMatchObject({
      net: '108.40',
      taxes: ['vat19: 19.00 on 100.00'],
      total: '127.40',
    });
  });
});

describe('GST and QST', () => {
  test('side by side, as since 2013', () => {
    expect(totalsOf('CAD', [['1', '100.00', 'gst qst']])).toMatchObject({
      taxes: ['gst: 5.00 on 100.00', 'qst: 9.98 on 100.00'],
      total: '114.98',
    });
  });

  test('the second on the first, as before', () => {
    expect(totalsOf('CAD', [['1', '100.00', 'gst qst2011']])).toMatchObject({
      taxes: ['gst: 5.00 on 100.00', 'qst2011: 8.93 on 105.00'],
      total: '113.93',
    });
  });

  test('the second only on what of the first fell on the same lines', () => {
    const lines: Line[] = [
      ['1', '100.00', 'gst qst2011'],
      ['1', '50.01', 'gst'],
    ];
    expect(totalsOf('CAD', lines)).toMatchObject({
      taxes: ['gst: 7.50 on 150.01', 'qst2011: 8.93 on 105.00'],
      total: '166.44',
    });
  });

  test('within the price, the second on the first', () => {
    expect(totalsOf('CAD', [['1', '113.93', 'gst qst2011']], { pricesIncludeTax: true })).toMatchObject({
      net: '100.00',
      taxes: ['gst: 5.00 on 100.00', 'qst2011: 8.93 on 105.00'],
      total: '113.93',
    });
  });
});

describe('tax within the price', () => {
  test.each([
    ['119.00', '100.00', '19.00'],
    ['99.99', '84.03', '15.96'],
    ['0.01', '0.01', '0.00'],
    ['1000.00', '840.34', '159.66'],
  ])('%s with 19 %% is %s and %s', (price, net, inTax) => {
    expect(totalsOf('EUR', [['1', price, 'vat19']], { pricesIncludeTax: true })).toMatchObject({
      subtotal: price,
      net,
      tax: inTax,
      total: price,
    });
  });

  test('after a discount is still that of what is paid', () => {
    const lines: Line[] = [
      ['1', '119.00', 'vat19'],
      ['1', '107.00', 'vat7'],
    ];
    expect(totalsOf('EUR', lines, { pricesIncludeTax: true, discount: '22.60' })).toMatchObject({
      subtotal: '226.00',
      discount: '22.60',
      net: '180.00',
      taxes: ['vat19: 17.10 on 90.00', 'vat7: 6.30 on 90.00'],
      total: '203.40',
    });
  });
});

describe('currencies with other decimals', () => {
  test('KWD has three', () => {
    expect(totalsOf('KWD', [['3', '12.345', 'vat5']])).toMatchObject({
      net: '37.035',
      tax: '1.852',
      total: '38.887',
    });
  });

  test('JPY has none', () => {
    const lines: Line[] = [
      ['3', '333', 'vat10'],
      ['6000s', '5000', 'vat10'],
    ];
    expect(totalsOf('JPY', lines)).toMatchObject({
      lines: ['999', '8333'],
      net: '9332',
      tax: '933',
      total: '10265',
    });
  });

  test('CLF has four', () => {
    expect(totalsOf('CLF', [['2.5', '1.2345', 'vat19']])).toMatchObject({
      net: '3.0863',
      tax: '0.5864',
      total: '3.6727',
    });
  });
});

describe('a line', () => {
  test.each<[Line, string]>([
    [['5400s', '85.00', ''], '127.50'],
    [['1s', '85.00', ''], '0.02'],
    [['0.333333', '90.00', ''], '30.00'],
    [['3', '19.99', '', '15%'], '50.97'],
    [['3', '19.99', '', '9.97'], '50.00'],
    [['-2', '85.00', ''], '-170.00'],
    [['-0.5', '0.01', ''], '-0.01'],
  ])('%j comes to %s', (line, net) => {
    expect(totalsOf('EUR', [line]).lines).toEqual([net]);
  });
});

describe('below the lines', () => {
  test('a surcharge has its own tax, or that of the lines in proportion', () => {
    const lines: Line[] = [
      ['1', '300.00', 'vat19'],
      ['1', '100.00', 'vat7'],
    ];
    const charges = [
      ['10.00', 'vat19'],
      ['-4.00', null],
    ] as const;
    expect(totalsOf('EUR', lines, { charges })).toMatchObject({
      net: '406.00',
      taxes: ['vat19: 58.33 on 307.00', 'vat7: 6.93 on 99.00'],
      total: '471.26',
    });
  });

  test('a total in cash ends on five centimes', () => {
    expect(totalsOf('CHF', [['1', '123.47', 'chf']], { cashRoundingStep: 5n })).toMatchObject({
      tax: '10.00',
      rounding: '-0.02',
      total: '133.45',
      payable: '133.45',
    });
  });

  test('what the customer withholds and what is already paid come off after the total', () => {
    expect(totalsOf('EUR', [['1', '1000.00', 'vat21 irpf']], { deposit: '500.00' })).toMatchObject({
      taxes: ['vat21: 210.00 on 1000.00'],
      total: '1210.00',
      withheld: '150.00',
      payable: '560.00',
    });
  });

  test('an amount without any line to share it stands alone', () => {
    expect(totalsOf('EUR', [], { charges: [['25.00', null]] })).toMatchObject({
      subtotal: '0.00',
      net: '25.00',
      taxes: [],
      total: '25.00',
    });
  });
});

test('a credit note of everything is the invoice with the other sign', () => {
  const [invoice, back] = ['7.5', '-7.5'].map((hours) => totalsOf('EUR', [[hours, '85.00', 'vat19']]));
  expect([invoice!.total, back!.total]).toEqual(['758.63', '-758.63']);
  expect(back!.taxes).toEqual(['vat19: -121.13 on -637.50']);
});

test('a tax that was not given is a mistake of ours, not a sum', () => {
  expect(() => totalsOf('EUR', [['1', '1.00', 'vat20']])).toThrow('vat20 is not a tax of this invoice');
});
