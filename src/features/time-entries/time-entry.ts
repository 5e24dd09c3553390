import { z } from 'zod';
import { clientRef } from '#features/clients/client.ts';
import { projectRef } from '#features/projects/project.ts';
import { tagRef } from '#features/tags/tag.ts';
import { memberId, taskRef } from '#features/tasks/task.ts';
import { type Actor, roleCovers } from '#operation/actor.ts';
import { visibleWith } from '#operation/visible.ts';
import { type Id, idSchema } from '#values/id.ts';
import { accessDenied, refusal } from '#values/refusal.ts';

export const entryId = idSchema('ten');

/** An invoice as a time entry names it. */
const invoiceOfEntry = z.object({
  id: idSchema('inv'),
  number: z.string().nullable().describe('Null while it is a draft.'),
  status: z.enum(['draft', 'invoiced', 'paid']).describe('How far it got.'),
});

const instantText = (what: string) => z.string().nullable().describe(what);

/** The links of a piece of time to the rest of the workspace, each shown to those who may read it. */
export const entryLinks = {
  task: visibleWith('tasks:read', taskRef.nullable().describe('Its task.')),
  project: visibleWith('projects:read', projectRef.nullable().describe('Its project.')),
  client: visibleWith('clients:read', clientRef.nullable().describe('Its client.')),
  tags: visibleWith('tags:read', z.array(tagRef).describe('Its tags.')),
  member_id: memberId.describe('Whose time it is.'),
  member_name: visibleWith('members:read', z.string().nullable().describe('Their name.')),
};

/** A time entry as every door shows it. */
export const entryView = z.object({
  id: entryId,
  description: z.string().describe('What was done.'),
  state: z.enum(['running', 'paused', 'stopped']).describe('running and paused ones are timers.'),
  started_at: instantText('Null for a duration without clock times.'),
  ended_at: instantText('Null until stopped, and for a duration.'),
  timezone: z.string().describe('Zone of its times and its day.'),
  local_date: z.string().describe('The day it counts for.'),
  duration_seconds: z.number().int().describe('Time worked, without pauses; up to now while running.'),
  billable: z.boolean().describe('Can be invoiced.'),
  rate: visibleWith('amounts', z.string().nullable().describe('Per hour.')),
  rate_source: visibleWith('amounts', z.string().describe('Which level set the rate.')),
  amount: visibleWith('amounts', z.string().nullable().describe('Worth of a billable entry.')),
  currency: visibleWith('amounts', z.string().nullable().describe('Of rate and amount.')),
  ...entryLinks,
  invoice: visibleWith('invoices:read', invoiceOfEntry.nullable().describe('The invoice that bills it.')),
  locked_by: z.enum(['invoice', 'approval', 'period']).nullable().describe('Why it cannot change, or null.'),
  source: z.string().describe('Through which door it came.'),
  updated_at: z.string().describe('Last change.'),
  version: z.number().int().describe('Give it as expected_version.'),
});

export const entryLocked = refusal<{
  entry_id: string;
  locked_by: 'approval' | 'invoice';
  invoice_id?: string;
}>(
  'entry_locked',
  'conflict',
  'The time entry is locked: it is on an invoice, or its timesheet was approved.',
  ({ entry_id, locked_by, invoice_id }) =>
    locked_by === 'invoice'
      ? `The time entry ${entry_id} cannot change: it is on the invoice ${invoice_id}. Take it off a draft with invoices.update, or delete the draft; an issued invoice is voided or credited first.`
      : `The time entry ${entry_id} cannot change: its timesheet was approved. Whoever approved it can reopen the timesheet.`,
);
export const periodLocked = refusal<{ local_date: string; lock_date: string; entry_id?: string }>(
  'period_locked',
  'conflict',
  'The day lies in a period that the workspace has closed.',
  ({ local_date, lock_date, entry_id }) =>
    `${entry_id === undefined ? `Time on ${local_date}` : `The time entry ${entry_id} of ${local_date}`} cannot change: this workspace closed everything up to ${lock_date}. An admin can move the lock date.`,
);
/** The refusals of `refuseLocked`. */
export const lockRefusals = [entryLocked, periodLocked] as const;

