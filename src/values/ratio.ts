import { z } from 'zod';
import { validationFailed } from './refusal.ts';

/** An exact quantity: a fraction in lowest terms. `den` is positive. */
export interface Ratio {
  readonly num: bigint;
  readonly den: bigint;
}

const commonDivisor = (one: bigint, other: bigint): bigint =>
  other === 0n ? one : commonDivisor(other, one % other);

/** A fraction in lowest terms, the sign above the line. Throws where the denominator is zero. */
export const ratioOf = (num: bigint, den = 1n): Ratio => {
  if (den === 0n) throw new Error('a ratio has no denominator of zero');
  const divisor = commonDivisor(num, den);
  const sign = divisor < 0n === den < 0n ? 1n : -1n;
  return { num: (sign * num) / divisor, den: (sign * den) / divisor };
};

const decimal = /^(-?)(\d{1,18})(?:\.(\d+))?$/;

const readDecimal = (text: string, mostDigits: number): Ratio | null => {
  const match = decimal.exec(text);
  if (match === null) return null;
  const [, sign = '', whole = '', fraction = ''] = match;
  const digits = fraction.replace(/0+$/, '');
  if (digits.length > mostDigits) return null;
  const num = BigInt(whole + digits);
  return ratioOf(sign === '-' ? -num : num, 10n ** BigInt(digits.length));
};

/**
 * Reads a decimal text with a point, like "1.5" or "-0.25", exactly. Zeros at the end do not count as digits.
 * Refuses any other text, and more digits after the point than are allowed.
 */
export const parseDecimal = (text: string, mostFractionDigits: number, field?: string): Ratio => {
  const ratio = readDecimal(text, mostFractionDigits);
  if (ratio === null) {
    throw validationFailed(
      {
        message: `${field ?? 'number'} must be a number as text like "1.5", with at most ${mostFractionDigits} decimals, not "${text.slice(0, 40)}".`,
      },
      field,
    );
  }
  return ratio;
};

/** Writes a fraction as decimal text without needless zeros: 3/2 is "1.5". Null where it has no end, like 1/3. */
export const formatDecimal = ({ num, den }: Ratio): string | null => {
  let digits = 0;
  let scale = 1n;
  // A fraction ends where its denominator has no factor but 2 and 5, and then within as many digits as it has bits.
  const most = den.toString(2).length;
  while (scale % den !== 0n) {
    if (digits === most) return null;
    digits += 1;
    scale *= 10n;
  }
  return withPoint((num * scale) / den, digits);
};

const withPoint = (scaled: bigint, digits: number): string => {
  const text = (scaled < 0n ? -scaled : scaled).toString().padStart(digits + 1, '0');
  const cut = text.length - digits;
  return `${scaled < 0n ? '-' : ''}${text.slice(0, cut)}${digits === 0 ? '' : `.${text.slice(cut)}`}`;
};

/** A percentage as it is kept: millionths of the whole, so 1 % is 10,000. */
const ppmOfPercent = 10_000n;

const readPercent = (text: string, most: number): number | null => {
  const ratio = text.startsWith('-') ? null : readDecimal(text, 4);
  if (ratio === null || ratio.num > BigInt(most) * ratio.den) return null;
  return Number((ratio.num * ppmOfPercent) / ratio.den);
};

/** How a percentage may be restricted: `most` is 100 where nothing else is said. */
interface PercentOptions {
  readonly most?: 100 | 1000;
  readonly field?: string;
}

const notPercent = (most: number) => `must be a percentage as text from 0 to ${most} like "19" or "8.875"`;

/** Reads a percentage with up to four decimals as millionths, exactly: "8.875" is 88,750. Refuses anything else. */
export const parsePercent = (text: string, { most = 100, field }: PercentOptions = {}): number => {
  const ppm = readPercent(text, most);
  if (ppm === null) {
    throw validationFailed(
      {
        message: `${field ?? 'percent'} ${notPercent(most)}, with at most 4 decimals, not "${text.slice(0, 40)}".`,
      },
      field,
    );
  }
  return ppm;
};

/** Writes millionths as a percentage without needless zeros: 88,750 is "8.875", 190,000 is "19". */
export const formatPercent = (ppm: number): string =>
  formatDecimal(ratioOf(BigInt(ppm), ppmOfPercent)) ?? '0';

/** The digits after the point that a quantity may have. */
export const quantityDigits = 6;

/** A quantity at the doors, as text so that it stays exact; `parseDecimal(text, quantityDigits)` reads it. Negative takes back. */
export const quantityInput = z
  .string()
  .trim()
  .refine((text) => /^-?\d{1,9}(\.\d{1,6})?$/.test(text), {
    error:
      'must be a quantity as text with a point and no thousands separators, like "1.5", with at most 6 decimals',
  })
  .describe('Decimal text like "1.5".');

/** A percentage at the doors that may be larger than the whole, up to 1000; `parsePercent(text, { most })` reads it. */
export const percentUpTo = (most: 100 | 1000) =>
  z
    .string()
    .trim()
    .refine((text) => readPercent(text, most) !== null, {
      error: `${notPercent(most)}, with at most 4 decimals`,
    })
    .describe('Percent as text like "8.875".');

/** A percentage from 0 to 100 at the doors, as text so that it stays exact; `parsePercent` reads it. */
export const percentInput = percentUpTo(100);
