import { sql } from 'kysely';
import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { checkVersion, expectedVersion, nextVersion } from '#operation/call.ts';
import { insufficientScope } from '#operation/obstacle.ts';
import { operation } from '#operation/operation.ts';
import { clientId } from '#features/clients/client.ts';
import { budgetExhausted } from '#features/projects/budget.ts';
import { placeOf, projectId } from '#features/projects/project.ts';
import { tagsInput } from '#features/tags/tag.ts';
import { takeTurns } from '#features/time-entries/entry-view.ts';
import { lockRefusals } from '#features/time-entries/time-entry.ts';
import {
  addNote,
  checkAssignee,
  estimateSeconds,
  memberId,
  setTaskTags,
  taskId,
  taskRefusals,
  taskSummary,
} from './task.ts';
import { moveTime } from './task-entries.ts';
import { noteBody } from './task-note.ts';
import { findTask, refuseOthersTask, storedTask, taskView, viewTask } from './task-view.ts';

export const updateTask = operation({
  name: 'tasks.update',
  title: 'Change a task',
  summary: 'Change, finish, note on or move a task. What is left out stays, null clears.',
  guidance: 'Members change tasks they made or are assigned to. Time that moves along keeps its rate.',
  effect: 'update',
  needs: { scope: 'tasks:write', role: 'member' },
  input: z.object({
    id: taskId,
    summary: taskSummary.optional(),
    status: z.enum(['open', 'done']).optional().describe('done finishes it, open reopens it.'),
    project_id: projectId.nullish().describe('Its project; the client follows from it.'),
    client_id: clientId.nullish().describe('Its client, where there is no project.'),
    move_entries: z
      .boolean()
      .optional()
      .describe('Its time moves along: if left out, what is unlocked; true, all or a refusal; false, none.'),
    tags: tagsInput.optional().describe('Tags by id or name; replaces the list.'),
    note_append: noteBody.optional().describe('A note to add to its log.'),
    estimate_seconds: estimateSeconds.nullish(),
    assignee_id: memberId.nullish().describe('Who is to do it.'),
    expected_version: expectedVersion,
  }),
  output: z.object({
    task: taskView.describe('The task as it is now.'),
    moved_entries: z.number().int().describe('Time entries that moved along.'),
  }),
  refusals: [...taskRefusals, ...lockRefusals, insufficientScope, budgetExhausted],
  async handle({ id, expected_version, ...given }, call) {
    const { tx, zone, changed, warn } = call;
    if (given.project_id !== undefined || given.client_id !== undefined)
      await takeTurns(tx, sql`e.task_id = ${id}`);
    await lockRow(tx, 'tasks', id);
    const before = await findTask(call, id);
    refuseOthersTask(call.actor, before);
    checkVersion(expected_version, before);
    await checkAssignee(call, given.assignee_id);
    const project = given.project_id === undefined ? before.project_id : given.project_id;
    const client =
      given.client_id !== undefined ? given.client_id : project === null ? before.client_id : undefined;
    const moves = project !== before.project_id || (client !== undefined && client !== before.client_id);
    const place = moves ? await placeOf(call, { projectId: project, clientId: client }) : null;
    await tx
      .updateTable('tasks')
      .set({
        ...(given.summary === undefined ? {} : { summary: given.summary }),
        ...(given.status === undefined ? {} : { status: given.status }),
        ...(given.estimate_seconds === undefined ? {} : { estimate_seconds: given.estimate_seconds }),
        ...(given.assignee_id === undefined ? {} : { assignee_id: given.assignee_id }),
        ...(place === null ? {} : { project_id: place.projectId, client_id: place.clientId }),
        version: nextVersion(given.tags !== undefined || given.note_append !== undefined),
      })
      .where('id', '=', id)
      .execute();
    const moved = place === null ? 0 : await moveTime(call, before, place, given.move_entries);
    if (given.tags !== undefined) {
      await setTaskTags(
        call,
        id,
        given.tags,
        before.tags.map((tag) => tag.id),
      );
    }
    const note = given.note_append === undefined ? null : await addNote(call, id, given.note_append);
    const after = await findTask(call, id);
    if (given.status === 'done' && after.running_entry_id !== null) {
      warn(`The timer ${after.running_entry_id} still runs on this task; timers.stop stops it.`);
    }
    changed({
      id,
      before: storedTask(before),
      after: {
        ...storedTask(after),
        ...(moved === 0 ? {} : { moved_entries: moved }),
        ...(note === null ? {} : { note }),
      },
    });
    return { task: viewTask(after, zone), moved_entries: moved };
  },
});
