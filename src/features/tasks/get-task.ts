import { sql } from 'kysely';
import { z } from 'zod';
import { operation } from '#operation/operation.ts';
import { visibleWith } from '#operation/visible.ts';
import { seesTime } from '#features/rates/worth.ts';
import { entryPage } from '#features/time-entries/entry-page.ts';
import { viewEntry } from '#features/time-entries/entry-view.ts';
import { entryView } from '#features/time-entries/time-entry.ts';
import { taskId } from './task.ts';
import { noteRows, noteView, viewNote } from './task-note.ts';
import { findTask, taskView, viewTask } from './task-view.ts';

const most = 20;
const entryLine = entryView.pick({
  id: true,
  description: true,
  state: true,
  started_at: true,
  local_date: true,
  duration_seconds: true,
  billable: true,
  member_id: true,
  member_name: true,
});

export const getTask = operation({
  name: 'tasks.get',
  title: 'Look at a task',
  summary: 'One task with its totals, and on request its latest time entries and notes.',
  effect: 'read',
  needs: { scope: 'tasks:read', role: 'viewer' },
  input: z.object({
    id: taskId,
    include: z
      .array(z.enum(['time_entries', 'notes']))
      .default([])
      .describe(`What to add, the latest ${most} of each.`),
  }),
  output: z.object({
    task: taskView.describe('The task.'),
    time_entries: visibleWith(
      'time:read',
      z.array(entryLine).describe('Latest time: the user’s own, everybody’s for managers.'),
    ),
    notes: z.array(noteView).optional().describe('Latest notes.'),
  }),
  async handle({ id, include }, call) {
    const { tx, actor, zone, warn } = call;
    const task = await findTask(call, id);
    const chosen = sql<boolean>`e.task_id = ${id} and e.deleted_at is null and ${seesTime(actor, 'e')}`;
    const time = include.includes('time_entries')
      ? await entryPage(tx, chosen, { newestFirst: true, limit: most })
      : null;
    const notes = include.includes('notes')
      ? await noteRows(
          tx,
          sql`select *, '' as sort_key from task_notes where task_id = ${id} order by at desc, id desc limit ${most}`,
        )
      : null;
    if (time?.meta.has_more === true) {
      warn(`Only the latest ${most} time entries are shown; time_entries.list with task_id gives all.`);
    }
    if (notes !== null && task.notes_count > most) {
      warn(
        `Only the latest ${most} of ${task.notes_count} notes are shown; tasks.notes with task_ids gives all.`,
      );
    }
    return {
      task: viewTask(task, zone),
      ...(time === null ? {} : { time_entries: time.data.map((row) => viewEntry(row, call)) }),
      ...(notes === null ? {} : { notes: notes.map((row) => viewNote(row, zone)) }),
    };
  },
});
