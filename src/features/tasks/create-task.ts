import { z } from 'zod';
import type { Call } from '#operation/call.ts';
import { operation } from '#operation/operation.ts';
import { refuseWithout } from '#operation/refuse-without.ts';
import { clientId } from '#features/clients/client.ts';
import { projectId } from '#features/projects/project.ts';
import { tagsInput } from '#features/tags/tag.ts';
import { addEntry, newEntryRefusals } from '#features/time-entries/entry-addition.ts';
import { displacedView } from '#features/time-entries/entry-timers.ts';
import { timerView, viewTimer } from '#features/timers/timer.ts';
import type { Id } from '#values/id.ts';
import { estimateSeconds, insertTask, memberId, taskSummary } from './task.ts';
import { noteBody } from './task-note.ts';
import { findTask, storedTask, taskView, viewTask } from './task-view.ts';

const name = 'tasks.create';
const timerLine = timerView.pick({ entry_id: true, state: true, started_at: true });

/** Starts a timer on the new task, if the connection may. */
const startTimerOn = async (call: Call, task: Id<'tsk'>) => {
  refuseWithout(call.actor, ['time:write'], name, 'start_timer');
  return addEntry(call, { task_id: task }, { operation: name });
};

export const createTask = operation({
  name,
  title: 'Add a task',
  summary: 'Add a task at the end of the list, and start a timer on it if start_timer is true.',
  effect: 'create',
  needs: { scope: 'tasks:write', role: 'member' },
  input: z.object({
    summary: taskSummary,
    project_id: projectId.nullish().describe('Its project; the client follows from it.'),
    client_id: clientId.nullish().describe('Its client, where there is no project.'),
    tags: tagsInput.optional(),
    note: noteBody.optional().describe('First note in its log.'),
    estimate_seconds: estimateSeconds.nullish(),
    assignee_id: memberId.nullish().describe('Who is to do it.'),
    start_timer: z.boolean().default(false).describe('true: start a timer on it; needs time:write.'),
  }),
  output: z.object({
    task: taskView.describe('The new task.'),
    timer: timerLine.optional().describe('The timer that was started.'),
    stopped_entry: displacedView.nullish().describe('The timer that it stopped or paused.'),
  }),
  refusals: newEntryRefusals,
  async handle(input, call) {
    const { id } = await insertTask(call, {
      summary: input.summary,
      projectId: input.project_id,
      clientId: input.client_id,
      assigneeId: input.assignee_id,
      estimateSeconds: input.estimate_seconds,
      tags: input.tags,
      note: input.note,
    });
    const started = input.start_timer ? await startTimerOn(call, id) : null;
    const task = await findTask(call, id);
    call.changed({
      id,
      before: started?.before,
      after: { ...storedTask(task), ...(started === null ? {} : { timer: started.after }) },
    });
    return {
      task: viewTask(task, call.zone),
      ...(started === null ? {} : { timer: viewTimer(started.row, call), stopped_entry: started.displaced }),
    };
  },
});
