import currencyCodes from 'currency-codes';
import { z } from 'zod';
import { validationFailed } from './refusal.ts';

/** An amount as it is kept: whole minor units (cents, yen, fils) and the ISO 4217 code that says what they are. */
export interface Money {
  readonly minor: bigint;
  readonly currency: string;
}

// Metals, bond units, funds accounts and test codes have no minor unit in ISO 4217: nobody is billed in them.
const notMoney = new Set('XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX'.split(' '));

/**
 * The digits after the point of every currency one can be billed in.
 *
 * @see ISO 4217:2015, list one (minor units). `Intl` follows habit instead and says 0 for HUF.
 */
export const exponents: ReadonlyMap<string, number> = new Map(
  currencyCodes.data.filter(({ code }) => !notMoney.has(code)).map(({ code, digits }) => [code, digits]),
);

/** The digits after the point of a currency. Throws for a code that is none: schemas have refused it before. */
export const exponentOf = (currency: string): number => {
  const exponent = exponents.get(currency);
  if (exponent === undefined) throw new Error(`${currency} is not a currency`);
  return exponent;
};

/** A currency at the doors: its ISO 4217 code, in any case. */
export const currencyInput = z
  .string()
  .trim()
  .toUpperCase()
  .refine((code) => exponents.has(code), {
    error: (issue) =>
      `must be an ISO 4217 currency code like EUR or JPY, not "${String(issue.input).slice(0, 20)}"`,
  })
  .describe('ISO 4217 currency code.');

/** A currency in an answer. */
export const currencyText = z.string().describe('ISO 4217 currency code.');

/** An amount of at least zero at the doors, as text so that it stays exact; `parseAmount` makes it minor units. */
export const moneyInput = z
  .string()
  .trim()
  .refine((text) => /^\d{1,13}(\.\d{1,8})?$/.test(text), {
    error:
      'must be an amount as text like "1234.50": not below zero, at most 13 digits before the point, no thousands separators',
  })
  .describe('Decimal text like "85.00".');

/** An amount at the doors that may also be below zero, as text; `parseAmount` makes it minor units. */
export const signedMoneyInput = z
  .string()
  .trim()
  .refine((text) => /^-?\d{1,13}(\.\d{1,8})?$/.test(text), {
    error:
      'must be an amount as text like "1234.50", or "-1234.50" below zero: at most 13 digits before the point, no thousands separators',
  });

/** An amount in an answer; its currency stands beside it. */
export const amountText = z.string().describe('Decimal text, in the currency beside it.');

/** Reads a decimal text as minor units, exactly. Refuses more decimals than the currency has, unless they are zeros. */
export const parseAmount = (text: string, currency: string, field?: string): bigint => {
  const exponent = exponentOf(currency);
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (match === null) {
    throw validationFailed(
      { message: `${field ?? 'amount'} must be an amount like "1234.50", not "${text.slice(0, 40)}".` },
      field,
    );
  }
  const [, sign = '', whole = '', fraction = ''] = match;
  if (/[1-9]/.test(fraction.slice(exponent))) {
    const most = exponent === 0 ? 'no decimals' : `${exponent} decimals`;
    throw validationFailed(
      {
        message: `${field ?? 'amount'}: ${currency} has ${most}, so ${text} cannot be kept exactly. Round it first.`,
      },
      field,
    );
  }
  const minor = BigInt(whole + fraction.slice(0, exponent).padEnd(exponent, '0'));
  return sign === '-' ? -minor : minor;
};

/** Writes minor units as decimal text with all digits of the currency: 123450n EUR is "1234.50", 1235n JPY is "1235". */
export const formatAmount = (minor: bigint, currency: string): string => {
  const exponent = exponentOf(currency);
  const digits = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, '0');
  const cut = digits.length - exponent;
  return `${minor < 0n ? '-' : ''}${digits.slice(0, cut)}${exponent === 0 ? '' : `.${digits.slice(cut)}`}`;
};

/** `value` × `multiplier` ÷ `divisor` as one rounding, half away from zero. The divisor is positive. */
export const multiplyDivide = (value: bigint, multiplier: bigint, divisor: bigint): bigint => {
  const product = value * multiplier;
  const size = product < 0n ? -product : product;
  const rounded = (2n * size + divisor) / (2n * divisor);
  return product < 0n ? -rounded : rounded;
};

/** What `seconds` are worth at an hourly rate, in the rate's minor units, rounded once, half away from zero. */
export const worthOf = (seconds: number | bigint, rateMinor: bigint): bigint =>
  multiplyDivide(rateMinor, BigInt(seconds), 3600n);
