import { z } from 'zod';
import { refusal, validationFailed } from './refusal.ts';

/** Which of two readings of a local time to take. */
export type Disambiguation = 'earlier' | 'later';

const bothReadings = ({ readings }: { readings: [string, string] }) =>
  `Give it with its offset, ${readings[0]} or ${readings[1]}, or with disambiguation "earlier" or "later".`;

interface TwoReadings {
  local_time: string;
  timezone: string;
  /** The earlier instant, then the later one, each with its offset. */
  readings: [string, string];
}

export const ambiguousLocalTime = refusal<TwoReadings>(
  'ambiguous_local_time',
  'invalid',
  'The clocks were set back over this local time, so it happened twice; both instants are in readings.',
  (details) =>
    `${details.local_time} happened twice in ${details.timezone}, because the clocks were set back. ${bothReadings(details)}`,
);
export const nonexistentLocalTime = refusal<TwoReadings>(
  'nonexistent_local_time',
  'invalid',
  'The clocks were set forward over this local time, so it never was; the two nearest meanings are in readings.',
  (details) =>
    `${details.local_time} did not exist in ${details.timezone}, because the clocks were set forward. ${bothReadings(details)}`,
);

/** The refusals of `readMoment`, for the operations that take local times. */
export const localTimeRefusals = [ambiguousLocalTime, nonexistentLocalTime] as const;

/** The name of an IANA time zone in its usual spelling, or null where there is none of that name. Offsets are not zones. */
export const zoneOf = (name: string): string | null => {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/.test(name)) return null;
  try {
    return new Temporal.ZonedDateTime(0n, name).timeZoneId;
  } catch {
    return null;
  }
};

/** A time zone at the doors; `zoneOf` gives its usual spelling. */
export const zoneInput = z
  .string()
  .refine((name) => zoneOf(name) !== null, {
    error: (issue) =>
      `must be an IANA time zone like Europe/Berlin, not "${String(issue.input).slice(0, 40)}"`,
  })
  .describe('IANA time zone, like Europe/Berlin.');

const naive = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?$/;
const withOffset = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})$/;
const years = { first: 1980, last: 2999 };
const inRange = ({ year }: { year: number }): boolean => year >= years.first && year <= years.last;

const parseOrNull = <Value>(parse: () => Value): Value | null => {
  try {
    return parse();
  } catch {
    return null;
  }
};

/** Whether the text names a day of the calendar, YYYY-MM-DD, from 1980 to 2999. */
const isDate = (text: string): boolean => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = parseOrNull(() => Temporal.PlainDate.from(text, { overflow: 'reject' }));
  return date !== null && inRange(date);
};

/** Refuses a range of days that ends before it begins; `first` and `last` are the names of its arguments. */
export const refuseReversed = (
  from: string | undefined,
  to: string | undefined,
  [first, last]: readonly [string, string] = ['from', 'to'],
): void => {
  if (from === undefined || to === undefined || from <= to) return;
  throw validationFailed(
    { message: `${first}, ${from}, is after ${last}, ${to}: nothing lies between.` },
    first,
  );
};

/** A date at the doors; Temporal.PlainDate.from reads it. */
export const dateInput = z
  .string()
  .refine(isDate, { error: 'must be a date, YYYY-MM-DD, from 1980 to 2999' })
  .describe('YYYY-MM-DD.');

/** What the text says: an instant, or a local time that still needs a zone. Null where it says neither. */
const parseMoment = (text: string): Temporal.Instant | Temporal.PlainDateTime | null => {
  // A second 60 would be read as 59, and hour 24 as the next day: neither is what a clock shows.
  if (/:60|[T ]24:/i.test(text)) return null;
  const spelled = text.toUpperCase().replace(' ', 'T');
  if (naive.test(text)) {
    const local = parseOrNull(() => Temporal.PlainDateTime.from(spelled, { overflow: 'reject' }));
    return local !== null && inRange(local)
      ? local.round({ smallestUnit: 'second', roundingMode: 'floor' })
      : null;
  }
  if (!withOffset.test(text)) return null;
  const instant = parseOrNull(() => Temporal.Instant.from(spelled));
  return instant !== null && inRange(instant.toZonedDateTimeISO('UTC')) ? wholeSeconds(instant) : null;
};

/** The instant without its fraction of a second: time is kept in whole seconds, so that sums are exact. */
export const wholeSeconds = (instant: Temporal.Instant): Temporal.Instant =>
  instant.round({ smallestUnit: 'second', roundingMode: 'floor' });

/** The later of two instants. */
export const laterOf = (one: Temporal.Instant, other: Temporal.Instant): Temporal.Instant =>
  Temporal.Instant.compare(one, other) < 0 ? other : one;

/** A moment at the doors: local, or with its offset, or "now"; `readMoment` reads it. */
export const momentInput = z
  .string()
  .max(40)
  .refine((text) => text === 'now' || parseMoment(text) !== null, {
    error:
      'must be a time like 2026-10-05T13:30 (read in timezone), 2026-10-05T13:30:00+02:00 or "now", from 1980 to 2999',
  })
  .describe('2026-10-05T13:30 in timezone, or with offset, or "now".');

/** Which reading to take where the clocks were changed; part of the input of every operation that takes local times. */
export const disambiguationInput = z
  .enum(['earlier', 'later'])
  .optional()
  .describe('Of a local time that the clocks double or skip.');

/**
 * Reads a moment as an instant of whole seconds. RFC 3339 with an offset is an instant already; a naive local time is read in
 * `zone`. One that the clocks skipped (gap) or made double (fold) is refused with both readings unless `disambiguation` chooses:
 * of a fold the first or second pass, of a gap the reading by the offset after (earlier) or before it (later).
 */
export const readMoment = (
  text: string,
  {
    zone,
    now,
    disambiguation,
    field,
  }: { zone: string; now: Temporal.Instant; disambiguation?: Disambiguation | undefined; field?: string },
): Temporal.Instant => {
  if (text === 'now') return wholeSeconds(now);
  const moment = parseMoment(text);
  if (moment === null) {
    throw validationFailed({ message: `${field ?? 'The time'} is not a time like 2026-10-05T13:30.` }, field);
  }
  if (moment instanceof Temporal.Instant) return moment;
  const earlier = moment.toZonedDateTime(zone, { disambiguation: 'earlier' });
  const later = moment.toZonedDateTime(zone, { disambiguation: 'later' });
  if (earlier.epochNanoseconds === later.epochNanoseconds) return earlier.toInstant();
  if (disambiguation !== undefined) return (disambiguation === 'earlier' ? earlier : later).toInstant();
  const exists = earlier.toPlainDateTime().equals(moment);
  const details: TwoReadings = {
    local_time: moment.toString({ smallestUnit: moment.second === 0 ? 'minute' : 'second' }),
    timezone: zone,
    readings: [momentText(earlier.toInstant(), zone), momentText(later.toInstant(), zone)],
  };
  throw (exists ? ambiguousLocalTime : nonexistentLocalTime)(details, field);
};

/** An instant as people of that zone write it, with its offset: 2026-10-05T13:30:00+02:00. */
export const momentText = (instant: Temporal.Instant, zone: string): string =>
  instant.toString({ timeZone: zone, smallestUnit: 'second' });

/** The day it is at an instant, in a zone. */
export const dateIn = (instant: Temporal.Instant, zone: string): Temporal.PlainDate =>
  instant.toZonedDateTimeISO(zone).toPlainDate();

/** Whole seconds from one instant to another. */
export const secondsBetween = (from: Temporal.Instant, to: Temporal.Instant): number =>
  (to.epochMilliseconds - from.epochMilliseconds) / 1000;
