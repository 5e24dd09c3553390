import { z } from 'zod';
import { budgetExhausted } from '#features/projects/budget.ts';
import { checkVersion, expectedVersion } from '#operation/call.ts';
import { operation } from '#operation/operation.ts';
import { newId } from '#values/id.ts';
import {
  disambiguationInput,
  localTimeRefusals,
  momentInput,
  readMoment,
  zoneInput,
  zoneOf,
} from '#values/local-time.ts';
import { validationFailed } from '#values/refusal.ts';
import { keepBudget } from './entry-budget.ts';
import { splitAt, splitBySeconds } from './entry-split.ts';
import {
  type EntryRow,
  entryToChange,
  liveSeconds,
  loadEntry,
  storedFacts,
  viewEntry,
} from './entry-view.ts';
import { linkTags } from './entry-work.ts';
import { insertEntry, saveTimes, timesOfRow } from './entry-writes.ts';
import { entryId, entryView, lockRefusals, refuseLocked } from './time-entry.ts';

export const splitTimeEntry = operation({
  name: 'time_entries.split',
  title: 'Split a time entry',
  summary: 'Split a time entry in two at a moment, or into parts of given lengths. No second is lost.',
  guidance:
    'The first part keeps the id; of a timer, the last part keeps running. Change the parts with time_entries.update.',
  effect: 'create',
  needs: { scope: 'time:write', role: 'member' },
  input: z.object({
    id: entryId,
    at: momentInput.optional().describe('Where to split, like 2026-10-05T13:30.'),
    seconds: z
      .array(z.number().int().min(1))
      .min(1)
      .max(20)
      .optional()
      .describe('Instead of at: seconds of each part but the last.'),
    timezone: zoneInput.optional().describe('IANA zone; default the user’s.'),
    disambiguation: disambiguationInput,
    expected_version: expectedVersion,
  }),
  output: z.object({ entries: z.array(entryView).describe('The parts, in order.') }),
  refusals: [...lockRefusals, budgetExhausted, ...localTimeRefusals],
  async handle({ id, at, seconds, timezone, disambiguation, expected_version }, call) {
    const { tx, actor, now, zone } = call;
    const row = await entryToChange(call, id);
    checkVersion(expected_version, row);
    refuseLocked(row, actor);
    if ((at === undefined) === (seconds === undefined)) {
      throw validationFailed({ message: 'Give at or seconds, one of them.' }, 'at');
    }
    const times = timesOfRow(row);
    const moment =
      at === undefined
        ? null
        : readMoment(at, {
            zone: timezone === undefined ? zone : (zoneOf(timezone) ?? zone),
            now,
            disambiguation,
            field: 'at',
          });
    const [first, ...rest] =
      moment === null ? splitBySeconds(times, seconds!, liveSeconds(row, now)) : splitAt(times, moment, now);
    for (const part of rest) refuseLocked({ id, local_date: part.localDate }, actor);
    await saveTimes(call, id, first!);
    const parts: EntryRow[] = [await loadEntry(tx, id)];
    for (const part of rest) {
      const made = newId('ten', now);
      await insertEntry(call, made, {
        member: row.membership_id,
        work: { taskId: row.task_id, projectId: row.project_id, clientId: row.client_id },
        times: part,
        description: row.description,
        billable: row.billable,
        settled: row.settled,
        rate: {
          rate_minor: row.rate_minor,
          currency: row.currency,
          rate_source: row.rate_source,
          cost_rate_minor: row.cost_rate_minor,
        },
      });
      await linkTags(
        call,
        made,
        row.tags.map((tag) => tag.id),
      );
      parts.push(await loadEntry(tx, made));
    }
    // A part may fall into another month.
    const written = parts.map((after, at) => ({ before: at === 0 ? row : null, after }));
    await keepBudget(call, row.project_id, written);
    call.changed({ id, before: storedFacts(row), after: { parts: parts.map(storedFacts) } });
    return { entries: parts.map((part) => viewEntry(part, call)) };
  },
});
