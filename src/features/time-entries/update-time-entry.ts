import { z } from 'zod';
import { checkVersion, expectedVersion } from '#operation/call.ts';
import { operation } from '#operation/operation.ts';
import { localTimeRefusals } from '#values/local-time.ts';
import { changedWorkInput } from './changed-work-input.ts';
import { onOverlap } from './entry-overlap.ts';
import { timesInput } from './entry-times.ts';
import { entryToChange, storedFacts, viewEntry } from './entry-view.ts';
import { workRefusals } from './entry-work.ts';
import { changeEntry } from './entry-change.ts';
import { conflictView, entryId, entryView, lockRefusals, overlapRefused } from './time-entry.ts';

const name = 'time_entries.update';

export const updateTimeEntry = operation({
  name,
  title: 'Change a time entry',
  summary: 'Change a time entry, or stop its timer with ended_at "now".',
  guidance: 'What is left out stays: a new end never moves the start. A duration moves the end.',
  effect: 'update',
  needs: { scope: 'time:write', role: 'member' },
  input: z.object({
    id: entryId,
    ...changedWorkInput,
    ...timesInput,
    on_overlap: onOverlap,
    expected_version: expectedVersion,
  }),
  output: z.object({
    entry: entryView.describe('The entry as it is now.'),
    changed: z.array(z.string()).describe('The fields that are different now.'),
    overlaps: z.array(conflictView).describe('Entries that take the same time.'),
  }),
  refusals: [...workRefusals, ...lockRefusals, ...localTimeRefusals, overlapRefused],
  async handle({ id, expected_version, on_overlap, ...given }, call) {
    const before = await entryToChange(call, id);
    checkVersion(expected_version, before);
    const { row, overlaps } = await changeEntry(call, before, given, {
      operation: name,
      onOverlap: on_overlap,
    });
    const [was, is] = [storedFacts(before), storedFacts(row)];
    call.changed({ id, before: was, after: is });
    return { entry: viewEntry(row, call), changed: differences(was, is), overlaps };
  },
});

const hidden = new Set(['rate', 'currency', 'rate_source', 'segments']);

/** The names of the facts that differ; what some may not see is not told even by name. */
const differences = (was: Record<string, unknown>, is: Record<string, unknown>): string[] =>
  Object.keys(is).filter((key) => !hidden.has(key) && JSON.stringify(was[key]) !== JSON.stringify(is[key]));
