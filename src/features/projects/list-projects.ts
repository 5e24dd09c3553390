import { sql } from 'kysely';
import { z } from 'zod';
import { all, sorted } from '#database/sorted.ts';
import { insufficientScope } from '#operation/obstacle.ts';
import { sees } from '#operation/actor.ts';
import { operation } from '#operation/operation.ts';
import { refuseWithout } from '#operation/refuse-without.ts';
import { clientId } from '#features/clients/client.ts';
import { page, pageInput, pageOf, updatedSince } from '#values/page.ts';
import { restorableSince } from '#values/restorable.ts';
import { budgetUseSql } from './budget.ts';
import { seesProject } from './project.ts';
import { projectRows, projectView, viewProject } from './project-view.ts';

const sortings = {
  name: { by: sql`lower(p.name)`, type: 'text' },
  newest: { by: sql`p.created_at`, type: 'timestamptz', descending: true },
  changed: { by: sql`p.updated_at`, type: 'timestamptz', descending: true },
} as const;

export const listProjects = operation({
  name: 'projects.list',
  title: 'List projects',
  summary: 'List projects with client, rate and budget.',
  effect: 'read',
  needs: { scope: 'projects:read', role: 'viewer' },
  input: z.object({
    client_id: clientId.optional(),
    status: z.enum(['active', 'archived', 'all']).default('active').describe('Which ones.'),
    q: z.string().max(200).optional().describe('Text in name or code.'),
    over_budget: z.boolean().optional().describe('true: only those beyond their budget.'),
    deleted: z.boolean().default(false).describe('true: only deleted ones.'),
    sort: z.enum(['name', 'newest', 'changed']).default('name').describe('Order.'),
    updated_since: updatedSince,
    ...pageInput,
  }),
  output: pageOf(projectView),
  refusals: [insufficientScope],
  async handle(input, { tx, actor, now, today, zone }) {
    const { client_id, status, q, over_budget: over, deleted, sort, updated_since, limit, cursor } = input;
    if (over !== undefined)
      refuseWithout(actor, ['time:read'], 'projects.list with over_budget', 'over_budget');
    const { order, after, key, cursorOf } = sorted(sortings, sort, cursor, sql`p.id`);
    const chosen = sql`select p.*, ${key} as sort_key from projects p where ${all([
      after,
      seesProject(actor, 'p'),
      deleted ? sql`p.deleted_at > ${restorableSince(now)}` : sql`p.deleted_at is null`,
      ...(status === 'all' ? [] : [sql`p.status = ${status}`]),
      ...(client_id === undefined ? [] : [sql`p.client_id = ${client_id}`]),
      ...(q === undefined ? [] : [sql`position(lower(${q}) in lower(concat_ws(' ', p.code, p.name))) > 0`]),
      ...(updated_since === undefined ? [] : [sql`p.updated_at >= ${updated_since}::timestamptz`]),
      ...(over === undefined
        ? []
        : [
            // Whether an amount is passed is something about the amount: only for those who may see it.
            sql`exists (select from budgets b cross join lateral (${budgetUseSql(today)}) u where b.project_id = p.id
              and (b.kind = 'seconds' or ${sees(actor, 'amounts')}::boolean)
              and case b.kind when 'seconds' then u.seconds else u.minor end > b.amount) = ${over}`,
          ]),
    ])} order by ${order} limit ${limit + 1}`;
    const found = page(await projectRows(tx, chosen, order, today), limit, cursorOf);
    return { ...found, data: found.data.map((row) => viewProject(row, zone)) };
  },
});
