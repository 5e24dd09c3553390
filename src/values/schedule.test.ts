import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextDates, nextOn, type Schedule, weekdays } from './schedule.ts';

const day = (text: string) => Temporal.PlainDate.from(text);
const dates = (rule: Partial<Schedule>, start: string, count = 5) => {
  const whole: Schedule = { interval: 1, freq: 'monthly', ...rule };
  const first = nextOn(whole, day(start));
  return nextDates(whole, day(start), { from: first, end: null, count }).map(String);
};

test('the 31st is the last day of shorter months, and the 31st again after them', () => {
  expect(dates({ day_of_month: 31 }, '2026-01-10')).toEqual([
    '2026-01-31',
    '2026-02-28',
    '2026-03-31',
    '2026-04-30',
    '2026-05-31',
  ]);
});

test('the last day of a month is the 29th of February in a leap year', () => {
  expect(dates({ last_day: true }, '2028-01-31', 3)).toEqual(['2028-01-31', '2028-02-29', '2028-03-31']);
});

test('every quarter on the first; a start in the middle of a month waits for the next round', () => {
  expect(dates({ interval: 3, day_of_month: 1 }, '2026-01-15', 3)).toEqual([
    '2026-04-01',
    '2026-07-01',
    '2026-10-01',
  ]);
});

test('every other week on a Friday, from the Friday after the start', () => {
  expect(dates({ freq: 'weekly', interval: 2, by_day: 'fr' }, '2026-11-23', 3)).toEqual([
    '2026-11-27',
    '2026-12-11',
    '2026-12-25',
  ]);
});

test('yearly on the 29th of February is the 28th in other years', () => {
  expect(dates({ freq: 'yearly' }, '2028-02-29', 5)).toEqual([
    '2028-02-29',
    '2029-02-28',
    '2030-02-28',
    '2031-02-28',
    '2032-02-29',
  ]);
});

test('no day comes twice or is left out, wherever one starts counting', () => {
  const rule = fc.oneof(
    fc.record({
      freq: fc.constant('weekly' as const),
      interval: fc.integer({ min: 1, max: 24 }),
      by_day: fc.constantFrom(...weekdays),
    }),
    fc.record({
      freq: fc.constantFrom('monthly' as const, 'yearly' as const),
      interval: fc.integer({ min: 1, max: 24 }),
      day_of_month: fc.integer({ min: 1, max: 31 }),
    }),
    fc.record({
      freq: fc.constantFrom('monthly' as const, 'yearly' as const),
      interval: fc.integer({ min: 1, max: 24 }),
      last_day: fc.constant(true),
    }),
  );
  fc.assert(
    fc.property(
      rule,
      fc.integer({ min: 0, max: 4000 }),
      fc.integer({ min: 0, max: 4000 }),
      (given, offset, later) => {
        const start = day('2024-01-01').add({ days: offset });
        const after = start.add({ days: later });
        const found = nextOn(given, start, after);
        expect(Temporal.PlainDate.compare(found, after)).toBe(1);
        let walked = nextOn(given, start);
        while (Temporal.PlainDate.compare(walked, after) <= 0) walked = nextOn(given, start, walked);
        expect(found.toString()).toBe(walked.toString());
      },
    ),
    { numRuns: 200 },
  );
});
