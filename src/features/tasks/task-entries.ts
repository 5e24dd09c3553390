import { sql } from 'kysely';
import { roleCovers } from '#operation/actor.ts';
import type { Call } from '#operation/call.ts';
import { lackingScopes, refuseWithout } from '#operation/refuse-without.ts';
import { unlockedSql } from '#features/rates/worth.ts';
import { keepBudgetOf } from '#features/time-entries/entry-budget.ts';
import { refuseLocked } from '#features/time-entries/time-entry.ts';
import type { Id } from '#values/id.ts';
import { accessDenied } from '#values/refusal.ts';
import type { TaskRow } from './task-view.ts';

/** What decides whether the caller may change time. */
interface TimeOfTask {
  id: Id<'ten'>;
  membership_id: Id<'mem'>;
  project_id: Id<'prj'> | null;
  state: 'running' | 'paused' | 'stopped';
  local_date: Temporal.PlainDate;
  approved_at: Temporal.Instant | null;
  invoice_id: Id<'inv'> | null;
}

/** The time on a task, held until the transaction ends. */
export const timeOf = async ({ tx }: Call, task: Id<'tsk'>): Promise<TimeOfTask[]> => {
  const { rows } =
    await sql<TimeOfTask>`select id, membership_id, project_id, state, local_date, approved_at, invoice_id from time_entries
    where task_id = ${task} and deleted_at is null order by id for no key update`.execute(tx);
  return rows;
};

/** Refuses where time would change that the caller may not change: for lack of scope, because it is another's, or locked. */
export const refuseTime = (
  call: Call,
  time: readonly TimeOfTask[],
  operation: string,
  field: string,
): void => {
  const { actor } = call;
  if (time.length === 0) return;
  refuseWithout(actor, ['time:write'], operation, field);
  const others = time.some(({ membership_id }) => membership_id !== actor.membership.id);
  if (others && !roleCovers(actor.membership.role, 'manager')) {
    throw accessDenied({ because: 'other people logged time on it', requires: 'manager' }, field);
  }
  for (const entry of time) refuseLocked(entry, actor, field);
};

/**
 * Lets the time of a task follow it to another project or client: all of it or a refusal where `all` is true, else what is unlocked
 * and the caller may change, with a warning about the rest. Rates stay as they were. Refuses what the budget of the new project does not
 * allow. Answers how much moved.
 */
export const moveTime = async (
  call: Call,
  task: TaskRow,
  place: { projectId: Id<'prj'> | null; clientId: Id<'cli'> | null },
  all: boolean | undefined,
): Promise<number> => {
  if (all === false) return 0;
  const { tx, actor, warn } = call;
  const time = await timeOf(call, task.id);
  if (all === true) refuseTime(call, time, 'tasks.update', 'move_entries');
  if (time.length === 0) return 0;
  const mayWrite = lackingScopes(actor, ['time:write']).length === 0;
  const everybody = roleCovers(actor.membership.role, 'manager');
  const { rows } = mayWrite
    ? await sql<{
        id: Id<'ten'>;
      }>`update time_entries e set project_id = ${place.projectId}, client_id = ${place.clientId}
        where e.task_id = ${task.id} and e.deleted_at is null and ${unlockedSql('e', actor.workspace.lock_date)}
          and (${everybody} or e.membership_id = ${actor.membership.id}) returning e.id`.execute(tx)
    : { rows: [] };
  const left = time.length - rows.length;
  if (left > 0) {
    const why = mayWrite ? 'locked or of other people' : 'not yours to change without time:write';
    warn(`${left} of its time entries stay where they were: they are ${why}.`);
  }
  const known = new Set(time.flatMap(({ id, project_id }) => (project_id === place.projectId ? [id] : [])));
  await keepBudgetOf(
    call,
    place.projectId,
    rows.flatMap(({ id }) => (known.has(id) ? [] : [id])),
  );
  return rows.length;
};
