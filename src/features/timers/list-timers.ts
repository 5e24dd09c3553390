import { sql } from 'kysely';
import { z } from 'zod';
import { entries, entryRows } from '#features/time-entries/entry-view.ts';
import { operation } from '#operation/operation.ts';
import { page, pageInput, pageOf, readCursor } from '#values/page.ts';
import { timerView, viewTimer } from './timer.ts';

export const listTimers = operation({
  name: 'timers.list',
  title: 'List everybody’s timers',
  summary: 'List who is running what in the workspace.',
  effect: 'read',
  needs: { scope: 'time:read', role: 'manager' },
  input: z.object({
    paused: z.boolean().default(false).describe('true: paused timers too.'),
    ...pageInput,
  }),
  output: pageOf(timerView),
  async handle({ paused, limit, cursor }, call) {
    const { tx } = call;
    const after = readCursor(cursor, ['instant', 'text']);
    let query = entries(tx)
      .where('e.state', 'in', paused ? ['running', 'paused'] : ['running'])
      .where('e.deleted_at', 'is', null)
      .orderBy('e.started_at')
      .orderBy('e.id')
      .limit(limit + 1);
    if (after !== null) {
      query = query.where(sql<boolean>`(e.started_at, e.id) > (${after[0]}::timestamptz, ${after[1]})`);
    }
    const rows = await entryRows(tx, query).orderBy('e.started_at').orderBy('e.id').execute();
    const { data, meta } = page(rows, limit, ({ started_at, id }) => [started_at!.toString(), id]);
    return { data: data.map((row) => viewTimer(row, call)), meta };
  },
});
