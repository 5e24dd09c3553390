import { z } from 'zod';
import type { WorkspaceSettings } from '#operation/actor.ts';
import type { Call } from '#operation/call.ts';
import type { Id } from '#values/id.ts';
import { momentText, wholeSeconds } from '#values/local-time.ts';
import { validationFailed } from '#values/refusal.ts';
import { type OnOverlap, checkOverlap, onOverlap } from './entry-overlap.ts';
import { type EntryTimes, type TimesGiven, closedTimes, newTimes, timesInput } from './entry-times.ts';
import {
  type EntryRow,
  entries,
  entryRows,
  liveSeconds,
  loadEntry,
  storedFacts,
  takeTurn,
} from './entry-view.ts';
import { findWork, rateFor, setEntryTags, workInput, workRefusals } from './entry-work.ts';
import { insertEntry, saveTimes, timesOfRow } from './entry-writes.ts';
import {
  type Conflict,
  entryId,
  lockRefusals,
  overlapRefused,
  refuseLocked,
  timerAlreadyRunning,
} from './time-entry.ts';
import { localTimeRefusals } from '#values/local-time.ts';

/** What happens to the timer that already runs when another is started. */
export const onRunning = z
  .enum(['stop_current', 'pause_current', 'error'])
  .optional()
  .describe('What happens to a timer that already runs; default: the workspace’s setting.');

/** The arguments of a new piece of time, logged or running. */
export const newEntryInput = { ...workInput, ...timesInput };
export const policyInput = { on_running: onRunning, on_overlap: onOverlap };

/** The refusals of `addEntry`. */
export const newEntryRefusals = [
  ...workRefusals,
  ...lockRefusals,
  ...localTimeRefusals,
  overlapRefused,
  timerAlreadyRunning,
] as const;

/** The timer that a new one stopped or paused. */
export const displacedView = z.object({
  id: entryId,
  state: z.enum(['paused', 'stopped']).describe('What became of it.'),
  ended_at: z.string().nullable().describe('When it was stopped.'),
  duration_seconds: z.number().int().describe('Time worked on it.'),
  description: z.string().describe('What it was for.'),
});
export type Displaced = z.output<typeof displacedView>;

/** The running timer of a person, or null. */
export const runningEntry = async ({ tx }: Call, member: Id<'mem'>): Promise<EntryRow | null> => {
  const chosen = entries(tx)
    .where('e.membership_id', '=', member)
    .where('e.state', '=', 'running')
    .where('e.deleted_at', 'is', null);
  return (await entryRows(tx, chosen).executeTakeFirst()) ?? null;
};

/** The paused timers of a person, the one paused last first. */
export const pausedEntries = async ({ tx }: Call, member: Id<'mem'>): Promise<EntryRow[]> => {
  const chosen = entries(tx)
    .where('e.membership_id', '=', member)
    .where('e.state', '=', 'paused')
    .where('e.deleted_at', 'is', null);
  const rows = await entryRows(tx, chosen).execute();
  const pausedAt = (row: EntryRow) => Temporal.Instant.from(row.segments.at(-1)!.ended_at!).epochMilliseconds;
  return rows.sort((a, b) => pausedAt(b) - pausedAt(a) || (a.id < b.id ? 1 : -1));
};

/**
 * Makes room for a timer that runs from `at`: the one that runs is stopped or paused there, or now where it was started later than that,
 * or the call is refused, naming it. The person’s turn is taken. Answers what became of it.
 */
