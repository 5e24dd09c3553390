import type { Words } from './words.ts';

/** Writes numbers and dates as they are read in the language of a document. Decimal text goes in, so nothing is rounded. */
export interface Formats {
  /** "1234.50" → "1.234,50", with the decimals it came with. */
  number(decimal: string): string;
  /** "1234.50" → "1.234,50 €". */
  money(decimal: string): string;
  /** "19.00" → "19 %". */
  percent(decimal: string): string;
  /** 2026-10-31 → "31.10.2026". */
  date(iso: string): string;
  /** 2026-10-01 to 2026-10-31 → "01.–31.10.2026". */
  dates(from: string, to: string): string;
  /** DE → "Deutschland"; a code that names nothing stays as it is. */
  country(code: string): string;
}

const isoDate = /^\d{4}-\d\d-\d\d$/;
const decimal = /^-?\d+(?:\.(\d+))?$/;

/** "12.50" → "12.5", "3.00" → "3". */
export const withoutZeros = (text: string): string =>
  text.includes('.') ? text.replace(/\.?0+$/, '') : text;

/** How many digits stand after the point. */
export const decimalsOf = (text: string): number => decimal.exec(text)?.[1]?.length ?? 0;

/** "12.5" with two decimals → "12.50". */
export const withDecimals = (text: string, decimals: number): string =>
  text +
  (decimals > 0 && !text.includes('.') ? '.' : '') +
  '0'.repeat(Math.max(0, decimals - decimalsOf(text)));

/** DE89370400440532013000 → "DE89 3704 0044 0532 0130 00". */
export const groupedIban = (iban: string): string =>
  iban.replaceAll(/\s/g, '').replaceAll(/(.{4})(?=.)/g, '$1 ');

/** True of decimal text that is not zero. */
export const isNotZero = (text: string): boolean => /[1-9]/.test(text);

/** The formats of one document. */
export const formatsOf = ({ locale }: Words, currency: string): Formats => {
  const cached = new Map<string, Intl.NumberFormat>();
  const format = (text: string, style: 'decimal' | 'currency'): string => {
    if (!decimal.test(text)) return text;
    const digits = Math.min(20, decimalsOf(text));
    const key = `${style}${digits}`;
    const formatter =
      cached.get(key) ??
      new Intl.NumberFormat(locale, {
        style,
        currency,
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      });
    cached.set(key, formatter);
    // A real minus is as wide as a figure, so columns stay straight.
    return formatter.format(text as `${number}`).replaceAll('-', '−');
  };
  const days = new Intl.DateTimeFormat(locale, {
    timeZone: 'UTC',
    year: 'numeric',
    ...(locale === 'de-DE'
      ? ({ month: '2-digit', day: '2-digit' } as const)
      : ({ month: 'long', day: 'numeric' } as const)),
  });
  const countries = new Intl.DisplayNames([locale], { type: 'region', fallback: 'code' });
  return {
    number: (text) => format(text, 'decimal'),
    money: (text) => format(text, 'currency'),
    percent: (text) => `${format(withoutZeros(text), 'decimal')}${locale === 'en-GB' ? '' : '\u00a0'}%`,
    date: (iso) => (isoDate.test(iso) ? days.format(Temporal.PlainDate.from(iso)) : iso),
    dates: (from, to) =>
      isoDate.test(from) && isoDate.test(to)
        ? days.formatRange(Temporal.PlainDate.from(from), Temporal.PlainDate.from(to))
        : `${from} – ${to}`,
    country: (code) => (/^[A-Za-z]{2}$/.test(code) ? (countries.of(code.toUpperCase()) ?? code) : code),
  };
};
