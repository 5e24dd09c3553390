import type { z } from 'zod';
import type { WorkspaceSettings } from '#operation/actor.ts';
import type { Call } from '#operation/call.ts';
import { type Id, newId } from '#values/id.ts';
import { tagsByIdOrName } from '#features/tags/tag.ts';
import { localTimeRefusals } from '#values/local-time.ts';
import { validationFailed } from '#values/refusal.ts';
import { keepBudget } from './entry-budget.ts';
import { type OnOverlap, checkOverlap } from './entry-overlap.ts';
import { type Displaced, makeRoom } from './entry-timers.ts';
import { applyRules, readRules } from './entry-rules.ts';
import { settledBy } from './entry-settled.ts';
import { type EntryTimes, newTimes, refuseStart, timesInput } from './entry-times.ts';
import { type EntryRow, loadEntry, storedFacts, takeTurn } from './entry-view.ts';
import { findWork, linkTags, rateFor, workInput, workRefusals } from './entry-work.ts';
import { insertEntry } from './entry-writes.ts';
import {
  type Conflict,
  lockRefusals,
  overlapRefused,
  refuseLocked,
  timerAlreadyRunning,
} from './time-entry.ts';

/** The arguments of a new piece of time, logged or running. */
export const newEntryInput = { ...workInput, ...timesInput };

/** The refusals of `addEntry`. */
export const newEntryRefusals = [
  ...workRefusals,
  ...lockRefusals,
  ...localTimeRefusals,
  overlapRefused,
  timerAlreadyRunning,
] as const;

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

const warnOfFuture = (call: Call, times: EntryTimes): void => {
  const end = times.stretches.at(-1)?.endedAt;
  if (end != null && Temporal.Instant.compare(end, call.now) > 0) call.warn('This time lies in the future.');
};

/**
 * Logs time, or starts a timer where neither end nor duration is given: finds or makes the task, takes the person’s turn, makes room for
 * a timer, checks locks, overlaps and the budget, keeps the rate of the day, and lets the rules run. `operation` names the calling operation in refusals.
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
  const times = newTimes(given, { zone, now });
  const isTimer = times.state === 'running';
  if (isTimer) refuseStart(times.stretches[0]!.startedAt, now);
  refuseLocked(
    { local_date: times.localDate },
    actor,
    isTimer || times.mode === 'interval' ? 'started_at' : 'date',
  );
  // Asked in one breath and in this order: what is read behind the turn is still so when it is written.
  const turn = takeTurn(tx, member);
  const found = findWork(call, given, operation);
  const [{ active }, work, rate, tags] = await Promise.all([
    turn,
    found,
    found.then((place) => rateFor(call, place, { member, on: times.localDate, given: given.rate })),
    tagsByIdOrName(call, given.tags ?? []),
  ]);
  if (!active) {
    throw validationFailed(
      { message: 'This member is not active here (any more), so no new time is logged for them.' },
      'member_id',
    );
  }
  const room = isTimer ? await makeRoom(call, member, times.stretches[0]!.startedAt, running) : null;
  const overlaps = await checkOverlap(call, {
    member,
    self: null,
    stretches: times.stretches,
    wanted: overlap,
  });
  const id = newId('ten', now);
  const [, , written] = await Promise.all([
    insertEntry(call, id, {
      member,
      work,
      times,
      description: given.description ?? '',
      billable: given.billable ?? work.billableDefault,
      rate,
      settled: settledBy([], given, { projectId: work.projectId, tags }),
    }),
    linkTags(call, id, tags),
    loadEntry(tx, id),
    readRules(tx),
  ]);
  warnOfFuture(call, times);
  const row = await applyRules(call, null, written);
  await keepBudget(call, row.project_id, [{ before: null, after: row }]);
  const displaced = room?.displaced ?? null;
  return {
    row,
    displaced,
    overlaps,
    before: room === null ? undefined : { [displaced!.state]: room.before },
    after: { ...storedFacts(row), ...(room === null ? {} : { [displaced!.state]: room.after }) },
  };
};
