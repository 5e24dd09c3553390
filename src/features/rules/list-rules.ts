import { sql } from 'kysely';
import { z } from 'zod';
import { operation } from '#operation/operation.ts';
import { page, pageInput, pageOf, readCursor } from '#values/page.ts';
import { ruleView } from './rule.ts';
import { ruleRows, viewRules } from './stored-rule.ts';

export const listRules = operation({
  name: 'rules.list',
  title: 'List rules',
  summary: 'List the rules that change time by themselves, in the order they run.',
  effect: 'read',
  needs: { scope: 'rules:read', role: 'member' },
  input: z.object({
    enabled: z.boolean().optional().describe('Only those that are on, or off.'),
    ...pageInput,
  }),
  output: pageOf(ruleView),
  async handle({ enabled, limit, cursor }, call) {
    const after = readCursor(cursor, ['text']);
    const which = sql<boolean>`(${enabled ?? null}::boolean is null or r.enabled = ${enabled ?? null}::boolean)
      and (${after?.[0] ?? null}::text is null or r.position > ${after?.[0] ?? null}::text collate "C")`;
    const rows = page(await ruleRows(call, which, limit + 1), limit, ({ position }) => [position]);
    return { ...rows, data: await viewRules(call, rows.data) };
  },
});
