import { z } from 'zod';
import { addEntry, newEntryRefusals } from '#features/time-entries/entry-addition.ts';
import { displacedView, policyInput } from '#features/time-entries/entry-timers.ts';
import { timesInput } from '#features/time-entries/entry-times.ts';
import { workInput } from '#features/time-entries/entry-work.ts';
import { conflictView } from '#features/time-entries/time-entry.ts';
import { operation } from '#operation/operation.ts';
import { timerView, viewTimer } from './timer.ts';

const name = 'timers.start';
const { timezone, disambiguation } = timesInput;

export const startTimer = operation({
  name,
  title: 'Start a timer',
  summary:
    'Start a timer now, or up to 24 hours back. A timer that runs is stopped first, unless on_running says otherwise.',
  guidance: 'Give a task_id, or a summary to make a task. Tell the user what was stopped (stopped_entry).',
  effect: 'create',
  needs: { scope: 'time:write', role: 'member' },
  input: z.object({
    ...workInput,
    started_at: timesInput.started_at.describe('Up to 24 hours back; default: now.'),
    timezone,
    disambiguation,
    ...policyInput,
  }),
  output: z.object({
    timer: timerView.describe('The new timer.'),
    stopped_entry: displacedView.nullable().describe('The timer that it stopped or paused.'),
    overlaps: z.array(conflictView).describe('Entries that take the same time.'),
  }),
  refusals: newEntryRefusals,
  async handle({ on_running: running, on_overlap: overlap, ...given }, call) {
    const { row, displaced, overlaps, before, after } = await addEntry(call, given, {
      operation: name,
      running,
      overlap,
    });
    call.changed({ id: row.id, before, after });
    return { timer: viewTimer(row, call), stopped_entry: displaced, overlaps };
  },
});
