import { sql } from 'kysely';
import { z } from 'zod';
import type { Call } from '#operation/call.ts';
import { clientArchived } from '#features/clients/client.ts';
import { placeOf, projectArchived } from '#features/projects/project.ts';
import { tagRefusals, tagsByIdOrName } from '#features/tags/tag.ts';
import { idSchema, type Id, newId } from '#values/id.ts';
import { notFound, validationFailed } from '#values/refusal.ts';
import { positionsBetween } from './position.ts';

export const taskId = idSchema('tsk');
export const memberId = idSchema('mem');
export const taskSummary = z.string().trim().min(1).max(500).describe('What is to be done, in a line.');

export const estimateSeconds = z
  .number()
  .int()
  .min(0)
  .max(366 * 86_400)
  .describe('How long it should take.');

/** A task inside another record. */
export const taskRef = z.object({ id: taskId, summary: z.string().describe('What is to be done.') });

/** What a new task is made from. Tags are ids or names. */
export interface NewTask {
  readonly summary: string;
  readonly projectId?: Id<'prj'> | null | undefined;
  readonly clientId?: Id<'cli'> | null | undefined;
  readonly assigneeId?: Id<'mem'> | null | undefined;
  readonly estimateSeconds?: number | null | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly note?: string | undefined;
}

/** What `insertTask` and `setTaskTags` may refuse beside `not_found` and `validation_failed`. */
export const taskRefusals = [projectArchived, clientArchived, ...tagRefusals] as const;

/** Refuses an assignee who does not work here (any more), or only looks on. */
export const checkAssignee = async ({ tx }: Call, id: Id<'mem'> | null | undefined): Promise<void> => {
  if (id == null) return;
  const row = await tx
    .selectFrom('memberships')
    .select('role')
    .where('id', '=', id)
    .where('status', '<>', 'inactive')
    .executeTakeFirst();
  if (row === undefined) throw notFound({}, 'assignee_id');
  if (row.role === 'viewer') {
    throw validationFailed(
      { message: 'A viewer cannot be assigned a task. Assign it to a member, or change the role first.' },
      'assignee_id',
    );
  }
};

/** Replaces the tags of a task by these, which are ids or names; `has` are those it has. */
export const setTaskTags = async (
  call: Call,
  id: Id<'tsk'>,
  tags: readonly string[],
  has: readonly Id<'tag'>[] = [],
): Promise<void> => {
  const ids = await tagsByIdOrName(call, tags, has);
  await call.tx.deleteFrom('task_tags').where('task_id', '=', id).execute();
  if (ids.length === 0) return;
  await call.tx
    .insertInto('task_tags')
    .values(ids.map((tag) => ({ task_id: id, tag_id: tag })))
    .execute();
};

/** Adds a note to the log of a task. */
export const addNote = async (
  { tx, actor, now }: Call,
  task: Id<'tsk'>,
  body: string,
): Promise<Id<'not'>> => {
  const id = newId('not', now);
  await tx
    .insertInto('task_notes')
    .values({ id, task_id: task, author_id: actor.membership.id, body })
    .execute();
  return id;
};

/**
 * Makes a task at the end of the order and answers where it belongs. Refuses `not_found`, `project_archived`,
 * `client_archived`, `unknown_tag`: an operation that calls it declares `taskRefusals`. Audits nothing: the caller does.
 */
export const insertTask = async (
  call: Call,
  task: NewTask,
): Promise<{ id: Id<'tsk'>; projectId: Id<'prj'> | null; clientId: Id<'cli'> | null }> => {
  const { tx, actor, now } = call;
  const { projectId, clientId } = await placeOf(call, task);
  await checkAssignee(call, task.assigneeId);
  const id = newId('tsk', now);
  for (let inserted = false; !inserted;) {
    const last = await tx
      .selectFrom('tasks')
      .select(sql<string | null>`max(position)`.as('position'))
      .executeTakeFirst();
    const [position = ''] = positionsBetween(last?.position ?? null, null, 1);
    const row = await tx
      .insertInto('tasks')
      .values({
        id,
        project_id: projectId,
        client_id: clientId,
        summary: task.summary,
        position,
        estimate_seconds: task.estimateSeconds ?? null,
        assignee_id: task.assigneeId ?? null,
        created_by: actor.membership.id,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
    inserted = row !== undefined;
  }
  if (task.tags !== undefined && task.tags.length > 0) await setTaskTags(call, id, task.tags);
  if (task.note !== undefined) await addNote(call, id, task.note);
  return { id, projectId, clientId };
};
