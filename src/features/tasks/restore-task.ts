import { sql } from 'kysely';
import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { insufficientScope } from '#operation/obstacle.ts';
import { operation } from '#operation/operation.ts';
import { holdParents, parentDeleted } from '#features/clients/client.ts';
import { budgetExhausted } from '#features/projects/budget.ts';
import { bringBack } from '#features/time-entries/entry-return.ts';
import { entries, entryRows, takeTurns } from '#features/time-entries/entry-view.ts';
import { lockRefusals, overlapRefused } from '#features/time-entries/time-entry.ts';
import { notFound } from '#values/refusal.ts';
import { isRestorable } from '#values/restorable.ts';
import { taskId, taskRef } from './task.ts';
import { refuseTime } from './task-entries.ts';
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
  refusals: [parentDeleted, insufficientScope, ...lockRefusals, overlapRefused, budgetExhausted],
  async handle({ id }, call) {
    const { tx, now, actor, changed } = call;
    await takeTurns(tx, sql`e.task_id = ${id}`);
    await lockRow(tx, 'tasks', id);
    const task = await findTask(call, id, { deleted: true });
    refuseOthersTask(actor, task);
    if (!isRestorable(task.deleted_at, now)) throw notFound({});
    await holdParents(call, { project: task.project_id, client: task.client_id });
    await tx.updateTable('tasks').set({ deleted_at: null }).where('id', '=', id).execute();
    const gone = entries(tx).where('e.task_id', '=', id).where('e.deleted_at', '=', task.deleted_at);
    const time = task.deleted_at === null ? [] : await entryRows(tx, gone).execute();
    refuseTime(call, time, 'tasks.restore', 'id');
    await bringBack(
      call,
      time.map((entry) => ({ row: entry })),
    );
    const row = await findTask(call, id);
    changed({
      id,
      before: { deleted_at: task.deleted_at?.toString() ?? null },
      after: {
        ...storedTask(row),
        ...(time.length === 0 ? {} : { entries: time.map((entry) => entry.id) }),
      },
    });
    return { task: { id, summary: row.summary }, restored_entries: time.length };
  },
});
