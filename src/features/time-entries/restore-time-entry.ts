import { z } from 'zod';
import { parentDeleted } from '#features/clients/client.ts';
import { budgetExhausted } from '#features/projects/budget.ts';
import { operation } from '#operation/operation.ts';
import { wholeSeconds } from '#values/local-time.ts';
import { notFound } from '#values/refusal.ts';
import { isRestorable } from '#values/restorable.ts';
import { onOverlap } from './entry-overlap.ts';
import { bringBack } from './entry-return.ts';
import { runningEntry } from './entry-timers.ts';
import { closedTimes } from './entry-retiming.ts';
import { type EntryTimes, timesOf } from './entry-times.ts';
import { type EntryRow, entryToChange, storedFacts, viewEntry } from './entry-view.ts';
import { timesOfRow } from './entry-writes.ts';
import { conflictView, entryId, entryView, lockRefusals, overlapRefused } from './time-entry.ts';

/** A timer that ran when it was deleted: the time since does not count; it runs on unless another does. */
const timesAgain = (row: EntryRow, now: Temporal.Instant, runs: boolean): EntryTimes | null => {
  const before = timesOfRow(row);
  const deletedAt = wholeSeconds(row.deleted_at!);
  const again = wholeSeconds(now);
  if (before.state !== 'running' || (runs && again.equals(deletedAt))) return null;
  const closed = closedTimes(before, deletedAt, 'paused');
  return runs ? timesOf([...closed.stretches, { startedAt: again, endedAt: null }], before.timezone) : closed;
};

export const restoreTimeEntry = operation({
  name: 'time_entries.restore',
  title: 'Restore a time entry',
  summary: 'Bring back a time entry deleted, or a timer discarded, in the last 30 days.',
  guidance:
    'A timer that ran then runs on, without the time between; it comes back paused where another runs now. time_entries.list with deleted true finds them.',
  effect: 'update',
  needs: { scope: 'time:write', role: 'member' },
  input: z.object({ id: entryId, on_overlap: onOverlap }),
  output: z.object({
    entry: entryView.describe('The entry.'),
    overlaps: z.array(conflictView).describe('Entries that take the same time.'),
  }),
  refusals: [parentDeleted, ...lockRefusals, overlapRefused, budgetExhausted],
  async handle({ id, on_overlap: wanted }, call) {
    const { now, changed, warn } = call;
    const row = await entryToChange(call, id, { deleted: true });
    if (!isRestorable(row.deleted_at, now)) throw notFound({});
    const runs = row.state === 'running' && (await runningEntry(call, row.membership_id)) === null;
    const times = timesAgain(row, now, runs);
    const { rows, overlaps } = await bringBack(call, [{ row, times }], wanted);
    const restored = rows[0]!;
    if (row.state === 'running') {
      warn(
        runs
          ? 'This timer runs again.'
          : 'Another timer runs, so this one is paused; timers.resume goes on with it.',
      );
    }
    changed({ id, after: storedFacts(restored) });
    return { entry: viewEntry(restored, call), overlaps };
  },
});
