import { z } from 'zod';
import { operation } from '#operation/operation.ts';
import { momentText } from '#values/local-time.ts';
import { readEntry, stretchesOf, viewEntry } from './entry-view.ts';
import { entryId, entryView } from './time-entry.ts';

export const getTimeEntry = operation({
  name: 'time_entries.get',
  title: 'Show a time entry',
  summary: 'Show one time entry with its stretches of work.',
  effect: 'read',
  needs: { scope: 'time:read', role: 'member' },
  input: z.object({ id: entryId }),
  output: z.object({
    entry: entryView.describe('The entry.'),
    segments: z
      .array(
        z.object({
          started_at: z.string().describe('Its start.'),
          ended_at: z.string().nullable().describe('Its end; null while it runs.'),
        }),
      )
      .describe('The stretches between pauses; none for a duration.'),
  }),
  async handle({ id }, call) {
    const row = await readEntry(call, id);
    const text = (instant: Temporal.Instant) => momentText(instant, row.timezone);
    return {
      entry: viewEntry(row, call),
      segments: stretchesOf(row).map(({ startedAt, endedAt }) => ({
        started_at: text(startedAt),
        ended_at: endedAt === null ? null : text(endedAt),
      })),
    };
  },
});
