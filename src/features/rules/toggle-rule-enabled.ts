import { z } from 'zod';
import { expectedVersion } from '#operation/call.ts';
import { operation } from '#operation/operation.ts';
import { ruleId, ruleView } from './rule.ts';
import { ruleToChange } from './rule-order.ts';
import { findRule, storedRule, viewRules } from './stored-rule.ts';

export const toggleRuleEnabled = operation({
  name: 'rules.toggle_enabled',
  title: 'Turn a rule on or off',
  summary: 'Turn a rule on or off. What it did before stays.',
  effect: 'update',
  needs: { scope: 'rules:write', role: 'member' },
  input: z.object({
    id: ruleId,
    enabled: z.boolean().describe('true: on, false: off.'),
    expected_version: expectedVersion,
  }),
  output: z.object({ rule: ruleView.describe('The rule as it is now.') }),
  async handle({ id, enabled, expected_version }, call) {
    const { tx, changed } = call;
    const { row: before } = await ruleToChange(call, id, expected_version);
    if (before.enabled !== enabled)
      await tx.updateTable('rules').set({ enabled }).where('id', '=', id).execute();
    const after = await findRule(call, id);
    changed({ id, before: storedRule(before), after: storedRule(after) });
    const [rule] = await viewRules(call, [after]);
    return { rule: rule! };
  },
});
