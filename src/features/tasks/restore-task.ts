import { sql } from 'kysely';
import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { insufficientScope } from '#operation/obstacle.ts';
import { operation } from '#operation/operation.ts';
import { isRestorable, parentDeleted } from '#features/clients/client.ts';
import { budgetExhausted } from '#features/projects/budget.ts';
import { keepBudgetOf } from '#features/time-entries/entry-budget.ts';
import type { Id } from '#values/id.ts';
import { notFound } from '#values/refusal.ts';
import { taskId, taskRef } from './task.ts';
import { findTask, refuseOthersTask, storedTask } from './task-view.ts';

export const restoreTask = operation({
  name: 'tasks.restore',
  title: 'Bring back a task',
  summary: 'Bring back a task deleted in the last 30 days, with the time that was deleted with it.',
  effect: 'update',
  needs: { scope: 'tasks:write', role: 'member' },
  input: z.object({ id: taskId }),
  output: z.object({
    task: taskRef.describe('The task, at its old place; tasks.get shows it.'),
    restored_entries: z.number().int().describe('Time entries that came back with it.'),
  }),
  refusals: [parentDeleted, insufficientScope, budgetExhausted],
  async handle({ id }, call) {
    const { tx, now, actor, changed } = call;
    await lockRow(tx, 'tasks', id);
    const task = await findTask(call, id, { deleted: true });
    refuseOthersTask(actor, task);
    if (task.deleted_at !== null && !isRestorable(task.deleted_at, now)) throw notFound({});
    const { rows: gone } = await sql<{ id: string; noun: string }>`
      select id, 'project' as noun from projects where id = ${task.project_id} and deleted_at is not null
      union all select id, 'client' from clients where id = ${task.client_id} and deleted_at is not null`.execute(
      tx,
    );
    for (const parent of gone) throw parentDeleted(parent);
    await tx.updateTable('tasks').set({ deleted_at: null }).where('id', '=', id).execute();
    const { rows: entries } = await sql<{
      id: Id<'ten'>;
      project_id: Id<'prj'> | null;
    }>`update time_entries set deleted_at = null
      where task_id = ${id} and deleted_at is not null and deleted_at = ${task.deleted_at} returning id, project_id`.execute(
      tx,
    );
    const missing = (['time:write', 'time:read'] as const).filter((scope) => !actor.via.scopes.has(scope));
    if (entries.length > 0 && missing.length > 0) {
      throw insufficientScope({ operation: 'tasks.restore', missing, required: ['time:write', 'time:read'] });
    }
    for (const [project, same] of Map.groupBy(entries, ({ project_id }) => project_id)) {
      await keepBudgetOf(
        call,
        project,
        same.map((entry) => entry.id),
      );
    }
    const row = await findTask(call, id);
    changed({
      id,
      before: { deleted_at: task.deleted_at?.toString() ?? null },
      after: {
        ...storedTask(row),
        ...(entries.length === 0 ? {} : { entries: entries.map((entry) => entry.id) }),
      },
    });
    return { task: { id, summary: row.summary }, restored_entries: entries.length };
  },
});
