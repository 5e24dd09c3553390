import { sql } from 'kysely';
import { z } from 'zod';
import { savepoint, type Transaction, violates } from '#database/database.ts';
import { operation } from '#operation/operation.ts';
import { projectId } from '#features/projects/project.ts';
import type { Id } from '#values/id.ts';
import { validationFailed } from '#values/refusal.ts';
import { positionsBetween } from './position.ts';
import { taskId } from './task.ts';
import { seesTask } from './task-view.ts';

const placed = z.object({ id: taskId, position: z.string().describe('Its new place.') });
type Placed = z.output<typeof placed>;

const refuse = (message: string, field: string) => validationFailed({ message }, field);

/** The gap to put tasks into: between the task that `low` is the place of and the next that stays, or before the first. */
const gap = async (
  tx: Transaction,
  moving: readonly string[],
  low: string | null,
  project: Id<'prj'> | undefined,
): Promise<[string | null, string | null]> => {
  const others = sql`from tasks where not (id = any(${[...moving]}::text[]))`;
  const first = sql<{ position: string | null }>`select min(position) as position ${others}`;
  const one = async (query: typeof first) => (await query.execute(tx)).rows[0]?.position ?? null;
  if (low !== null) return [low, await one(sql`${first} and position > ${low}`)];
  if (project === undefined) return [null, await one(first)];
  // The top of a project is before its first task that stays, wherever that is in the whole order.
  const high = await one(sql`${first} and project_id = ${project} and deleted_at is null`);
  if (high === null) return [await one(sql`select max(position) as position ${others}`), null];
  return [await one(sql`select max(position) as position ${others} and position < ${high}`), high];
};

export const reorderTasks = operation({
  name: 'tasks.reorder',
  title: 'Put tasks in order',
  summary: 'Put these tasks in this order, one after another, after after_id or at the top.',
  effect: 'update',
  needs: { scope: 'tasks:write', role: 'member' },
  input: z.object({
    ids: z.array(taskId).min(1).max(100).describe('The tasks, in their new order.'),
    project_id: projectId.optional().describe('The project whose top is meant; all tasks must be of it.'),
    after_id: taskId.optional().describe('The task they come after; without it they come first.'),
  }),
  output: z.object({ data: z.array(placed).describe('Their places.') }),
  async handle({ ids, project_id, after_id }, { tx, actor, changed }) {
    if (new Set(ids).size < ids.length) throw refuse('ids names a task twice.', 'ids');
    if (after_id !== undefined && ids.includes(after_id)) {
      throw refuse('after_id is one of the tasks to be moved.', 'after_id');
    }
    const wanted = after_id === undefined ? ids : [...ids, after_id];
    const { rows } = await sql<{ id: Id<'tsk'>; position: string; project_id: string | null }>`
      select t.id, t.position, t.project_id from tasks t where t.id = any(${wanted}::text[])
        and t.deleted_at is null and ${seesTask(actor)} order by t.id for no key update`.execute(tx);
    const found = new Map(rows.map((row) => [row.id, row]));
    const strange = wanted.filter((id) => !found.has(id));
    if (strange.length > 0)
      throw refuse(`There are no tasks ${strange.join(', ')}.`, strange[0] === after_id ? 'after_id' : 'ids');
    const elsewhere = project_id === undefined ? [] : rows.filter((row) => row.project_id !== project_id);
    if (elsewhere.length > 0) {
      throw refuse(`Not tasks of that project: ${elsewhere.map(({ id }) => id).join(', ')}.`, 'ids');
    }
    const low = after_id === undefined ? null : found.get(after_id)!.position;
    const put = async (): Promise<Placed[]> => {
      const positions = positionsBetween(...(await gap(tx, ids, low, project_id)), ids.length);
      await sql`update tasks t set position = v.position from unnest(${ids}::text[], ${positions}::text[]) v (id, position)
        where t.id = v.id`.execute(tx);
      return ids.map((id, index) => ({ id, position: positions[index]! }));
    };
    const again = (error: unknown) => {
      if (violates(error, 'one_task_per_position')) return savepoint(tx, put);
      throw error;
    };
    const data = await savepoint(tx, put).catch(again);
    const before = ids.map((id) => ({ id, position: found.get(id)!.position }));
    changed({ id: ids.length === 1 ? ids[0]! : null, before, after: data });
    return { data };
  },
});
