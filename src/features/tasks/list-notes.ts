import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { Transaction } from '#database/database.ts';
import { all, sorted } from '#database/sorted.ts';
import { operation } from '#operation/operation.ts';
import { clientId } from '#features/clients/client.ts';
import { projectId } from '#features/projects/project.ts';
import { dateInput, refuseReversed } from '#values/local-time.ts';
import { page, pageInput, pageOf } from '#values/page.ts';
import { taskId } from './task.ts';
import { noteRows, noteView, viewNote } from './task-note.ts';
import { seesTask } from './task-view.ts';

const sortings = { newest: { by: sql`n.at`, type: 'timestamptz', descending: true } } as const;
const mostTexts = 10;
// Among so many notes there mostly are that many different texts.
const fewNotes = 200;

/** The different texts of `notes` (n), the latest first: of the newest few if they have enough, else of all. */
const recentTexts = async (
  tx: Transaction,
  notes: RawBuilder<unknown>,
  among: number | null = fewNotes,
): Promise<string[]> => {
  const { rows } = await sql<{ body: string; among: number }>`
    select x.body, (sum(count(*)) over ())::int as among
    from (select n.body, n.at from ${notes} order by n.at desc limit ${among}) x
    group by x.body order by max(x.at) desc, x.body limit ${mostTexts}`.execute(tx);
  if (rows.length < mostTexts && rows[0]?.among === among) return recentTexts(tx, notes, null);
  return rows.map(({ body }) => body);
};

export const listNotes = operation({
  name: 'tasks.notes',
  title: 'Read task notes',
  summary: 'Notes across tasks, newest first, and the texts used lately.',
  effect: 'read',
  needs: { scope: 'tasks:read', role: 'viewer' },
  input: z.object({
    task_ids: z.array(taskId).min(1).max(100).optional().describe('Only of these tasks.'),
    project_id: projectId.optional(),
    client_id: clientId.optional(),
    from: dateInput.optional().describe('First day, in the user’s zone.'),
    to: dateInput.optional().describe('Last day, inclusive.'),
    q: z.string().max(200).optional().describe('Only with this text.'),
    ...pageInput,
  }),
  output: pageOf(noteView).extend({
    recent_texts: z.array(z.string()).describe(`Up to ${mostTexts} different texts, the latest first.`),
  }),
  async handle(input, { tx, actor, zone }) {
    const { task_ids, project_id, client_id, from, to, q, limit, cursor } = input;
    refuseReversed(from, to);
    const start = (day: Temporal.PlainDate) => day.toZonedDateTime(zone).toInstant();
    const { order, after, key, cursorOf } = sorted(sortings, 'newest', cursor, sql`n.id`);
    const wanted = all([
      seesTask(actor),
      sql`t.deleted_at is null`,
      ...(task_ids === undefined ? [] : [sql`t.id = any(${[...task_ids]}::text[])`]),
      ...(project_id === undefined ? [] : [sql`t.project_id = ${project_id}`]),
      ...(client_id === undefined ? [] : [sql`t.client_id = ${client_id}`]),
      ...(from === undefined ? [] : [sql`n.at >= ${start(Temporal.PlainDate.from(from))}`]),
      ...(to === undefined ? [] : [sql`n.at < ${start(Temporal.PlainDate.from(to).add({ days: 1 }))}`]),
      ...(q === undefined ? [] : [sql`position(lower(${q}) in lower(n.body)) > 0`]),
    ]);
    const notes = sql`task_notes n join tasks t on t.id = n.task_id where ${wanted}`;
    const chosen = sql`select n.*, ${key} as sort_key from ${notes} and ${after} order by ${order} limit ${limit + 1}`;
    const found = page(await noteRows(tx, chosen), limit, cursorOf);
    return {
      ...found,
      data: found.data.map((row) => viewNote(row, zone)),
      recent_texts: await recentTexts(tx, notes),
    };
  },
});
