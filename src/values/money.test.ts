import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  currencyInput,
  exponentOf,
  exponents,
  formatAmount,
  moneyInput,
  signedMoneyInput,
  multiplyDivide,
  parseAmount,
  worthOf,
} from './money.ts';
import { Refusal } from './refusal.ts';

const refusalOf = (work: () => unknown): Refusal => {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('the digits of a currency', () => {
  test.each([
    [0, 'JPY KRW VND CLP ISK XOF XAF XPF PYG UGX RWF BIF DJF GNF KMF VUV UYI'],
    [2, 'EUR USD GBP CHF HUF CZK SEK INR CNY BRL MXN ZAR TWD IDR COP AFN ALL LBP MGA MRU'],
    [3, 'BHD IQD JOD KWD LYD OMR TND'],
    [4, 'CLF UYW'],
  ])('%i for %s, as ISO 4217 says and Intl often does not', (digits, codes) => {
    for (const code of codes.split(' ')) expect([code, exponentOf(code)]).toEqual([code, digits]);
  });

  test('are known for every currency in use, and for nothing that is no money', () => {
    expect(exponents.size).toBeGreaterThan(150);
    for (const code of ['XAU', 'XXX', 'XTS', 'XDR', 'EURO', 'eur', ''])
      expect(exponents.has(code)).toBe(false);
  });
});

describe('an amount', () => {
  test.each([
    ['1234.50', 'EUR', 123450n],
    ['1234.5', 'EUR', 123450n],
    ['0', 'EUR', 0n],
    ['0.05', 'EUR', 5n],
    ['-12.34', 'EUR', -1234n],
    ['1234.500', 'EUR', 123450n],
    ['1235', 'JPY', 1235n],
    ['1235.00', 'JPY', 1235n],
    ['1.234', 'KWD', 1234n],
    ['1.2345', 'CLF', 12345n],
    ['9007199254740993.01', 'EUR', 900719925474099301n],
  ])('%s %s is kept exactly', (text, currency, minor) => {
    expect(parseAmount(text, currency)).toBe(minor);
  });

  test('with more decimals than the currency has is refused, with the field and what is allowed', () => {
    const refused = refusalOf(() => parseAmount('12.345', 'EUR', 'rate'));
    expect(refused.toJSON()).toMatchObject({ code: 'validation_failed', field: 'rate' });
    expect(refused.message).toBe(
      'rate: EUR has 2 decimals, so 12.345 cannot be kept exactly. Round it first.',
    );
    expect(refusalOf(() => parseAmount('12.5', 'JPY')).message).toContain('JPY has no decimals');
  });

  test.each(['1,234.50', '1 234', '12.', '.5', '1e3', '', 'NaN', '0x10', '٣'])(
    'written "%s" is refused',
    (text) => {
      expect(() => parseAmount(text, 'EUR')).toThrow(Refusal);
      expect(moneyInput.safeParse(text).success).toBe(false);
      expect(signedMoneyInput.safeParse(text).success).toBe(false);
    },
  );

  test('comes back as it went in, whatever the currency', () => {
    fc.assert(
      fc.property(
        fc.bigInt(-(10n ** 17n), 10n ** 17n),
        fc.constantFrom(...exponents.keys()),
        (minor, currency) => {
          expect(parseAmount(formatAmount(minor, currency), currency)).toBe(minor);
        },
      ),
    );
  });

  test.each([
    [123450n, 'EUR', '1234.50'],
    [5n, 'EUR', '0.05'],
    [-5n, 'EUR', '-0.05'],
    [0n, 'EUR', '0.00'],
    [1235n, 'JPY', '1235'],
    [1n, 'KWD', '0.001'],
    [1n, 'UYW', '0.0001'],
  ])('of %d minor units %s is written %s', (minor, currency, text) => {
    expect(formatAmount(minor, currency)).toBe(text);
  });

  test('of a currency code in small letters is understood, and one that does not exist is refused', () => {
    expect(currencyInput.parse(' eur ')).toBe('EUR');
    expect(currencyInput.safeParse('EURO').error?.issues[0]?.message).toContain('ISO 4217');
  });
});

describe('rounding', () => {
  test.each([
    [5n, 1n, 2n, 3n],
    [-5n, 1n, 2n, -3n],
    [4n, 1n, 3n, 1n],
    [5n, 1n, 3n, 2n],
    [-4n, 1n, 3n, -1n],
    [0n, 7n, 3n, 0n],
  ])('%d × %d ÷ %d is %d: half away from zero', (value, multiplier, divisor, result) => {
    expect(multiplyDivide(value, multiplier, divisor)).toBe(result);
  });

  test.each([
    [3600, 8500n, 8500n],
    [5400, 8500n, 12750n],
    [1, 8500n, 2n],
    [60, 30n, 1n],
    [59, 30n, 0n],
  ])('%i seconds at %d an hour are worth %d', (seconds, rate, worth) => {
    expect(worthOf(seconds, rate)).toBe(worth);
  });

  test('is never off by more than half a unit', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt(), fc.bigInt(1n, 10n ** 9n), (value, multiplier, divisor) => {
        const error = multiplyDivide(value, multiplier, divisor) * divisor - value * multiplier;
        expect(2n * (error < 0n ? -error : error) <= divisor).toBe(true);
      }),
    );
  });
});
