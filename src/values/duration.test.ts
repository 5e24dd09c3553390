import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDuration, longestDuration, parseDuration } from './duration.ts';

test.each([
  ['1:30', 5400],
  ['0:05', 300],
  ['1:30:15', 5415],
  ['100:00', 360_000],
  ['1h30m', 5400],
  ['1h 30m', 5400],
  ['1h30', 5400],
  ['2 hours', 7200],
  ['1 hr 5 mins 3 secs', 3903],
  ['90m', 5400],
  ['90 min', 5400],
  ['45s', 45],
  ['PT1H30M', 5400],
  ['1.5', 5400],
  ['1,5', 5400],
  ['1.5h', 5400],
  ['8.20', 29_520],
  ['0.1', 360],
  ['0.333', 1199],
  ['90.00', 324_000],
  ['2', 7200],
  ['0', 0],
  ['744:00', longestDuration],
])('reads %s as %i seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test.each([
  '',
  ' ',
  'h',
  'm',
  'abc',
  '-1',
  '-1:30',
  '1:60',
  '1:5',
  '1:30:60',
  '90',
  '1.5m',
  '1.2.3',
  '1.234,5',
  '30 10s',
  '1e3',
  '١',
  '1:30pm',
  'PT',
  '0.0001',
  '0,000001h',
  '744:01',
  '99999h',
])('does not guess what "%s" means', (text) => {
  expect(parseDuration(text)).toBeNull();
});

test.each([
  [5400, '1:30', '1.50', '1h 30m'],
  [0, '0:00', '0.00', '0m'],
  [29_520, '8:12', '8.20', '8h 12m'],
  [3661, '1:01:01', '1.0169', '1h 1m 1s'],
  [59, '0:00:59', '0.0164', '59s'],
])('writes %i seconds in every format', (seconds, onClock, decimal, text) => {
  expect([
    formatDuration(seconds, 'h:mm'),
    formatDuration(seconds, 'decimal'),
    formatDuration(seconds, 'text'),
  ]).toEqual([onClock, decimal, text]);
});

test('reading what was written gives the same seconds back, in every format', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: longestDuration }),
      fc.constantFrom('h:mm' as const, 'decimal' as const, 'text' as const),
      (seconds, format) => parseDuration(formatDuration(seconds, format)) === seconds,
    ),
    { numRuns: 3000 },
  );
});

test('hours with two decimals are exact: every hundredth is 36 seconds', () => {
  fc.assert(
    fc.property(fc.nat(74_400), fc.constantFrom('.', ','), (hundredths, point) => {
      const text = `${Math.floor(hundredths / 100)}${point}${String(hundredths % 100).padStart(2, '0')}`;
      return parseDuration(text) === hundredths * 36;
    }),
  );
});
