import { sql } from 'kysely';
import { z } from 'zod';
import { knownTags, tagsByIdOrName, tagsInput } from '#features/tags/tag.ts';
import type { Call } from '#operation/call.ts';
import { operation } from '#operation/operation.ts';
import type { Id } from '#values/id.ts';
import { validationFailed } from '#values/refusal.ts';
import { atomicInput, bulkLimit, bulkView, eachItem } from './entry-bulk.ts';
import { type EntryFilter, entryFilter, filterInput } from './entry-filter.ts';
import { entryToChange, storedFacts } from './entry-view.ts';
import { workRefusals } from './entry-work.ts';
import { changeEntry } from './entry-change.ts';
import { entryId, lockRefusals } from './time-entry.ts';
import { changedWorkInput } from './changed-work-input.ts';

const name = 'time_entries.bulk_update';
const { summary: _, ...work } = changedWorkInput;
const { running: _running, locked: _locked, ...chosenInput } = filterInput;

const patchInput = z.strictObject({
  ...work,
  add_tags: tagsInput.optional().describe('Tags to add, by id or name.'),
  remove_tags: tagsInput.optional().describe('Tags to take off, by id or name.'),
});

const chosenIds = async (
  call: Call,
  ids: readonly Id<'ten'>[] | undefined,
  filter: EntryFilter | undefined,
): Promise<readonly Id<'ten'>[]> => {
  if ((ids === undefined) === (filter === undefined)) {
    throw validationFailed({ message: 'Give ids or filter, one of them.' }, 'ids');
  }
  if (filter === undefined) return [...new Set(ids)];
  const { rows } = await sql<{ id: Id<'ten'> }>`
    select e.id from time_entries e where ${entryFilter(call, filter, { within: 'filter.' })} order by e.local_date, e.id limit ${bulkLimit + 1}`.execute(
    call.tx,
  );
  if (rows.length > bulkLimit) {
    throw validationFailed(
      {
        message: `The filter chooses more than ${bulkLimit} entries. Narrow it, by from and to for instance.`,
      },
      'filter',
    );
  }
  return rows.map(({ id }) => id);
};

export const bulkUpdateTimeEntries = operation({
  name,
  title: 'Change many time entries',
  summary: 'Make the same change to up to 200 time entries, by id or by filter.',
  guidance: 'Use dry_run first with a filter, and tell the user how many it chooses.',
  effect: 'update',
  needs: { scope: 'time:write', role: 'member' },
  dryRun: true,
  input: z.object({
    ids: z.array(entryId).min(1).max(bulkLimit).optional().describe('Which entries.'),
    filter: z.strictObject(chosenInput).optional().describe('Instead of ids, as in time_entries.list.'),
    patch: patchInput.describe('The change; what is left out stays.'),
    atomic: atomicInput,
  }),
  output: z.object(bulkView),
  refusals: [...workRefusals, ...lockRefusals],
  async handle({ ids, filter, patch: { add_tags, remove_tags, ...patch }, atomic }, call) {
    if ([add_tags, remove_tags, ...Object.values(patch)].every((value) => value === undefined)) {
      throw validationFailed({ message: 'The patch changes nothing: say what is to change.' }, 'patch');
    }
    const chosen = await chosenIds(call, ids, filter);
    const added = await tagsByIdOrName(call, add_tags ?? []);
    // A name that is no tag is on no entry.
    const removed = (await knownTags(call.tx, remove_tags ?? [])).map((tag) => tag.id);
    const { facts, answer } = await eachItem(
      call,
      chosen,
      { atomic, path: (index) => (ids === undefined ? chosen[index]! : `ids[${index}]`) },
      async (id) => {
        const before = await entryToChange(call, id);
        const { row: after } = await changeEntry(
          call,
          before,
          { ...patch, add_tags: added, remove_tags: removed },
          { operation: name },
        );
        return { id, facts: { before: storedFacts(before), after: storedFacts(after) } };
      },
    );
    call.changed({ id: null, after: { entries: facts } });
    return answer;
  },
});
