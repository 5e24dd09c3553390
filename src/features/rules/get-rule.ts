import { sql } from 'kysely';
import { z } from 'zod';
import { seesTime } from '#features/rates/worth.ts';
import { operation } from '#operation/operation.ts';
import { visibleWith } from '#operation/visible.ts';
import type { Id } from '#values/id.ts';
import { momentText } from '#values/local-time.ts';
import { changesView, ruleId, ruleView } from './rule.ts';
import type { Changes } from './run-rules.ts';
import { findRule, viewRules } from './stored-rule.ts';

const most = 20;

export const getRule = operation({
  name: 'rules.get',
  title: 'Look at a rule',
  summary: 'Show one rule and the latest time entries that it changed.',
  effect: 'read',
  needs: { scope: 'rules:read', role: 'member' },
  input: z.object({ id: ruleId }),
  output: z.object({
    rule: ruleView.describe('The rule.'),
    firings: visibleWith(
      'time:read',
      z
        .array(
          z.object({
            entry_id: z.string().describe('The time entry.'),
            at: z.string().describe('When.'),
            changes: changesView.describe('What it changed.'),
          }),
        )
        .describe(`Its latest ${most} changes, of time the user may see.`),
    ),
  }),
  async handle({ id }, call) {
    const { tx, actor, zone } = call;
    const row = await findRule(call, id);
    const { rows } = await sql<{ entry_id: Id<'ten'>; at: Temporal.Instant; changes: Changes }>`
      select f.entry_id, f.at, f.changes from rule_firings f join time_entries e on e.id = f.entry_id
      where f.rule_id = ${id} and ${seesTime(actor, 'e')} order by f.seq desc limit ${most}`.execute(tx);
    const [rule] = await viewRules(call, [row]);
    return {
      rule: rule!,
      firings: rows.map(({ at, ...firing }) => ({ ...firing, at: momentText(at, zone) })),
    };
  },
});
