import { z } from 'zod';
import { checkVersion, expectedVersion } from '#operation/call.ts';
import { operation } from '#operation/operation.ts';
import { removeEntry } from './entry-removal.ts';
import { entryToChange, liveSeconds } from './entry-view.ts';
import { entryId, lockRefusals } from './time-entry.ts';

export const deleteTimeEntry = operation({
  name: 'time_entries.delete',
  title: 'Delete a time entry',
  summary: 'Delete a time entry; time_entries.restore brings it back for 30 days.',
  guidance: 'A deliberate act of the user: ask first.',
  effect: 'delete',
  needs: { scope: 'time:write', role: 'member' },
  input: z.object({ id: entryId, expected_version: expectedVersion }),
  output: z.object({
    deleted: entryId.describe('The entry that is gone.'),
    duration_seconds: z.number().int().describe('The time that was on it.'),
    restorable_until: z.string().describe('Until when it can be restored.'),
  }),
  refusals: lockRefusals,
  async handle({ id, expected_version }, call) {
    const row = await entryToChange(call, id);
    checkVersion(expected_version, row);
    const { restorableUntil } = await removeEntry(call, row);
    return { deleted: id, duration_seconds: liveSeconds(row, call.now), restorable_until: restorableUntil };
  },
});
