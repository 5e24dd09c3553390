import { sql } from 'kysely';
import { z } from 'zod';
import { tagRefusals } from '#features/tags/tag.ts';
import { expectedVersion } from '#operation/call.ts';
import { operation } from '#operation/operation.ts';
import { backfill, backfillRefusals } from './backfill.ts';
import { readActions, readConditions, readScope } from './read-rule.ts';
import {
  backfillInput,
  backfillView,
  enforceInput,
  mostRules,
  ruleId,
  ruleLoop,
  ruleName,
  ruleView,
  scopeInput,
  thenInput,
  whenInput,
} from './rule.ts';
import { positionAt, ruleToChange } from './rule-order.ts';
import { findRule, ruleOf, storedRule, viewRules } from './stored-rule.ts';

const name = 'rules.update';

export const updateRule = operation({
  name,
  title: 'Change a rule',
  summary: 'Change a rule, move it in the order, or run it over past time.',
  guidance: 'when, then and scope replace the old ones whole. What it did before stays.',
  effect: 'update',
  needs: { scope: 'rules:write', role: 'member' },
  dryRun: true,
  input: z.object({
    id: ruleId,
    name: ruleName.optional(),
    when: whenInput.optional(),
    then: thenInput.optional(),
    scope: scopeInput.nullable().optional(),
    always_enforce: enforceInput.optional(),
    enabled: z.boolean().optional().describe('Whether it runs.'),
    position: z.number().int().min(1).max(mostRules).optional().describe('Its place in the order, from 1.'),
    backfill: backfillInput.optional(),
    expected_version: expectedVersion,
  }),
  output: z.object({
    rule: ruleView.describe('The rule as it is now.'),
    backfill: backfillView.optional().describe('What it found in past time.'),
  }),
  refusals: [ruleLoop, ...tagRefusals, ...backfillRefusals],
  async handle({ id, when, then, scope, position, backfill: past, expected_version, ...given }, call) {
    const { tx, changed } = call;
    const { row: before, order } = await ruleToChange(call, id, expected_version);
    const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
    const newScope = scope === undefined ? undefined : await readScope(call, scope ?? {});
    const actions = then === undefined ? undefined : await readActions(call, then);
    const conditions = when === undefined ? undefined : await readConditions(call, when);
    const place = position === undefined ? null : positionAt(order, id, position);
    await sql`update rules set name = coalesce(${given.name ?? null}, name), enabled = coalesce(${given.enabled ?? null}, enabled),
        always_enforce = coalesce(${given.always_enforce ?? null}, always_enforce), scope = coalesce(${json(newScope)}::jsonb, scope),
        conditions = coalesce(${json(conditions)}::jsonb, conditions), actions = coalesce(${json(actions)}::jsonb, actions),
        position = coalesce(${place}, position)
      where id = ${id}`.execute(tx);
    const after = await findRule(call, id);
    const run =
      past === undefined
        ? null
        : await backfill(call, ruleOf(after), past, { operation: name, enabled: after.enabled });
    const row = run === null ? after : await findRule(call, id);
    changed({
      id,
      before: storedRule(before),
      after: { ...storedRule(row), ...(run === null ? {} : { backfill: run.facts }) },
    });
    const [rule] = await viewRules(call, [row]);
    return { rule: rule!, ...(run === null ? {} : { backfill: run.view }) };
  },
});
