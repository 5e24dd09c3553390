import { holdParents } from '#features/clients/client.ts';
import type { Call } from '#operation/call.ts';
import { keepBudget } from './entry-budget.ts';
import { type OnOverlap, checkOverlap } from './entry-overlap.ts';
import type { EntryTimes } from './entry-times.ts';
import { type EntryRow, entries, entryRows } from './entry-view.ts';
import { saveTimes, timesOfRow } from './entry-writes.ts';
import { type Conflict, refuseLocked } from './time-entry.ts';

/** A deleted entry, and the times it is to have where they are others than before. */
export interface Returning {
  readonly row: EntryRow;
  readonly times?: EntryTimes | null;
}

/**
 * Brings deleted time back under the rules of new time: what it belongs to is there, its day is open, overlaps and budgets are looked at.
 * The turns of its people are taken, and the caller may change it. Gives the entries as they are then.
 */
export const bringBack = async (
  call: Call,
  returning: readonly Returning[],
  wanted?: OnOverlap,
): Promise<{ rows: EntryRow[]; overlaps: Conflict[] }> => {
  if (returning.length === 0) return { rows: [], overlaps: [] };
  const { tx, actor } = call;
  const overlaps: Conflict[] = [];
  for (const { row, times } of returning) {
    refuseLocked(row, actor);
    await holdParents(call, { task: row.task_id, project: row.project_id, client: row.client_id });
    const { stretches } = times ?? timesOfRow(row);
    overlaps.push(
      ...(await checkOverlap(call, { member: row.membership_id, self: row.id, stretches, wanted })),
    );
  }
  for (const { row, times } of returning) if (times != null) await saveTimes(call, row.id, times);
  const ids = returning.map(({ row }) => row.id);
  await tx.updateTable('time_entries').set({ deleted_at: null }).where('id', 'in', ids).execute();
  const rows = await entryRows(tx, entries(tx).where('e.id', 'in', ids)).execute();
  const before = new Map(returning.map(({ row }) => [row.id, row]));
  for (const [project, same] of Map.groupBy(rows, ({ project_id }) => project_id)) {
    const written = same.map((after) => ({ before: before.get(after.id)!, after }));
    await keepBudget(call, project, written);
  }
  return { rows, overlaps };
};
