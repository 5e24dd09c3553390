import { z } from 'zod';
import { removeEntry } from '#features/time-entries/entry-removal.ts';
import { liveSeconds, takeTurn } from '#features/time-entries/entry-view.ts';
import { entryId, entryLocked } from '#features/time-entries/time-entry.ts';
import { operation } from '#operation/operation.ts';
import { chooseTimer, noRunningTimer, timerOwner, timersOf, whichTimer, whoseTimer } from './timer.ts';

export const discardTimer = operation({
  name: 'timers.discard',
  title: 'Discard the timer',
  summary: 'Throw away the timer and its time; time_entries.restore brings it back for 30 days.',
  guidance: 'A deliberate act of the user: ask first. timers.stop keeps the time.',
  effect: 'delete',
  needs: { scope: 'time:write', role: 'member' },
  input: z.object({
    confirm: z.literal(true).describe('true: the user wants this.'),
    entry_id: whichTimer,
    member_id: whoseTimer,
  }),
  output: z.object({
    discarded: entryId.describe('The entry that is gone.'),
    discarded_seconds: z.number().int().describe('The time that was on it.'),
    restorable_until: z.string().describe('Until when it can be restored.'),
  }),
  refusals: [noRunningTimer, entryLocked],
  async handle({ entry_id, member_id }, call) {
    const member = timerOwner(call, member_id);
    await takeTurn(call.tx, member);
    const row = chooseTimer(await timersOf(call, member), entry_id);
    const { restorableUntil } = await removeEntry(call, row);
    return {
      discarded: row.id,
      discarded_seconds: liveSeconds(row, call.now),
      restorable_until: restorableUntil,
    };
  },
});
