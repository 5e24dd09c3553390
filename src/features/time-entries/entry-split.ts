import { secondsBetween } from '#values/local-time.ts';
import { validationFailed } from '#values/refusal.ts';
import { type EntryTimes, timesOf } from './entry-times.ts';
import type { Stretch } from './entry-view.ts';

const outside = () =>
  validationFailed({ message: 'The moment does not lie inside the time worked on this entry.' }, 'at');

const cut = (stretches: readonly Stretch[], at: Temporal.Instant): [Stretch[], Stretch[]] => {
  const before: Stretch[] = [];
  const after: Stretch[] = [];
  for (const stretch of stretches) {
    const { startedAt, endedAt } = stretch;
    if (endedAt !== null && Temporal.Instant.compare(endedAt, at) <= 0) before.push(stretch);
    else if (Temporal.Instant.compare(startedAt, at) >= 0) after.push(stretch);
    else {
      before.push({ startedAt, endedAt: at });
      after.push({ startedAt: at, endedAt });
    }
  }
  return [before, after];
};

/** The two parts of an entry with clock times at a moment within it; the second keeps its state. */
export const splitAt = (times: EntryTimes, at: Temporal.Instant, now: Temporal.Instant): EntryTimes[] => {
  if (times.mode === 'duration') {
    throw validationFailed({ message: 'This entry has no clock times: split it by seconds.' }, 'at');
  }
  if (times.state === 'running' && Temporal.Instant.compare(at, now) >= 0) throw outside();
  const [before, after] = cut(times.stretches, at);
  if (before.length === 0 || after.length === 0) throw outside();
  return [
    timesOf(before, times.timezone),
    timesOf(after, times.timezone, times.state === 'paused' ? 'paused' : 'stopped'),
  ];
};

const instantAfter = (stretches: readonly Stretch[], seconds: number): Temporal.Instant => {
  let left = seconds;
  for (const { startedAt, endedAt } of stretches) {
    const length = endedAt === null ? Infinity : secondsBetween(startedAt, endedAt);
    if (left <= length) return startedAt.add({ seconds: left });
    left -= length;
  }
  throw outside();
};

/** Parts of the given lengths in worked seconds, and what remains of `total` as the last. */
export const splitBySeconds = (times: EntryTimes, parts: readonly number[], total: number): EntryTimes[] => {
  const given = parts.reduce((sum, seconds) => sum + seconds, 0);
  const lengths = given < total ? [...parts, total - given] : [...parts];
  if (given > total || lengths.length < 2) {
    throw validationFailed(
      {
        message: `The entry has ${total} seconds: the parts must be fewer than that together, or exactly that and at least two.`,
      },
      'seconds',
    );
  }
  if (times.mode === 'duration') return lengths.map((seconds) => ({ ...times, durationSeconds: seconds }));
  let rest: readonly Stretch[] = times.stretches;
  const cuts = lengths.slice(0, -1).map((seconds): Stretch[] => {
    const [before, after] = cut(rest, instantAfter(rest, seconds));
    rest = after;
    return before;
  });
  return [
    ...cuts.map((stretches) => timesOf(stretches, times.timezone)),
    timesOf(rest, times.timezone, times.state === 'paused' ? 'paused' : 'stopped'),
  ];
};
