import { expect, test } from 'vitest';
import { numberPatternProblem, numberPeriod, writeNumber } from './number-pattern.ts';

const day = Temporal.PlainDate.from('2026-03-05');

test('a number is written into its pattern, with zeros before it where asked for', () => {
  expect(writeNumber('INV-{year}-{number:4}', 7, day)).toBe('INV-2026-0007');
  expect(writeNumber('{year}/{month}/{number}', 12, day)).toBe('2026/03/12');
  expect(writeNumber('R{number:2}', 12345, day)).toBe('R12345');
});

test('numbers that start anew carry their period, so that none repeats', () => {
  expect(numberPatternProblem('INV-{number:4}', 'never')).toBeNull();
  expect(numberPatternProblem('INV-{year}-{number:4}', 'year')).toBeNull();
  expect(numberPatternProblem('{year}-{month}-{number}', 'month')).toBeNull();
  expect(numberPatternProblem('INV-{number:4}', 'year')).toMatch(/\{year\}.*repeat/);
  expect(numberPatternProblem('{month}-{number}', 'month')).toMatch(/\{year\}/);
  expect(numberPatternProblem('{year}-{number}', 'month')).toMatch(/\{month\}/);
});

test('a pattern holds the number once, and nothing that is not known', () => {
  expect(numberPatternProblem('INV-{year}', 'never')).toMatch(/exactly once/);
  expect(numberPatternProblem('{number}-{number:3}', 'never')).toMatch(/exactly once/);
  expect(numberPatternProblem('INV-{day}-{number}', 'never')).toMatch(/not \{day\}/);
  expect(numberPatternProblem('INV-{number:0}', 'never')).toMatch(/not \{number:0\}/);
  expect(numberPatternProblem('INV-{number', 'never')).toMatch(/letters/);
  expect(numberPatternProblem('Rechnung\n{number}', 'never')).toMatch(/letters/);
  expect(numberPatternProblem('{year}{month}-{number}', 'month')).toBeNull();
});

test('the period of a day', () => {
  expect(numberPeriod('never', day)).toBe('');
  expect(numberPeriod('year', day)).toBe('2026');
  expect(numberPeriod('month', day)).toBe('2026-03');
});
