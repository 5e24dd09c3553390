import { z } from 'zod';
import { pausedEntries, runningEntry } from '#features/time-entries/entry-timers.ts';
import { type EntryRow, liveSeconds, viewLinks } from '#features/time-entries/entry-view.ts';
import { entryId, entryLinks, refuseOthers } from '#features/time-entries/time-entry.ts';
import { memberId } from '#features/tasks/task.ts';
import type { Call } from '#operation/call.ts';
import type { Id } from '#values/id.ts';
import { momentText, secondsBetween, wholeSeconds } from '#values/local-time.ts';
import { notFound, refusal } from '#values/refusal.ts';

/** A time entry that is not stopped yet, as every door shows it. */
export const timerView = z.object({
  entry_id: entryId,
  state: z.enum(['running', 'paused', 'stopped']).describe('running or paused.'),
  started_at: z.string().describe('When it was first started.'),
  timezone: z.string().describe('Zone of its times and its day.'),
  elapsed_seconds: z.number().int().describe('Time worked so far, without pauses.'),
  paused_seconds: z.number().int().describe('Pauses so far.'),
  description: z.string().describe('What it is for.'),
  billable: z.boolean().describe('Can be invoiced.'),
  ...entryLinks,
  version: z.number().int().describe('Counts its changes.'),
});

export const noRunningTimer = refusal<{ paused: string[] }>(
  'no_running_timer',
  'conflict',
  'No timer runs.',
  ({ paused }) =>
    paused.length === 0
      ? 'No timer is running. timers.start starts one.'
      : `No timer is running; ${paused.join(', ')} ${paused.length === 1 ? 'is' : 'are'} paused. timers.resume goes on with one.`,
  { fixTool: 'timers.current' },
);
export const noPausedTimer = refusal<{ state: 'stopped' | 'none' }>(
  'no_paused_timer',
  'conflict',
  'There is no paused timer to resume.',
  ({ state }) =>
    state === 'stopped'
      ? 'This entry is stopped. Start a new timer on the same task: timers.start.'
      : 'No timer is paused. timers.start starts one.',
  { fixTool: 'timers.start' },
);

export const whoseTimer = memberId.optional().describe('Default: the user’s; others’ only for managers.');
export const whichTimer = entryId
  .optional()
  .describe('Default: the running timer, else the one paused last.');

/** A row as a `timerView`. */
export const viewTimer = (row: EntryRow, { now }: Pick<Call, 'now'>): z.output<typeof timerView> => {
  const elapsed = liveSeconds(row, now);
  return {
    entry_id: row.id,
    state: row.state,
    started_at: momentText(row.started_at!, row.timezone),
    timezone: row.timezone,
    elapsed_seconds: elapsed,
    paused_seconds: Math.max(0, secondsBetween(row.started_at!, row.ended_at ?? wholeSeconds(now)) - elapsed),
    description: row.description,
    billable: row.billable,
    ...viewLinks(row),
    version: row.version,
  };
};

/** The timers of a person: the one that runs, then those paused, the one paused last first. */
export const timersOf = async (call: Call, member: Id<'mem'>): Promise<EntryRow[]> => {
  const running = await runningEntry(call, member);
  const paused = await pausedEntries(call, member);
  return running === null ? paused : [running, ...paused];
};

/** The person whose timer is meant, if the caller may. */
export const timerOwner = ({ actor }: Call, member: Id<'mem'> | undefined): Id<'mem'> => {
  if (member !== undefined) refuseOthers(actor, member, 'member_id');
  return member ?? actor.membership.id;
};

/** The timer that is meant, of those a person has: that of the id, else the running one, else the one paused last. */
export const chooseTimer = (timers: readonly EntryRow[], id: Id<'ten'> | undefined): EntryRow => {
  const found = id === undefined ? timers[0] : timers.find((timer) => timer.id === id);
  if (found !== undefined) return found;
  if (id !== undefined) throw notFound({}, 'entry_id');
  throw noRunningTimer({ paused: [] });
};
