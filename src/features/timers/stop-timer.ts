import { z } from 'zod';
import { timesInput } from '#features/time-entries/entry-times.ts';
import { storedFacts, takeTurn, viewEntry } from '#features/time-entries/entry-view.ts';
import { changeEntry } from '#features/time-entries/entry-change.ts';
import { entryLocked, entryView } from '#features/time-entries/time-entry.ts';
import { operation } from '#operation/operation.ts';
import { localTimeRefusals } from '#values/local-time.ts';
import { chooseTimer, noRunningTimer, timerOwner, timersOf, whichTimer, whoseTimer } from './timer.ts';

const name = 'timers.stop';
const { timezone, disambiguation } = timesInput;

export const stopTimer = operation({
  name,
  title: 'Stop the timer',
  summary: 'Stop the timer and keep its time as a time entry, however short it is.',
  guidance: 'Forgotten overnight? Give ended_at. timers.discard throws the time away instead.',
  effect: 'create',
  needs: { scope: 'time:write', role: 'member' },
  input: z.object({
    entry_id: whichTimer,
    ended_at: timesInput.ended_at.describe('When the work ended; default: now, or when it was paused.'),
    timezone,
    disambiguation,
    description: z.string().max(2000).optional().describe('What was done.'),
    billable: z.boolean().optional().describe('Can be invoiced.'),
    member_id: whoseTimer,
  }),
  output: z.object({ entry: entryView.describe('The time entry.') }),
  refusals: [noRunningTimer, entryLocked, ...localTimeRefusals],
  async handle({ entry_id, ended_at = 'now', member_id, timezone, ...given }, call) {
    const member = timerOwner(call, member_id);
    await takeTurn(call.tx, member);
    const before = chooseTimer(await timersOf(call, member), entry_id);
    // The zone is for reading ended_at; the entry keeps its own.
    const zone = timezone ?? call.zone;
    const { row } = await changeEntry(
      { ...call, zone },
      before,
      { ...given, ended_at },
      { operation: name, stopping: true },
    );
    call.changed({ id: row.id, before: storedFacts(before), after: storedFacts(row) });
    return { entry: viewEntry(row, call) };
  },
});
