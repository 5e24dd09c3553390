import { z } from 'zod';
import { memberId } from '#features/tasks/task.ts';
import { operation } from '#operation/operation.ts';
import { addEntry, newEntryInput, newEntryRefusals } from './entry-addition.ts';
import { displacedView, policyInput } from './entry-timers.ts';
import { viewEntry } from './entry-view.ts';
import { conflictView, entryView, refuseOthers } from './time-entry.ts';

const name = 'time_entries.create';

export const createTimeEntry = operation({
  name,
  title: 'Log time',
  summary: 'Log time that is over; without an end or duration, start a timer.',
  guidance:
    'Give started_at and ended_at, or one of them and a duration, or a date and a duration. Local times are read in the user’s zone.',
  effect: 'create',
  needs: { scope: 'time:write', role: 'member' },
  input: z.object({
    ...newEntryInput,
    member_id: memberId.optional().describe('Default: the user’s; others’ only for managers.'),
    ...policyInput,
  }),
  output: z.object({
    entry: entryView.describe('The new entry.'),
    stopped_entry: displacedView.nullable().describe('The timer that it stopped or paused.'),
    overlaps: z.array(conflictView).describe('Entries that take the same time.'),
  }),
  refusals: newEntryRefusals,
  async handle({ member_id: member, on_running: running, on_overlap: overlap, ...given }, call) {
    if (member !== undefined) refuseOthers(call.actor, member, 'member_id');
    const added = await addEntry(call, given, { operation: name, member, running, overlap });
    call.changed({ id: added.row.id, before: added.before, after: added.after });
    return { entry: viewEntry(added.row, call), stopped_entry: added.displaced, overlaps: added.overlaps };
  },
});
