import { laterOf, momentText } from '#values/local-time.ts';
import {
  type EntryTimes,
  type TimesContext,
  type TimesGiven,
  checkOrder,
  newTimes,
  readTimes,
  refuseFar,
  refuseNothing,
  refuseStart,
  sumOf,
  timesOf,
  wrong,
} from './entry-times.ts';
import type { Stretch } from './entry-view.ts';

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
 * is given an end or a duration is stopped; for a paused one "now" is when it was paused, because pauses do not count. The start of a
 * timer moves at most 24 hours back, and its end is not bound to the longest duration: stopping is never refused, nor where the
 * clock was set back: now is then when the timer last went on or was paused.
 */
export const changedTimes = (
  before: EntryTimes,
  given: TimesGiven,
  { zone, now: clock }: TimesContext,
): EntryTimes | null => {
  if (!speaksOfTime(given)) return null;
  const latest = before.state === 'stopped' ? undefined : before.stretches.at(-1)!;
  const now = latest === undefined ? clock : laterOf(clock, latest.endedAt ?? latest.startedAt);
  const read = readTimes(given, { zone, now });
  const { startedAt, endedAt, seconds, date } = read;
  refuseNothing(seconds);
  const timezone = read.timezone ?? before.timezone;
  if (before.mode === 'duration') {
    if (startedAt === undefined && endedAt === undefined) {
      const after = {
        ...before,
        timezone,
        localDate: date ?? before.localDate,
        durationSeconds: seconds ?? before.durationSeconds,
      };
      return date === undefined ? after : refuseFar(after, now, 'date');
    }
    // A duration gets clock times: its length stays unless both ends are given.
    const known =
      startedAt !== undefined && endedAt !== undefined ? {} : { duration_seconds: before.durationSeconds };
    const { duration, duration_seconds, ...rest } = given;
    const asked = seconds === undefined ? known : { duration, duration_seconds };
    return { ...newTimes({ ...rest, ...asked }, { zone, now }), timezone };
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
  const field = endedAt === undefined ? 'started_at' : 'ended_at';
  const moves = startedAt !== undefined || endedAt !== undefined || seconds !== undefined;
  // A timer that was forgotten can always be stopped, however long ago it was started.
  const bound = before.state === 'stopped' ? moves : startedAt !== undefined;
  for (const stretch of stretches) {
    if (stretch.endedAt === null) continue;
    checkOrder(stretch.startedAt, stretch.endedAt, timezone, field, bound ? undefined : Infinity);
  }
  const stops = endedAt !== undefined || seconds !== undefined;
  const after = timesOf(stretches, timezone, before.state === 'paused' && !stops ? 'paused' : 'stopped');
  if (before.state !== 'stopped') refuseFutureOf(after, now);
  if (startedAt !== undefined && after.state !== 'stopped') {
    refuseStart(startedAt, now, before.stretches[0]!.startedAt);
  }
  if (before.state === 'stopped' && moves) {
    refuseNothing(after.durationSeconds, field);
    refuseFar(after, now, field);
  }
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
  const rest = seconds - sumOf(others);
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
  const endedAt = laterOf(at, last.startedAt);
  return timesOf([...before.stretches.slice(0, -1), { ...last, endedAt }], before.timezone, state);
};
