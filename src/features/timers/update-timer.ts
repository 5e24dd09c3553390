import { z } from 'zod';
import { changedWorkInput } from '#features/time-entries/changed-work-input.ts';
import { onOverlap } from '#features/time-entries/entry-overlap.ts';
import { timesInput } from '#features/time-entries/entry-times.ts';
import { storedFacts, takeTurn } from '#features/time-entries/entry-view.ts';
import { workRefusals } from '#features/time-entries/entry-work.ts';
import { changeEntry } from '#features/time-entries/entry-change.ts';
import { conflictView, lockRefusals, overlapRefused } from '#features/time-entries/time-entry.ts';
import { checkVersion, expectedVersion } from '#operation/call.ts';
import { operation } from '#operation/operation.ts';
import { localTimeRefusals } from '#values/local-time.ts';
import { chooseTimer, noRunningTimer, timersOf, timerView, viewTimer, whichTimer } from './timer.ts';

const name = 'timers.update';
const { timezone, disambiguation } = timesInput;
const { re_rate: _, ...work } = changedWorkInput;

export const updateTimer = operation({
  name,
  title: 'Change the timer',
  summary: 'Change what the timer is for, or when it was started, while it runs or is paused.',
  effect: 'update',
  needs: { scope: 'time:write', role: 'member' },
  input: z.object({
    entry_id: whichTimer,
    ...work,
    started_at: timesInput.started_at.describe('When it was first started.'),
    timezone,
    disambiguation,
    on_overlap: onOverlap,
    expected_version: expectedVersion,
  }),
  output: z.object({
    timer: timerView.describe('The timer as it is now.'),
    overlaps: z.array(conflictView).describe('Entries that take the same time.'),
  }),
  refusals: [noRunningTimer, ...workRefusals, ...lockRefusals, ...localTimeRefusals, overlapRefused],
  async handle({ entry_id, expected_version, on_overlap, ...given }, call) {
    const member = call.actor.membership.id;
    await takeTurn(call.tx, member);
    const before = chooseTimer(await timersOf(call, member), entry_id);
    checkVersion(expected_version, before);
    const { row, overlaps } = await changeEntry(call, before, given, {
      operation: name,
      onOverlap: on_overlap,
    });
    call.changed({ id: row.id, before: storedFacts(before), after: storedFacts(row) });
    return { timer: viewTimer(row, call), overlaps };
  },
});
