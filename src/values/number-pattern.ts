/** When the numbers of a series start anew at 1. */
export type NumberReset = 'never' | 'year' | 'month';

const part = /\{([^{}]*)\}/g;
const known = /^(year|month|number|number:[1-9])$/;
// What a number is written into: no braces, nothing that breaks a file name, a bank transfer or an e-mail subject.
const plain = /^[A-Za-z0-9 ._/#-]*$/;

/**
 * What is wrong with a pattern like "INV-{year}-{number:4}" for numbers that start anew so often, as the end of a sentence, or null.
 * Without the year or month in it, the numbers of one period would repeat those of another.
 */
export const numberPatternProblem = (pattern: string, reset: NumberReset): string | null => {
  const parts = [...pattern.matchAll(part)].map(([, name = '']) => name);
  const unknown = parts.find((name) => !known.test(name));
  if (unknown !== undefined) {
    return `may use {year}, {month}, {number} and {number:4} (with zeros, 1 to 9 digits), not {${unknown.slice(0, 20)}}`;
  }
  if (!plain.test(pattern.replaceAll(part, ''))) {
    return 'may hold letters A to Z, digits, spaces and . _ / # - beside {year}, {month} and {number}';
  }
  if (pattern.length > 40) return 'must have at most 40 characters';
  if (parts.filter((name) => name.startsWith('number')).length !== 1)
    return 'must hold {number} exactly once';
  if (reset !== 'never' && !parts.includes('year')) {
    return `must hold {year}, or numbers would repeat: they start anew every ${reset}`;
  }
  if (reset === 'month' && !parts.includes('month')) {
    return 'must hold {month}, or numbers would repeat: they start anew every month';
  }
  return null;
};

/** Writes the number of a day by a pattern: 7 by "INV-{year}-{number:4}" on 2026-10-05 is "INV-2026-0007". */
export const writeNumber = (pattern: string, number: number, on: Temporal.PlainDate): string =>
  pattern.replaceAll(part, (_, name: string) => {
    if (name === 'year') return String(on.year);
    if (name === 'month') return String(on.month).padStart(2, '0');
    return String(number).padStart(Number(name.split(':')[1] ?? '1'), '0');
  });

/** The period whose numbers a day belongs to, "" where they never start anew: "2026", "2026-10". */
export const numberPeriod = (reset: NumberReset, on: Temporal.PlainDate): string =>
  reset === 'never' ? '' : reset === 'year' ? String(on.year) : on.toPlainYearMonth().toString();
