import { z } from 'zod';
import { durationInput, longestDuration, parseDuration } from '#values/duration.ts';
import {
  dateIn,
  dateInput,
  disambiguationInput,
  momentInput,
  momentText,
  readMoment,
  secondsBetween,
  wholeSeconds,
  zoneInput,
  zoneOf,
} from '#values/local-time.ts';
import { validationFailed } from '#values/refusal.ts';
import type { Stretch } from './entry-view.ts';

/** The arguments that say when. Any two of start, end and duration; or a day and a duration. */
export const timesInput = {
  started_at: momentInput.optional(),
  ended_at: momentInput.optional(),
  duration: durationInput.optional(),
  duration_seconds: z.number().int().min(0).max(longestDuration).optional().describe('Instead of duration.'),
  date: dateInput.optional().describe('Day of a duration without clock times.'),
  timezone: zoneInput.optional().describe('IANA zone; default the user’s.'),
  disambiguation: disambiguationInput,
};
export type TimesGiven = z.output<z.ZodObject<typeof timesInput>>;

/** Where and when naive times are read. */
export interface TimesContext {
  readonly zone: string;
  readonly now: Temporal.Instant;
}

/** When a piece of time was, as it is stored. */
export interface EntryTimes {
  readonly mode: 'interval' | 'duration';
  readonly state: 'running' | 'paused' | 'stopped';
  readonly timezone: string;
  readonly localDate: Temporal.PlainDate;
  /** Sum of the closed stretches, or the duration itself. */
  readonly durationSeconds: number;
  /** In order, disjoint; the last is open exactly while it runs. Empty for a duration. */
  readonly stretches: readonly Stretch[];
}

/** A refusal of times that do not go together. */
export const wrong = (message: string, field: string) => validationFailed({ message }, field);

/** Reads the arguments, each for itself. */
export const readTimes = (given: TimesGiven, { zone, now }: TimesContext) => {
  const timezone = given.timezone === undefined ? undefined : (zoneOf(given.timezone) ?? zone);
  const moment = (text: string | undefined, field: string) =>
    text === undefined
      ? undefined
      : readMoment(text, { zone: timezone ?? zone, now, disambiguation: given.disambiguation, field });
  if (given.duration !== undefined && given.duration_seconds !== undefined) {
    throw wrong('Give duration or duration_seconds, not both.', 'duration');
  }
  return {
    timezone,
    startedAt: moment(given.started_at, 'started_at'),
    endedAt: moment(given.ended_at, 'ended_at'),
    seconds:
      given.duration === undefined ? given.duration_seconds : (parseDuration(given.duration) ?? undefined),
    date: given.date === undefined ? undefined : Temporal.PlainDate.from(given.date),
  };
};

/** Seconds of the closed stretches. */
export const sumOf = (stretches: readonly Stretch[]): number =>
  stretches.reduce(
    (total, { startedAt, endedAt }) => total + (endedAt === null ? 0 : secondsBetween(startedAt, endedAt)),
    0,
  );

/** The times that stretches of work make; `state` is for stretches that are all closed. */
export const timesOf = (
  stretches: readonly Stretch[],
  timezone: string,
  state: 'paused' | 'stopped' = 'stopped',
): EntryTimes => ({
  mode: 'interval',
  state: stretches.at(-1)!.endedAt === null ? 'running' : state,
  timezone,
  localDate: dateIn(stretches[0]!.startedAt, timezone),
  durationSeconds: sumOf(stretches),
  stretches,
});

/** Refuses an end before the start, and more than `longest` seconds: 31 days, unless a timer ran longer than anybody meant. */
export const checkOrder = (
  startedAt: Temporal.Instant,
  endedAt: Temporal.Instant,
  timezone: string,
  field = 'ended_at',
  longest = longestDuration,
): void => {
  const seconds = secondsBetween(startedAt, endedAt);
  if (seconds < 0) {
    throw wrong(
      `The end, ${momentText(endedAt, timezone)}, is before the start, ${momentText(startedAt, timezone)}. Work past midnight ends on the next date.`,
      field,
    );
  }
  if (seconds > longest) throw wrong('An entry is at most 31 days long.', field);
};

/** Refuses time that is none: what is logged or edited by hand has a second at least. */
export const refuseNothing = (seconds: number | undefined, field = 'duration'): void => {
  if (seconds === 0) throw wrong('This is no time at all: an entry is at least a second long.', field);
};

const day = 24 * 60 * 60;

/** Refuses a timer that would start in the future or over 24 hours back; one that started before that (`present`) may keep its start. */
export const refuseStart = (
  startedAt: Temporal.Instant,
  now: Temporal.Instant,
  present: Temporal.Instant | null = null,
): void => {
  const ago = secondsBetween(startedAt, wholeSeconds(now));
  if (ago < 0) throw wrong('A timer cannot start in the future.', 'started_at');
  if (ago > day && (present === null || Temporal.Instant.compare(startedAt, present) < 0)) {
    throw wrong(
      'A timer starts at most 24 hours back. To log time that is over, give ended_at or duration (time_entries.create).',
      'started_at',
    );
  }
};

/** Refuses time of a year that nobody can know about: it is a slip of the pen, and reports and rates would go on to it. */
export const refuseFar = (times: EntryTimes, now: Temporal.Instant, field: string): EntryTimes => {
  const last = dateIn(now, times.timezone).add({ years: 1 });
  if (Temporal.PlainDate.compare(times.localDate, last) > 0) {
    throw wrong(
      `${times.localDate.toString()} is more than a year ahead; time is logged up to ${last.toString()}.`,
      field,
    );
  }
  return times;
};

/** The times of a new entry. With neither an end nor a duration it is a timer, running from its start. */
export const newTimes = (given: TimesGiven, context: TimesContext): EntryTimes => {
  const { timezone = context.zone, startedAt, endedAt, seconds, date } = readTimes(given, context);
  refuseNothing(seconds);
  if (startedAt === undefined && endedAt === undefined && (date !== undefined || seconds !== undefined)) {
    if (seconds === undefined)
      throw wrong('A date alone says no time: give duration too, or started_at.', 'duration');
    const localDate = date ?? dateIn(context.now, timezone);
    const times: EntryTimes = {
      mode: 'duration',
      state: 'stopped',
      timezone,
      localDate,
      durationSeconds: seconds,
      stretches: [],
    };
    return refuseFar(times, context.now, 'date');
  }
  if (date !== undefined) {
    throw wrong(
      'date is for time without clock times; leave it out where started_at or ended_at is given.',
      'date',
    );
  }
  if (startedAt !== undefined && endedAt !== undefined && seconds !== undefined) {
    throw wrong('Give two of started_at, ended_at and duration; the third follows.', 'duration');
  }
  if (endedAt !== undefined && startedAt === undefined && seconds === undefined) {
    throw wrong('An end alone says no time: give started_at or duration too.', 'started_at');
  }
  const from = startedAt ?? endedAt?.subtract({ seconds: seconds! }) ?? wholeSeconds(context.now);
  const to = endedAt ?? (seconds === undefined ? null : from.add({ seconds }));
  if (to !== null) {
    checkOrder(from, to, timezone);
    refuseNothing(secondsBetween(from, to), 'ended_at');
  }
  const times = timesOf([{ startedAt: from, endedAt: to }], timezone);
  return refuseFar(times, context.now, startedAt === undefined ? 'ended_at' : 'started_at');
};
