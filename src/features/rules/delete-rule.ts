import { z } from 'zod';
import { expectedVersion } from '#operation/call.ts';
import { operation } from '#operation/operation.ts';
import { ruleId } from './rule.ts';
import { ruleToChange } from './rule-order.ts';
import { storedRule } from './stored-rule.ts';

export const deleteRule = operation({
  name: 'rules.delete',
  title: 'Delete a rule',
  summary: 'Delete a rule for good. What it did to time entries stays.',
  guidance: 'A deliberate act of the user: ask first. rules.toggle_enabled only turns it off.',
  effect: 'delete',
  needs: { scope: 'rules:write', role: 'member' },
  input: z.object({ id: ruleId, expected_version: expectedVersion }),
  output: z.object({ deleted: ruleId.describe('The rule that is gone.') }),
  async handle({ id, expected_version }, call) {
    const { tx, now, changed } = call;
    const { row } = await ruleToChange(call, id, expected_version);
    await tx.updateTable('rules').set({ deleted_at: now }).where('id', '=', id).execute();
    changed({ id, before: storedRule(row) });
    return { deleted: id };
  },
});
