import { z } from 'zod';
import type { WorkspaceSettings } from '#operation/actor.ts';
import type { Call } from '#operation/call.ts';
import type { Id } from '#values/id.ts';
import { momentText, wholeSeconds } from '#values/local-time.ts';
import { keepBudget } from './entry-budget.ts';
import { onOverlap } from './entry-overlap.ts';
import { closedTimes } from './entry-retiming.ts';
import { applyRules } from './entry-rules.ts';
import { type EntryRow, entries, entryRows, liveSeconds, loadEntry, storedFacts } from './entry-view.ts';
import { saveTimes, timesOfRow } from './entry-writes.ts';
import { entryId, refuseLockedTimer, timerAlreadyRunning } from './time-entry.ts';

/** What happens to the timer that already runs when another is started. */
export const onRunning = z
  .enum(['stop_current', 'pause_current', 'error'])
  .optional()
  .describe('What to do with a running timer; default: as the workspace says.');

/** The arguments that say what to do about other time. */
export const policyInput = { on_running: onRunning, on_overlap: onOverlap };

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
    // As every paused one: it is found by that, without a look at all the time the person ever logged.
    .where('e.ended_at', 'is', null)
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
      wanted === undefined ? undefined : 'on_running',
    );
  }
  refuseLockedTimer(running, actor);
  const before = timesOfRow(running);
  const since = before.stretches.at(-1)!.startedAt;
  const end = Temporal.Instant.compare(at, since) > 0 ? at : wholeSeconds(now);
  await saveTimes(
    call,
    running.id,
    closedTimes(before, end, policy === 'stop_current' ? 'stopped' : 'paused'),
  );
  const after = await applyRules(call, running, await loadEntry(call.tx, running.id));
  // It only ends; wherever a rule puts it then, that keeps nobody from working on.
  await keepBudget(call, after.project_id, [{ before: running, after }], { refuses: false });
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