/** What decides whether a piece of time may still change. */
export interface Lockable {
  readonly id?: Id<'ten'> | undefined;
  readonly local_date: Temporal.PlainDate;
  readonly approved_at?: Temporal.Instant | null;
  readonly invoice_id?: string | null;
}

/** Why a piece of time cannot change, or null. Every kind of lock is known here and nowhere else. */
export const lockOf = (entry: Lockable, { workspace }: Actor): 'invoice' | 'approval' | 'period' | null => {
  if (entry.invoice_id != null) return 'invoice';
  if (entry.approved_at != null) return 'approval';
  const { lock_date } = workspace;
  if (lock_date !== null && Temporal.PlainDate.compare(entry.local_date, lock_date) <= 0) return 'period';
  return null;
};

/** Refuses to change locked time; asked before every write, with the entry as it is and as it would be. */
export const refuseLocked = (entry: Lockable, actor: Actor, field?: string): void => {
  const lock = lockOf(entry, actor);
  if (lock === 'approval' || lock === 'invoice') {
    const invoice = lock === 'invoice' ? { invoice_id: entry.invoice_id! } : {};
    throw entryLocked({ entry_id: entry.id ?? 'new', locked_by: lock, ...invoice }, field);
  }
  if (lock === 'period') {
    throw periodLocked(
      {
        local_date: entry.local_date.toString(),
        lock_date: actor.workspace.lock_date!.toString(),
        ...(entry.id === undefined ? {} : { entry_id: entry.id }),
      },
      field,
    );
  }
};

/**
 * Refuses to end (stop, pause, throw away) a timer that is locked itself. A period that was closed over it does not hold it: a timer that
 * could not end would keep its person from starting another.
 */
export const refuseLockedTimer = (entry: Lockable, actor: Actor): void => {
  if (lockOf(entry, actor) === 'approval') refuseLocked(entry, actor);
};

/** A running timer as a refusal names it. */
export interface RunningTimer {
  readonly entry_id: string;
  readonly started_at: string;
  readonly elapsed_seconds: number;
  readonly description: string;
}
export const timerAlreadyRunning = refusal<{ running: RunningTimer }>(
  'timer_already_running',
  'conflict',
  'A person has one running timer in a workspace; details.running names it.',
  ({ running }) =>
    `A timer is already running: ${running.entry_id}${running.description === '' ? '' : ` ("${running.description.slice(0, 80)}")`}, since ${running.started_at}. Stop it with timers.stop first, or start the other with timers.start and on_running stop_current or pause_current.`,
  { fixTool: 'timers.stop' },
);

/** An entry that takes the same time; ended_at null is one that still runs. */
export const conflictView = z.object({
  entry_id: entryId,
  started_at: z.string().describe('Its start.'),
  ended_at: z.string().nullable().describe('Its end; null while it runs.'),
});
export type Conflict = z.output<typeof conflictView>;
export const overlapRefused = refusal<{ conflicts: Conflict[] }>(
  'overlap',
  'conflict',
  'The time overlaps other entries of the same person, and the workspace or the call forbids it.',
  ({ conflicts }) =>
    `This overlaps ${conflicts.length} other ${conflicts.length === 1 ? 'entry' : 'entries'} of the same person: ${conflicts
      .slice(0, 3)
      .map(({ entry_id, started_at, ended_at }) => `${entry_id} (${started_at} to ${ended_at ?? 'now'})`)
      .join(', ')}. Choose other times, or change that entry with time_entries.update.`,
  { fixTool: 'time_entries.update' },
);

/** Refuses another person’s time to whoever is not a manager. */
export const refuseOthers = (actor: Actor, owner: Id<'mem'>, field?: string): void => {
  if (owner !== actor.membership.id && !roleCovers(actor.membership.role, 'manager')) {
    throw accessDenied({ because: 'this is another person’s time', requires: 'manager' }, field);
  }
};
