import fc from 'fast-check';
import { expect, test } from 'vitest';
import { transitionsUntil } from '#testing/zones.ts';
import {
  dateIn,
  dateInput,
  momentInput,
  momentText,
  readMoment,
  wholeSeconds,
  zoneOf,
} from './local-time.ts';
import { Refusal } from './refusal.ts';

const now = Temporal.Instant.from('2026-10-05T12:00:00.9Z');
const read = (text: string, zone: string, disambiguation?: 'earlier' | 'later'): string =>
  momentText(readMoment(text, { zone, now, disambiguation }), zone);
const refusalOf = (work: () => unknown): Refusal => {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error;
  }
  throw new Error('not refused');
};

test.each([
  ['2026-10-05T13:30', 'Europe/Berlin', '2026-10-05T13:30:00+02:00'],
  ['2026-10-05 13:30:15', 'America/New_York', '2026-10-05T13:30:15-04:00'],
  ['2026-10-05T13:30:15.999', 'Asia/Kolkata', '2026-10-05T13:30:15+05:30'],
  ['2026-10-05T11:30:00Z', 'Europe/Berlin', '2026-10-05T13:30:00+02:00'],
  ['2026-10-05T11:30+00:00', 'Europe/Berlin', '2026-10-05T13:30:00+02:00'],
  ['now', 'Europe/Berlin', '2026-10-05T14:00:00+02:00'],
])('reads %s in %s as %s', (text, zone, expected) => {
  expect(read(text, zone)).toBe(expected);
});

test.each([
  '2026-02-30T10:00',
  '2026-13-01T10:00',
  '2026-10-05',
  '13:30',
  '2026-10-05T24:00',
  '2026-10-05T10:60',
  '1979-12-31T10:00',
  '2026-10-05T10:00:60',
  '2026-10-05T10:00[Europe/Berlin]',
  '+002026-10-05T10:00',
  'yesterday',
  '3000-01-01T00:00Z',
  '',
])('takes "%s" for no moment', (text) => {
  expect(momentInput.safeParse(text).success).toBe(false);
});

test.each(['2026-02-30', '2026-1-5', '2026-W05', '20261005', '1900-01-01', 'today'])(
  'takes "%s" for no date',
  (text) => {
    expect(dateInput.safeParse(text).success).toBe(false);
  },
);

test('knows zones by name whatever the case, and no offsets', () => {
  expect(zoneOf('europe/berlin')).toBe('Europe/Berlin');
  expect(zoneOf('UTC')).toBe('UTC');
  expect(['+02:00', 'Mars/Olympus', '', 'Europe/../Berlin'].map(zoneOf)).toEqual([null, null, null, null]);
});

test('refuses a time that the clocks skipped, with both readings', () => {
  const refusal = refusalOf(() => read('2026-03-29T02:30', 'Europe/Berlin'));
  expect(refusal).toMatchObject({
    code: 'nonexistent_local_time',
    details: {
      local_time: '2026-03-29T02:30',
      timezone: 'Europe/Berlin',
      readings: ['2026-03-29T01:30:00+01:00', '2026-03-29T03:30:00+02:00'],
    },
  });
  expect(refusal.message).toBe(
    '2026-03-29T02:30 did not exist in Europe/Berlin, because the clocks were set forward. Give it with its offset, 2026-03-29T01:30:00+01:00 or 2026-03-29T03:30:00+02:00, or with disambiguation "earlier" or "later".',
  );
  expect(read('2026-03-29T02:30', 'Europe/Berlin', 'earlier')).toBe('2026-03-29T01:30:00+01:00');
  expect(read('2026-03-29T02:30', 'Europe/Berlin', 'later')).toBe('2026-03-29T03:30:00+02:00');
});

test('refuses a time that happened twice, with both readings', () => {
  const refusal = refusalOf(() => read('2026-10-25T02:30', 'Europe/Berlin'));
  expect(refusal).toMatchObject({
    code: 'ambiguous_local_time',
    details: { readings: ['2026-10-25T02:30:00+02:00', '2026-10-25T02:30:00+01:00'] },
  });
  expect(read('2026-10-25T02:30', 'Europe/Berlin', 'earlier')).toBe('2026-10-25T02:30:00+02:00');
  expect(read('2026-10-25T02:30', 'Europe/Berlin', 'later')).toBe('2026-10-25T02:30:00+01:00');
});

test('a day that a country skipped does not exist', () => {
  expect(refusalOf(() => read('2011-12-30T12:00', 'Pacific/Apia')).code).toBe('nonexistent_local_time');
});

const transitions = transitionsUntil('2038-01-01');
const anyTransition = fc.constantFrom(...transitions);

test('looks at the transitions of every zone that has some', () => {
  expect(transitions.length).toBeGreaterThan(10_000);
  expect(new Set(transitions.map(({ zone }) => zone)).size).toBeGreaterThan(200);
});

test('every instant around every transition comes back from its local time, or is one of the two readings', () => {
  fc.assert(
    fc.property(anyTransition, fc.integer({ min: -7200, max: 7200 }), ({ zone, at }, seconds) => {
      const instant = wholeSeconds(at).add({ seconds });
      const local = instant.toZonedDateTimeISO(zone).toPlainDateTime().toString();
      const back = (disambiguation: 'earlier' | 'later') => readMoment(local, { zone, now, disambiguation });
      const both = [back('earlier'), back('later')];
      expect(both.some((reading) => reading.equals(instant))).toBe(true);
      if (both[0]!.equals(both[1]!)) expect(readMoment(local, { zone, now }).equals(instant)).toBe(true);
      else expect(refusalOf(() => readMoment(local, { zone, now })).code).toBe('ambiguous_local_time');
    }),
    { numRuns: 2000 },
  );
});

test('every local time that a transition skipped is refused, and its readings lie as far apart as the gap is long', () => {
  const gaps = fc.constantFrom(...transitions.filter(({ shift }) => shift > 0));
  fc.assert(
    fc.property(
      gaps,
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      ({ zone, at, shift }, part) => {
        const before = at.subtract({ milliseconds: 1 }).toZonedDateTimeISO(zone);
        const local = before.toPlainDateTime().add({ milliseconds: 1, seconds: Math.floor(part * shift) });
        const refusal = refusalOf(() => readMoment(local.toString(), { zone, now }));
        expect(refusal.code).toBe('nonexistent_local_time');
        const [earlier, later] = (refusal.details as { readings: [string, string] }).readings.map((reading) =>
          Temporal.Instant.from(reading),
        );
        expect((later!.epochMilliseconds - earlier!.epochMilliseconds) / 1000).toBe(shift);
      },
    ),
    { numRuns: 1500 },
  );
});

test('an instant written with its offset is read back as itself, in every zone', () => {
  fc.assert(
    fc.property(anyTransition, fc.integer({ min: -86_400, max: 86_400 }), ({ zone, at }, seconds) => {
      const instant = wholeSeconds(at).add({ seconds });
      const text = momentText(instant, zone);
      expect(readMoment(text, { zone: 'Asia/Tokyo', now }).equals(instant)).toBe(true);
      expect(dateIn(instant, zone).toString()).toBe(text.slice(0, 10));
    }),
    { numRuns: 1500 },
  );
});
