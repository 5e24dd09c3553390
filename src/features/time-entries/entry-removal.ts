import type { Call } from '#operation/call.ts';
import { momentText } from '#values/local-time.ts';
import { type EntryRow, storedFacts } from './entry-view.ts';
import { refuseLocked, restorableDays } from './time-entry.ts';

/** Deletes an entry so that it can be restored, and says so in the audit log. Its person’s turn is taken. */
export const removeEntry = async (call: Call, row: EntryRow): Promise<{ restorableUntil: string }> => {
  const { tx, actor, now, changed } = call;
  refuseLocked(row, actor);
  await tx.updateTable('time_entries').set({ deleted_at: now }).where('id', '=', row.id).execute();
  changed({ id: row.id, before: storedFacts(row) });
  return { restorableUntil: momentText(now.add({ hours: 24 * restorableDays }), row.timezone) };
};
