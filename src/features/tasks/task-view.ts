import { type RawBuilder, type Selectable, sql } from 'kysely';
import { z } from 'zod';
import type { Transaction } from '#database/database.ts';
import type { TasksRow } from '#database/rows.ts';
import { type Actor, roleCovers } from '#operation/actor.ts';
import type { Call } from '#operation/call.ts';
import { visibleWith } from '#operation/visible.ts';
import { clientRef, clientRefSql } from '#features/clients/client.ts';
import { projectRef, seesProject } from '#features/projects/project.ts';
import { liveSecondsSql, seesTime, unbilledSql } from '#features/rates/worth.ts';
import { tagRef } from '#features/tags/tag.ts';
import { type Id, idSchema } from '#values/id.ts';
import { momentText } from '#values/local-time.ts';
import { accessDenied, notFound } from '#values/refusal.ts';
import { memberId, taskId } from './task.ts';

const assignee = z
  .object({ member_id: memberId, name: z.string().describe('Name.') })
  .describe('Who is to do it.');

/** A task as every door shows it. */
export const taskView = z.object({
  id: taskId,
  summary: z.string().describe('What is to be done.'),
  status: z.enum(['open', 'done']).describe('Whether it is done.'),
  position: z.string().describe('Its place in the order: sorts by code unit.'),
  client: visibleWith('clients:read', clientRef.nullable().describe('Whom it is for.')),
  project: visibleWith('projects:read', projectRef.nullable().describe('Its project.')),
  tags: visibleWith('tags:read', z.array(tagRef).describe('Its tags.')),
  assignee: visibleWith('members:read', assignee.nullable()),
  estimate_seconds: z.number().int().nullable().describe('How long it should take.'),
  tracked_seconds: visibleWith(
    'time:read',
    z.number().int().describe('Time on it, up to now: the user’s own, everybody’s for managers.'),
  ),
  unbilled_seconds: visibleWith('time:read', z.number().int().describe('Of that, billable and not billed.')),
  running_entry_id: visibleWith(
    'time:read',
    idSchema('ten').nullable().describe('The user’s timer that runs on it.'),
  ),
  notes_count: z.number().int().describe('Notes in its log; tasks.notes reads them.'),
  created_at: z.string().describe('When it was made.'),
  updated_at: z.string().describe('Last change.'),
  version: z.number().int().describe('Give it as expected_version.'),
});

/** A task with what its view shows of other records. */
export interface TaskRow extends Selectable<TasksRow> {
  sort_key: string;
  client: z.output<typeof clientRef> | null;
  project: z.output<typeof projectRef> | null;
  tags: z.output<typeof tagRef>[];
  assignee_name: string | null;
  /** Whether the caller manages its project. */
  managed: boolean;
  tracked_seconds: bigint;
  unbilled_seconds: bigint;
  running_entry_id: Id<'ten'> | null;
  notes_count: number;
}

/** SQL that holds for tasks the caller sees: not those of private projects of others. `t` is the tasks row. */
export const seesTask = (actor: Actor): RawBuilder<boolean> =>
  roleCovers(actor.membership.role, 'manager')
    ? sql<boolean>`true`
    : sql<boolean>`(t.project_id is null or t.project_id in (select p.id from projects p where ${seesProject(actor, 'p')}))`;

/** The tasks that `chosen` selects (tasks.* and sort_key), with their links and the time on them that the caller may see; `order` refers to them as t. */
export const taskRows = async (
  tx: Transaction,
  chosen: RawBuilder<unknown>,
  order: RawBuilder<unknown>,
  actor: Actor,
): Promise<TaskRow[]> => {
  const { membership } = actor;
  const { rows } = await sql<TaskRow>`
    select t.*, ${clientRefSql('c')} as client,
      case when p.id is not null then json_build_object('id', p.id, 'name', p.name) end as project,
      (select coalesce(json_agg(json_build_object('id', g.id, 'name', g.name) order by lower(g.name)), '[]')
        from task_tags x join tags g on g.id = x.tag_id where x.task_id = t.id) as tags,
      coalesce(m.display_name, u.name) as assignee_name,
      exists (select from project_members pm where pm.project_id = t.project_id
        and pm.membership_id = ${membership.id} and pm.is_manager) as managed,
      coalesce(w.tracked, 0)::bigint as tracked_seconds, coalesce(w.unbilled, 0)::bigint as unbilled_seconds,
      w.running as running_entry_id,
      (select count(*) from task_notes n where n.task_id = t.id)::int as notes_count
    from (${chosen}) t left join clients c on c.id = t.client_id left join projects p on p.id = t.project_id
      left join memberships m on m.id = t.assignee_id left join users u on u.id = m.user_id
      left join lateral (
        select sum(${liveSecondsSql('e')}) as tracked, sum(e.duration_seconds) filter (where ${unbilledSql('e')}) as unbilled,
          max(e.id) filter (where e.state = 'running' and e.membership_id = ${membership.id}) as running
        from time_entries e where e.task_id = t.id and e.deleted_at is null and ${seesTime(actor, 'e')}
      ) w on true
    order by ${order}`.execute(tx);
  return rows;
};

/** A row as a `taskView`. */
export const viewTask = (row: TaskRow, zone: string): z.input<typeof taskView> => ({
  id: row.id,
  summary: row.summary,
  status: row.status,
  position: row.position,
  client: row.client,
  project: row.project,
  tags: row.tags,
  assignee: row.assignee_id === null ? null : { member_id: row.assignee_id, name: row.assignee_name ?? '' },
  estimate_seconds: row.estimate_seconds,
  tracked_seconds: Number(row.tracked_seconds),
  unbilled_seconds: Number(row.unbilled_seconds),
  running_entry_id: row.running_entry_id,
  notes_count: row.notes_count,
  created_at: momentText(row.created_at, zone),
  updated_at: momentText(row.updated_at, zone),
  version: row.version,
});

/** A task as the audit log keeps it: what was said about it, nothing that moves with the clock. */
export const storedTask = (row: TaskRow) => ({
  id: row.id,
  summary: row.summary,
  status: row.status,
  position: row.position,
  project_id: row.project_id,
  client_id: row.client_id,
  assignee_id: row.assignee_id,
  estimate_seconds: row.estimate_seconds,
  tags: row.tags.map(({ id }) => id),
});

/** The task of that id if the caller sees it; else `not_found`. With `deleted` also a deleted one. */
export const findTask = async (
  { tx, actor }: Call,
  id: Id<'tsk'>,
  { deleted = false } = {},
): Promise<TaskRow> => {
  const chosen = sql`select t.*, '' as sort_key from tasks t
    where t.id = ${id} and (t.deleted_at is null or ${deleted}) and ${seesTask(actor)}`;
  const [row] = await taskRows(tx, chosen, sql`t.id`, actor);
  if (row === undefined) throw notFound({});
  return row;
};

/** Refuses to change a task to whoever neither made it, is to do it, manages its project nor is a manager here. */
export const refuseOthersTask = ({ membership }: Actor, row: TaskRow): void => {
  const own = row.created_by === membership.id || row.assignee_id === membership.id || row.managed;
  if (!own && !roleCovers(membership.role, 'manager')) {
    throw accessDenied({ because: 'this is another person’s task', requires: 'manager' });
  }
};
