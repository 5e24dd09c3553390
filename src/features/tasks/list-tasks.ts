import { sql } from 'kysely';
import { z } from 'zod';
import { all, sorted } from '#database/sorted.ts';
import { insufficientScope } from '#operation/obstacle.ts';
import { operation } from '#operation/operation.ts';
import { refuseWithout } from '#operation/refuse-without.ts';
import { clientId } from '#features/clients/client.ts';
import { projectId } from '#features/projects/project.ts';
import { seesTime, unbilledSql } from '#features/rates/worth.ts';
import { tagId } from '#features/tags/tag.ts';
import { page, pageInput, pageOf, updatedSince } from '#values/page.ts';
import { restorableSince } from '#values/restorable.ts';
import { memberId } from './task.ts';
import { seesTask, taskRows, taskView, viewTask } from './task-view.ts';

const sortings = {
  position: { by: sql`t.position`, type: 'text' },
  summary: { by: sql`lower(t.summary)`, type: 'text' },
  newest: { by: sql`t.created_at`, type: 'timestamptz', descending: true },
  changed: { by: sql`t.updated_at`, type: 'timestamptz', descending: true },
} as const;

// An archived project or client takes its tasks out of sight. Both lists are small: asked once, not per task.
const inUse = sql`(t.project_id is null or t.project_id in (select p.id from projects p where p.status = 'active'))
  and (t.client_id is null or t.client_id in (select c.id from clients c where c.archived_at is null))`;

export const listTasks = operation({
  name: 'tasks.list',
  title: 'List tasks',
  summary: 'List tasks in their order, with tracked and unbilled time.',
  guidance: 'Open ones unless status says otherwise. To find one by name across everything: search.find.',
  effect: 'read',
  needs: { scope: 'tasks:read', role: 'viewer' },
  input: z.object({
    client_id: clientId.optional(),
    project_id: projectId.optional(),
    status: z.enum(['open', 'done', 'all']).default('open').describe('Which ones.'),
    tag_ids: z.array(tagId).min(1).max(20).optional().describe('Only with one of these tags.'),
    assignee_id: memberId.optional().describe('Only those of this member.'),
    q: z.string().max(200).optional().describe('Text in the summary.'),
    has_unbilled_time: z.boolean().optional().describe('true: only with, false: only without.'),
    archived: z.boolean().default(false).describe('true: tasks of archived projects and clients too.'),
    deleted: z.boolean().default(false).describe('true: only deleted ones.'),
    sort: z.enum(['position', 'summary', 'newest', 'changed']).default('position').describe('Order.'),
    updated_since: updatedSince,
    ...pageInput,
  }),
  output: pageOf(taskView),
  refusals: [insufficientScope],
  async handle(input, { tx, actor, now, zone }) {
    const { status, tag_ids, q, has_unbilled_time: unbilled, updated_since, limit } = input;
    if (unbilled !== undefined)
      refuseWithout(actor, ['time:read'], 'tasks.list with has_unbilled_time', 'has_unbilled_time');
    const { order, after, key, cursorOf } = sorted(sortings, input.sort, input.cursor, sql`t.id`);
    const chosen = sql`select t.*, ${key} as sort_key from tasks t where ${all([
      after,
      seesTask(actor),
      input.deleted ? sql`t.deleted_at > ${restorableSince(now)}` : sql`t.deleted_at is null`,
      ...(status === 'all' ? [] : [sql`t.status = ${status}`]),
      ...(input.archived ? [] : [inUse]),
      ...(input.client_id === undefined ? [] : [sql`t.client_id = ${input.client_id}`]),
      ...(input.project_id === undefined ? [] : [sql`t.project_id = ${input.project_id}`]),
      ...(input.assignee_id === undefined ? [] : [sql`t.assignee_id = ${input.assignee_id}`]),
      ...(tag_ids === undefined
        ? []
        : [sql`t.id in (select x.task_id from task_tags x where x.tag_id = any(${[...tag_ids]}::text[]))`]),
      ...(q === undefined ? [] : [sql`position(lower(${q}) in lower(t.summary)) > 0`]),
      ...(updated_since === undefined ? [] : [sql`t.updated_at >= ${updated_since}::timestamptz`]),
      ...(unbilled === undefined
        ? []
        : [
            sql`exists (select from time_entries e
              where e.task_id = t.id and ${unbilledSql('e')} and ${seesTime(actor, 'e')}) = ${unbilled}`,
          ]),
    ])} order by ${order} limit ${limit + 1}`;
    const found = page(await taskRows(tx, chosen, order, actor), limit, cursorOf);
    return { ...found, data: found.data.map((row) => viewTask(row, zone)) };
  },
});
