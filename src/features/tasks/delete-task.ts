import { sql } from 'kysely';
import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { checkVersion, expectedVersion } from '#operation/call.ts';
import { insufficientScope } from '#operation/obstacle.ts';
import { operation } from '#operation/operation.ts';
import { takeTurns } from '#features/time-entries/entry-view.ts';
import { lockRefusals } from '#features/time-entries/time-entry.ts';
import { countedEntries } from '#values/counted.ts';
import { refusal } from '#values/refusal.ts';
import { taskId } from './task.ts';
import { refuseTime, timeOf } from './task-entries.ts';
import { findTask, refuseOthersTask, storedTask } from './task-view.ts';

const taskInUse = refusal<{ time_entries: number }>(
  'task_in_use',
  'conflict',
  'The task has time.',
  ({ time_entries }) =>
    `This task has ${countedEntries(time_entries)}. Finish it instead (tasks.update with status done), or say what becomes of them: entries detach keeps them without a task, entries delete deletes them.`,
  { fixTool: 'tasks.update' },
);
const taskHasTimer = refusal<{ entry_id: string; member_id: string }>(
  'task_has_timer',
  'conflict',
  'A timer runs or is paused on the task.',
  ({ entry_id, member_id }) =>
    `A timer is not stopped yet. Stop it first: timers.stop with entry_id ${entry_id} and member_id ${member_id}.`,
  { fixTool: 'timers.stop' },
);

export const deleteTask = operation({
  name: 'tasks.delete',
  title: 'Delete a task',
  summary: 'Delete a task. entries says what becomes of its time.',
  guidance:
    'A deliberate act of the user: ask first; dry_run shows affected_entries. tasks.restore brings it back for 30 days, with the time deleted with it.',
  effect: 'delete',
  needs: { scope: 'tasks:write', role: 'member' },
  input: z.object({
    id: taskId,
    entries: z
      .enum(['refuse', 'detach', 'delete'])
      .default('refuse')
      .describe('refuse: not while there is time. detach: it stays, without a task. delete: it goes too.'),
    expected_version: expectedVersion,
  }),
  output: z.object({
    deleted: taskId.describe('The task that is gone.'),
    affected_entries: z.number().int().describe('Time entries detached or deleted.'),
  }),
  refusals: [taskInUse, taskHasTimer, ...lockRefusals, insufficientScope],
  async handle({ id, entries, expected_version }, call) {
    const { tx, now, actor, changed } = call;
    await takeTurns(tx, sql`e.task_id = ${id}`);
    await lockRow(tx, 'tasks', id);
    const task = await findTask(call, id);
    refuseOthersTask(actor, task);
    checkVersion(expected_version, task);
    const time = await timeOf(call, id);
    if (time.length > 0 && entries === 'refuse') throw taskInUse({ time_entries: time.length });
    refuseTime(call, time, 'tasks.delete with entries', 'entries');
    const timer = time.find(({ state }) => state !== 'stopped');
    if (timer !== undefined && entries === 'delete')
      throw taskHasTimer({ entry_id: timer.id, member_id: timer.membership_id });
    if (entries === 'detach') {
      // What an entry without a description was for is only said by its task.
      await sql`update time_entries set task_id = null,
        description = case when description = '' then ${task.summary} else description end
        where task_id = ${id} and deleted_at is null`.execute(tx);
    }
    if (entries === 'delete') {
      await sql`update time_entries set deleted_at = ${now} where task_id = ${id} and deleted_at is null`.execute(
        tx,
      );
    }
    await tx.updateTable('tasks').set({ deleted_at: now }).where('id', '=', id).execute();
    changed({
      id,
      before: {
        ...storedTask(task),
        ...(time.length === 0 ? {} : { [entries]: time.map((entry) => entry.id) }),
      },
    });
    return { deleted: id, affected_entries: time.length };
  },
});
