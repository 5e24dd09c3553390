import { sql } from 'kysely';
import { z } from 'zod';
import { changesView, ruleId } from '#features/rules/rule.ts';
import type { Changes } from '#features/rules/run-rules.ts';
import { operation } from '#operation/operation.ts';
import { visibleWith } from '#operation/visible.ts';
import type { Id } from '#values/id.ts';
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
    rules: visibleWith(
      'rules:read',
      z
        .array(
          z.object({
            rule_id: ruleId,
            name: z.string().describe('Its name.'),
            at: z.string().describe('When.'),
            changes: changesView.describe('What it changed.'),
          }),
        )
        .describe('The rules that changed it, the latest first.'),
    ),
  }),
  async handle({ id }, call) {
    const row = await readEntry(call, id);
    const text = (instant: Temporal.Instant) => momentText(instant, row.timezone);
    const { rows: firings } = await sql<{
      rule_id: Id<'rul'>;
      name: string;
      at: Temporal.Instant;
      changes: Changes;
    }>`
      select f.rule_id, r.name, f.at, f.changes from rule_firings f join rules r on r.id = f.rule_id
      where f.entry_id = ${id} order by f.seq desc limit 20`.execute(call.tx);
    return {
      entry: viewEntry(row, call),
      segments: stretchesOf(row).map(({ startedAt, endedAt }) => ({
        started_at: text(startedAt),
        ended_at: endedAt === null ? null : text(endedAt),
      })),
      rules: firings.map(({ at, ...firing }) => ({ ...firing, at: text(at) })),
    };
  },
});
