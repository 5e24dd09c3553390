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
  date: dateInput.optional().describe('YYYY-MM-DD: the day of a duration without clock times.'),
  timezone: zoneInput.optional().describe('IANA zone of these times; default the user’s.'),
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

const wrong = (message: string, field: string) => validationFailed({ message }, field);

const readTimes = (given: TimesGiven, { zone, now }: TimesContext) => {
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

const sum = (stretches: readonly Stretch[]): number =>
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
  durationSeconds: sum(stretches),
  stretches,
});

const checkOrder = (
  startedAt: Temporal.Instant,
  endedAt: Temporal.Instant,
  timezone: string,
  field = 'ended_at',
): void => {
  const seconds = secondsBetween(startedAt, endedAt);
  if (seconds < 0) {
    throw wrong(
      `The end, ${momentText(endedAt, timezone)}, is before the start, ${momentText(startedAt, timezone)}. Work past midnight ends on the next date.`,
      field,
    );
  }
  if (seconds > longestDuration) throw wrong('An entry is at most 366 days long.', field);
};

/** The times of a new entry. With neither an end nor a duration it is a timer, running from its start. */
export const newTimes = (given: TimesGiven, context: TimesContext): EntryTimes => {
  const { timezone = context.zone, startedAt, endedAt, seconds, date } = readTimes(given, context);
  if (startedAt === undefined && endedAt === undefined && (date !== undefined || seconds !== undefined)) {
    if (seconds === undefined)
      throw wrong('A date alone says no time: give duration too, or started_at.', 'duration');
    const localDate = date ?? dateIn(context.now, timezone);
    return {
      mode: 'duration',
      state: 'stopped',
      timezone,
      localDate,
      durationSeconds: seconds,
      stretches: [],
    };
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
  if (to !== null) checkOrder(from, to, timezone);
  return timesOf([{ startedAt: from, endedAt: to }], timezone);
};

const speaksOfTime = (given: TimesGiven): boolean =>
  [given.started_at, given.ended_at, given.duration, given.duration_seconds, given.date, given.timezone].some(
    (value) => value !== undefined,
  );

const moveStart = (
  stretches: readonly Stretch[],
  startedAt: Temporal.Instant,
  timezone: string,
): Stretch[] => {
  const [first, ...rest] = stretches as [Stretch, ...Stretch[]];
  if (rest.length > 0 && Temporal.Instant.compare(startedAt, first.endedAt!) > 0) {
    throw wrong(
      `The entry has pauses, and its first stretch ends at ${momentText(first.endedAt!, timezone)}: it cannot start later than that.`,
      'started_at',
    );
  }
  return [{ ...first, startedAt }, ...rest];
};

const moveEnd = (stretches: readonly Stretch[], endedAt: Temporal.Instant, timezone: string): Stretch[] => {
  const last = stretches.at(-1)!;
  if (stretches.length > 1 && Temporal.Instant.compare(endedAt, last.startedAt) < 0) {
    throw wrong(
      `The entry was last resumed at ${momentText(last.startedAt, timezone)}: it cannot end before that.`,
      'ended_at',
    );
  }
  return [...stretches.slice(0, -1), { ...last, endedAt }];
};

const refuseFutureOf = (times: EntryTimes, now: Temporal.Instant): void => {
  const latest = times.stretches.at(-1)!;
  if (Temporal.Instant.compare(latest.endedAt ?? latest.startedAt, now) > 0) {
    throw wrong(
      `A timer cannot ${latest.endedAt === null ? 'start' : 'stop'} in the future.`,
      latest.endedAt === null ? 'started_at' : 'ended_at',
    );
  }
};

/**
 * The times of an entry after an edit, or null where the arguments say nothing of time. Only what is given moves: a new end never
 * moves the start, nor a new start the end. A duration moves the end, or the start where an end is given beside it. A timer that
 * is given an end or a duration is stopped; for a paused one "now" is when it was paused, because pauses do not count.
 */
export const changedTimes = (
  before: EntryTimes,
  given: TimesGiven,
  context: TimesContext,
): EntryTimes | null => {
  if (!speaksOfTime(given)) return null;
  const read = readTimes(given, context);
  const { startedAt, endedAt, seconds, date } = read;
  const timezone = read.timezone ?? before.timezone;
  if (before.mode === 'duration') {
    if (startedAt === undefined && endedAt === undefined) {
      return {
        ...before,
        timezone,
        localDate: date ?? before.localDate,
        durationSeconds: seconds ?? before.durationSeconds,
      };
    }
    // A duration gets clock times: its length stays unless both ends are given.
    const known =
      startedAt !== undefined && endedAt !== undefined ? {} : { duration_seconds: before.durationSeconds };
    const { duration, duration_seconds, ...rest } = given;
    const asked = seconds === undefined ? known : { duration, duration_seconds };
    return { ...newTimes({ ...rest, ...asked }, context), timezone };
  }
  if (date !== undefined) {
    throw wrong('This entry has clock times: change started_at and ended_at instead of date.', 'date');
  }
  if (startedAt !== undefined && endedAt !== undefined && seconds !== undefined) {
    throw wrong('Give two of started_at, ended_at and duration; the third follows.', 'duration');
  }
  let stretches: Stretch[] = [...before.stretches];
  if (startedAt !== undefined) stretches = moveStart(stretches, startedAt, timezone);
  if (endedAt !== undefined) {
    const pausedAt = before.state === 'paused' ? before.stretches.at(-1)!.endedAt! : null;
    const end = pausedAt !== null && given.ended_at === 'now' ? pausedAt : endedAt;
    if (pausedAt !== null && Temporal.Instant.compare(end, pausedAt) > 0) {
      throw wrong(
        `The timer was paused at ${momentText(pausedAt, timezone)} and cannot end later. Leave ended_at out, or resume it first (timers.resume).`,
        'ended_at',
      );
    }
    stretches = moveEnd(stretches, end, timezone);
  }
  if (seconds !== undefined) stretches = stretchTo(stretches, seconds, endedAt !== undefined, timezone);
  for (const stretch of stretches) {
    if (stretch.endedAt !== null)
      checkOrder(
        stretch.startedAt,
        stretch.endedAt,
        timezone,
        endedAt === undefined ? 'started_at' : 'ended_at',
      );
  }
  const stops = endedAt !== undefined || seconds !== undefined;
  const after = timesOf(stretches, timezone, before.state === 'paused' && !stops ? 'paused' : 'stopped');
  if (before.state !== 'stopped') refuseFutureOf(after, context.now);
  return after;
};

/** Makes the stretches sum up to `seconds` by moving the last end, or the first start. */
const stretchTo = (
  stretches: readonly Stretch[],
  seconds: number,
  fromTheEnd: boolean,
  timezone: string,
): Stretch[] => {
  const [moved, others] = fromTheEnd
    ? [stretches[0]!, stretches.slice(1)]
    : [stretches.at(-1)!, stretches.slice(0, -1)];
  const rest = seconds - sum(others);
  if (rest < 0) {
    throw wrong(
      `The other stretches of this entry alone sum up to more than that. Give started_at or ended_at, or split it first.`,
      'duration',
    );
  }
  return fromTheEnd
    ? moveStart(stretches, moved.endedAt!.subtract({ seconds: rest }), timezone)
    : moveEnd(stretches, moved.startedAt.add({ seconds: rest }), timezone);
};

/** The times of a timer that is stopped or paused at an instant, at the earliest when it was last resumed. */
export const closedTimes = (
  before: EntryTimes,
  at: Temporal.Instant,
  state: 'paused' | 'stopped',
): EntryTimes => {
  const last = before.stretches.at(-1)!;
  if (last.endedAt !== null) return { ...before, state };
  const end = Temporal.Instant.compare(at, last.startedAt) < 0 ? last.startedAt : at;
  return timesOf([...before.stretches.slice(0, -1), { ...last, endedAt: end }], before.timezone, state);
};
