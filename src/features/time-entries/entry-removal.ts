import type { Call } from '#operation/call.ts';
import { momentText } from '#values/local-time.ts';
import { restorableUntil } from '#values/restorable.ts';
import { type EntryRow, storedFacts } from './entry-view.ts';
import { refuseLocked, refuseLockedTimer } from './time-entry.ts';

/** Deletes an entry so that it can be restored, and says so in the audit log. A timer can always be thrown away, whatever was closed meanwhile. Its person’s turn is taken. */
export const removeEntry = async (call: Call, row: EntryRow): Promise<{ restorableUntil: string }> => {
  const { tx, actor, now, changed } = call;
  if (row.state === 'stopped') refuseLocked(row, actor);
  else refuseLockedTimer(row, actor);
  await tx.updateTable('time_entries').set({ deleted_at: now }).where('id', '=', row.id).execute();
  changed({ id: row.id, before: storedFacts(row) });
  return { restorableUntil: momentText(restorableUntil(now), row.timezone) };
};
