import { sql } from 'kysely';
import { z } from 'zod';
import { positionsBetween } from '#features/tasks/position.ts';
import { tagRefusals } from '#features/tags/tag.ts';
import { operation } from '#operation/operation.ts';
import { newId } from '#values/id.ts';
import { backfill, backfillRefusals } from './backfill.ts';
import { readActions, readConditions, readScope } from './read-rule.ts';
import {
  backfillInput,
  backfillView,
  enforceInput,
  mostRules,
  planLimit,
  ruleLoop,
  ruleName,
  ruleView,
  scopeInput,
  thenInput,
  whenInput,
} from './rule.ts';
import { takeRules } from './rule-order.ts';
import { findRule, ruleOf, storedRule, viewRules } from './stored-rule.ts';

const name = 'rules.create';

export const createRule = operation({
  name,
  title: 'Add a rule',
  summary: 'Add a rule that changes time entries by itself when they are made, stopped or changed.',
  guidance:
    'Rules run in order; each sees what earlier ones did. What a person sets by hand stays unless always_enforce. Members make rules for their own time only.',
  effect: 'create',
  needs: { scope: 'rules:write', role: 'member' },
  dryRun: true,
  input: z.object({
    name: ruleName,
    when: whenInput,
    then: thenInput,
    scope: scopeInput.optional(),
    always_enforce: enforceInput.default(false),
    enabled: z.boolean().default(true).describe('Whether it runs.'),
    backfill: backfillInput.optional(),
  }),
  output: z.object({
    rule: ruleView.describe('The new rule, the last to run.'),
    backfill: backfillView.optional().describe('What it found in past time.'),
  }),
  refusals: [ruleLoop, planLimit, ...tagRefusals, ...backfillRefusals],
  async handle({ when, then, scope: scopeGiven, backfill: past, ...given }, call) {
    const { tx, actor, now, changed } = call;
    const scope = await readScope(call, scopeGiven);
    const actions = await readActions(call, then);
    const conditions = await readConditions(call, when);
    const order = await takeRules(tx);
    if (order.length >= mostRules) throw planLimit({ limit: mostRules, what: 'rule' });
    const id = newId('rul', now);
    const [position] = positionsBetween(order.at(-1)?.position ?? null, null, 1);
    await sql`insert into rules (id, name, position, enabled, always_enforce, conditions, actions, scope, created_by)
      values (${id}, ${given.name}, ${position}, ${given.enabled}, ${given.always_enforce}, ${JSON.stringify(conditions)}::jsonb,
        ${JSON.stringify(actions)}::jsonb, ${JSON.stringify(scope)}::jsonb, ${actor.membership.id})`.execute(
      tx,
    );
    const run =
      past === undefined
        ? null
        : await backfill(call, ruleOf(await findRule(call, id)), past, {
            operation: name,
            enabled: given.enabled,
          });
    const row = await findRule(call, id);
    changed({ id, after: { ...storedRule(row), ...(run === null ? {} : { backfill: run.facts }) } });
    const [rule] = await viewRules(call, [row]);
    return { rule: rule!, ...(run === null ? {} : { backfill: run.view }) };
  },
});
