import { z } from 'zod';
import { budgetExhausted } from '#features/projects/budget.ts';
import { keepBudget } from '#features/time-entries/entry-budget.ts';
import { checkOverlap } from '#features/time-entries/entry-overlap.ts';
import {
  displacedView,
  makeRoom,
  pausedEntries,
  policyInput,
  runningEntry,
} from '#features/time-entries/entry-timers.ts';
import { timesOf } from '#features/time-entries/entry-times.ts';
import { entryToChange, loadEntry, storedFacts, takeTurn } from '#features/time-entries/entry-view.ts';
import { saveTimes, timesOfRow } from '#features/time-entries/entry-writes.ts';
import {
  conflictView,
  lockRefusals,
  overlapRefused,
  refuseLocked,
  timerAlreadyRunning,
} from '#features/time-entries/time-entry.ts';
import { operation } from '#operation/operation.ts';
import { localTimeRefusals, momentInput } from '#values/local-time.ts';
import { noPausedTimer, timerView, viewTimer, whichTimer } from './timer.ts';
import { momentWithin } from './timer-moment.ts';

export const resumeTimer = operation({
  name: 'timers.resume',
  title: 'Resume the timer',
  summary: 'Go on with a paused timer.',
  effect: 'update',
  needs: { scope: 'time:write', role: 'member' },
  input: z.object({
    entry_id: whichTimer.describe('Default: the timer paused last, if none runs.'),
    at: momentInput.optional().describe('When the pause ended; default: now.'),
    ...policyInput,
  }),
  output: z.object({
    timer: timerView.describe('The timer, running.'),
    stopped_entry: displacedView.nullable().describe('The timer that it stopped or paused.'),
    overlaps: z.array(conflictView).describe('Entries that take the same time.'),
  }),
  refusals: [
    noPausedTimer,
    timerAlreadyRunning,
    overlapRefused,
    budgetExhausted,
    ...lockRefusals,
    ...localTimeRefusals,
  ],
  async handle({ entry_id, at, on_running, on_overlap: wanted }, call) {
    const { tx, actor, changed } = call;
    await takeTurn(tx, actor.membership.id);
    const row =
      entry_id === undefined
        ? ((await runningEntry(call, actor.membership.id)) ??
          (await pausedEntries(call, actor.membership.id))[0])
        : await entryToChange(call, entry_id);
    if (row === undefined) throw noPausedTimer({ state: 'none' });
    if (row.state === 'running') {
      // Done already: a call that is made again must not go on to an older timer.
      call.warn('This timer is running already. Give entry_id to go on with a paused one instead.');
      changed({ id: row.id, before: storedFacts(row), after: storedFacts(row) });
      return { timer: viewTimer(row, call), stopped_entry: null, overlaps: [] };
    }
    if (row.state !== 'paused') throw noPausedTimer({ state: row.state });
    refuseLocked(row, actor);
    const times = timesOfRow(row);
    const moment = momentWithin(call, at, times.stretches.at(-1)!.endedAt!, row.timezone);
    const room = await makeRoom(call, row.membership_id, moment, on_running);
    const open = { startedAt: moment, endedAt: null };
    const overlaps = await checkOverlap(call, {
      member: row.membership_id,
      self: row.id,
      stretches: [open],
      wanted,
    });
    await saveTimes(call, row.id, timesOf([...times.stretches, open], row.timezone));
    const resumed = await loadEntry(tx, row.id);
    await keepBudget(call, resumed.project_id, [{ before: row, after: resumed }]);
    const displaced = room?.displaced ?? null;
    changed({
      id: row.id,
      before: { ...storedFacts(row), ...(room === null ? {} : { [displaced!.state]: room.before }) },
      after: { ...storedFacts(resumed), ...(room === null ? {} : { [displaced!.state]: room.after }) },
    });
    return { timer: viewTimer(resumed, call), stopped_entry: displaced, overlaps };
  },
});