export const makeRoom = async (
  call: Call,
  member: Id<'mem'>,
  at: Temporal.Instant,
  wanted: WorkspaceSettings['running_policy'] | undefined,
): Promise<{ displaced: Displaced; before: object; after: object } | null> => {
  const { actor, now } = call;
  const running = await runningEntry(call, member);
  if (running === null) return null;
  const policy = wanted ?? actor.workspace.settings.running_policy;
  if (policy === 'error') {
    throw timerAlreadyRunning(
      {
        running: {
          entry_id: running.id,
          started_at: momentText(running.started_at!, running.timezone),
          elapsed_seconds: liveSeconds(running, now),
          description: running.description,
        },
      },
      'on_running',
    );
  }
  refuseLocked(running, actor);
  const before = timesOfRow(running);
  const since = before.stretches.at(-1)!.startedAt;
  const end = Temporal.Instant.compare(at, since) > 0 ? at : wholeSeconds(now);
  await saveTimes(
    call,
    running.id,
    closedTimes(before, end, policy === 'stop_current' ? 'stopped' : 'paused'),
  );
  const after = await loadEntry(call.tx, running.id);
  return {
    displaced: {
      id: after.id,
      state: after.state === 'paused' ? 'paused' : 'stopped',
      ended_at: after.ended_at === null ? null : momentText(after.ended_at, after.timezone),
      duration_seconds: after.duration_seconds,
      description: after.description,
    },
    before: storedFacts(running),
    after: storedFacts(after),
  };
};

/** A new piece of time as a call gives it. */
export type EntryGiven = z.output<z.ZodObject<typeof newEntryInput>>;

/** What became of a new piece of time. */
export interface Added {
  readonly row: EntryRow;
  readonly displaced: Displaced | null;
  readonly overlaps: Conflict[];
  /** What the audit log says of it. */
  readonly before: object | undefined;
  readonly after: object;
}

const day = 24 * 60 * 60;

const refuseStart = (startedAt: Temporal.Instant, now: Temporal.Instant): void => {
  const ago = wholeSeconds(now).epochMilliseconds / 1000 - startedAt.epochMilliseconds / 1000;
  if (ago < 0) throw validationFailed({ message: 'A timer cannot start in the future.' }, 'started_at');
  if (ago > day) {
    throw validationFailed(
      {
        message:
          'A timer starts at most 24 hours back. To log time that is over, give ended_at or duration (time_entries.create).',
      },
      'started_at',
    );
  }
};

const warnOfFuture = (call: Call, times: EntryTimes): void => {
  const end = times.stretches.at(-1)?.endedAt;
  if (end != null && Temporal.Instant.compare(end, call.now) > 0) call.warn('This time lies in the future.');
};

/**
 * Logs time, or starts a timer where neither end nor duration is given: finds or makes the task, takes the person’s turn, makes room for
 * a timer, checks locks and overlaps, and keeps the rate of the day. `operation` names the calling operation in refusals.
 */
export const addEntry = async (
  call: Call,
  given: EntryGiven,
  {
    operation,
    member = call.actor.membership.id,
    running,
    overlap,
  }: {
    operation: string;
    member?: Id<'mem'> | undefined;
    running?: WorkspaceSettings['running_policy'] | undefined;
    overlap?: OnOverlap;
  },
): Promise<Added> => {
  const { tx, actor, now, zone } = call;
  const times = newTimes(given as TimesGiven, { zone, now });
  const isTimer = times.state === 'running';
  if (isTimer) refuseStart(times.stretches[0]!.startedAt, now);
  refuseLocked(
    { local_date: times.localDate },
    actor,
    isTimer || times.mode === 'interval' ? 'started_at' : 'date',
  );
  await takeTurn(tx, member);
  const work = await findWork(call, given, operation);
  const room = isTimer ? await makeRoom(call, member, times.stretches[0]!.startedAt, running) : null;
  const overlaps = await checkOverlap(call, {
    member,
    self: null,
    stretches: times.stretches,
    wanted: overlap,
  });
  const rate = await rateFor(call, work, { member, on: times.localDate, given: given.rate });
  const id = await insertEntry(call, {
    member,
    work,
    times,
    description: given.description ?? '',
    billable: given.billable ?? work.billableDefault,
    rate,
  });
  if (given.tags !== undefined && given.tags.length > 0) await setEntryTags(call, id, given.tags);
  warnOfFuture(call, times);
  const row = await loadEntry(tx, id);
  const displaced = room?.displaced ?? null;
  return {
    row,
    displaced,
    overlaps,
    before: room === null ? undefined : { [displaced!.state]: room.before },
    after: { ...storedFacts(row), ...(room === null ? {} : { [displaced!.state]: room.after }) },
  };
};
