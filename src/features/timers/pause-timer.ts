import { z } from 'zod';
import { runningEntry } from '#features/time-entries/entry-timers.ts';
import { closedTimes } from '#features/time-entries/entry-retiming.ts';
import { loadEntry, storedFacts, takeTurn } from '#features/time-entries/entry-view.ts';
import { saveTimes, timesOfRow } from '#features/time-entries/entry-writes.ts';
import { entryLocked, refuseLockedTimer } from '#features/time-entries/time-entry.ts';
import { operation } from '#operation/operation.ts';
import { localTimeRefusals, momentInput } from '#values/local-time.ts';
import { noRunningTimer, timersOf, timerView, viewTimer } from './timer.ts';
import { momentWithin } from './timer-moment.ts';

export const pauseTimer = operation({
  name: 'timers.pause',
  title: 'Pause the timer',
  summary: 'Pause the running timer. timers.resume goes on with it; the pause does not count.',
  effect: 'update',
  needs: { scope: 'time:write', role: 'member' },
  input: z.object({
    at: momentInput.optional().describe('When the pause began; default: now.'),
  }),
  output: z.object({ timer: timerView.describe('The timer, paused.') }),
  refusals: [noRunningTimer, entryLocked, ...localTimeRefusals],
  async handle({ at }, call) {
    const { tx, actor, changed } = call;
    const member = actor.membership.id;
    await takeTurn(tx, member);
    const row = await runningEntry(call, member);
    if (row === null) throw noRunningTimer({ paused: (await timersOf(call, member)).map(({ id }) => id) });
    refuseLockedTimer(row, actor);
    const times = timesOfRow(row);
    const since = times.stretches.at(-1)!.startedAt;
    await saveTimes(call, row.id, closedTimes(times, momentWithin(call, at, since, row.timezone), 'paused'));
    const paused = await loadEntry(tx, row.id);
    changed({ id: row.id, before: storedFacts(row), after: storedFacts(paused) });
    return { timer: viewTimer(paused, call) };
  },
});
