import { z } from 'zod';
import { memberId } from '#features/tasks/task.ts';
import { operation } from '#operation/operation.ts';
import { validationFailed } from '#values/refusal.ts';
import { atomicInput, bulkLimit, bulkView, eachItem } from './entry-bulk.ts';
import { onOverlap } from './entry-overlap.ts';
import { addEntry, newEntryInput, newEntryRefusals } from './entry-addition.ts';
import { refuseOthers } from './time-entry.ts';

const name = 'time_entries.bulk_create';

export const bulkCreateTimeEntries = operation({
  name,
  title: 'Log many times',
  summary: 'Log up to 200 pieces of time at once. Starts no timers.',
  guidance: 'Items are as in time_entries.create, each with an end or a duration.',
  effect: 'create',
  needs: { scope: 'time:write', role: 'member' },
  dryRun: true,
  input: z.object({
    items: z
      .array(
        z.strictObject({
          ...newEntryInput,
          member_id: memberId.optional().describe('Whose time, for managers.'),
        }),
      )
      .min(1)
      .max(bulkLimit)
      .describe('What to log.'),
    atomic: atomicInput,
    on_overlap: onOverlap,
  }),
  output: z.object(bulkView),
  refusals: newEntryRefusals,
  async handle({ items, atomic, on_overlap: overlap }, call) {
    const { facts, answer } = await eachItem(
      call,
      items,
      { atomic, path: (index) => `items[${index}]` },
      async ({ member_id: member, ...given }) => {
        const { ended_at, duration, duration_seconds } = given;
        if (ended_at === undefined && duration === undefined && duration_seconds === undefined) {
          throw validationFailed(
            { message: 'An end or a duration is missing; timers.start starts timers.' },
            'duration',
          );
        }
        if (member !== undefined) refuseOthers(call.actor, member, 'member_id');
        const { row, after } = await addEntry(call, given, { operation: name, member, overlap });
        return { id: row.id, facts: after };
      },
    );
    call.changed({ id: null, after: { entries: facts } });
    return answer;
  },
});
