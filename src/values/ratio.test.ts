import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatDecimal,
  formatPercent,
  parseDecimal,
  parsePercent,
  percentInput,
  percentUpTo,
  quantityDigits,
  quantityInput,
  ratioOf,
} from './ratio.ts';
import { Refusal } from './refusal.ts';

test.each([
  [6n, 4n, { num: 3n, den: 2n }],
  [-6n, 4n, { num: -3n, den: 2n }],
  [6n, -4n, { num: -3n, den: 2n }],
  [-6n, -4n, { num: 3n, den: 2n }],
  [0n, -7n, { num: 0n, den: 1n }],
])('%d over %d is kept in lowest terms, with the sign above', (num, den, ratio) => {
  expect(ratioOf(num, den)).toEqual(ratio);
});

test('there is no ratio to nothing', () => {
  expect(() => ratioOf(1n, 0n)).toThrow();
});

describe('a quantity', () => {
  test.each([
    ['1.5', 3n, 2n],
    ['-0.25', -1n, 4n],
    ['8', 8n, 1n],
    ['0.000001', 1n, 1_000_000n],
    ['1.50000000', 3n, 2n],
    ['0', 0n, 1n],
    ['007', 7n, 1n],
  ])('%s is read exactly', (text, num, den) => {
    expect(parseDecimal(text, quantityDigits)).toEqual({ num, den });
  });

  test.each(['1,5', '1.', '.5', '1e3', '', '+1', '--1', '0x1', 'NaN', '1 000', '٣', '1.1234567'])(
    'written "%s" is refused',
    (text) => {
      expect(() => parseDecimal(text, quantityDigits)).toThrow(Refusal);
      expect(quantityInput.safeParse(text).success).toBe(false);
    },
  );

  test('that is refused is named with its field and what is allowed', () => {
    expect(() => parseDecimal('1.234', 2, 'quantity')).toThrow(
      'quantity must be a number as text like "1.5", with at most 2 decimals, not "1.234".',
    );
  });

  test('that a door lets in can be read', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^-?\d{1,9}(\.\d{1,6})?$/), (text) => {
        parseDecimal(quantityInput.parse(text), quantityDigits);
      }),
    );
  });

  test('comes back as it went in', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 15n), 10n ** 15n), fc.integer({ min: 0, max: 9 }), (scaled, digits) => {
        const ratio = ratioOf(scaled, 10n ** BigInt(digits));
        expect(parseDecimal(formatDecimal(ratio)!, 9)).toEqual(ratio);
      }),
    );
  });

  test.each([
    [3n, 2n, '1.5'],
    [-1n, 4n, '-0.25'],
    [1n, 1024n, '0.0009765625'],
    [1n, 125n, '0.008'],
    [100n, 1n, '100'],
    [0n, 1n, '0'],
    [1n, 3n, null],
    [1n, 3600n, null],
    [9n, 3600n, '0.0025'],
  ])('of %d over %d is written %s', (num, den, text) => {
    expect(formatDecimal(ratioOf(num, den))).toBe(text);
  });
});

describe('a percentage', () => {
  test.each([
    ['19', 190_000],
    ['8.875', 88_750],
    ['9.975', 99_750],
    ['0', 0],
    ['0.0001', 1],
    ['100', 1_000_000],
    ['100.0000', 1_000_000],
    ['7.70', 77_000],
  ])('%s is %i millionths', (text, ppm) => {
    expect(parsePercent(text)).toBe(ppm);
    expect(percentInput.safeParse(text).success).toBe(true);
  });

  test.each([
    '-1',
    '-0',
    '100.0001',
    '101',
    '8.87555',
    '8,875',
    '19%',
    '',
    'x',
    '1e1',
    '99999999999999999999',
  ])('written "%s" is refused', (text) => {
    expect(() => parsePercent(text)).toThrow(Refusal);
    expect(percentInput.safeParse(text).success).toBe(false);
  });

  test('may be more than the whole where that makes sense', () => {
    expect(parsePercent('250', { most: 1000 })).toBe(2_500_000);
    expect(percentUpTo(1000).safeParse('1000').success).toBe(true);
    expect(percentUpTo(1000).safeParse('1000.1').success).toBe(false);
    expect(() => parsePercent('1001', { most: 1000, field: 'markup_percent' })).toThrow(
      'markup_percent must be a percentage as text from 0 to 1000',
    );
  });

  test('comes back as it went in, for every millionth', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (ppm) => {
        expect(parsePercent(formatPercent(ppm), { most: 1000 })).toBe(ppm);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    [88_750, '8.875'],
    [190_000, '19'],
    [1, '0.0001'],
    [0, '0'],
  ])('of %i millionths is written %s', (ppm, text) => {
    expect(formatPercent(ppm)).toBe(text);
  });
});
