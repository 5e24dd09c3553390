import { type RawBuilder, sql } from 'kysely';
import type { Transaction } from '#database/database.ts';
import { page, readCursor } from '#values/page.ts';
import { entries, entryRows } from './entry-view.ts';

/**
 * A page of the entries that `chosen` (SQL over e) selects: by their day, then by their start, what has no clock times before the others
 * of its day; all of it the other way round where they come newest first. A cursor goes on in the order it was made in.
 */
export const entryPage = async (
  tx: Transaction,
  chosen: RawBuilder<boolean>,
  { newestFirst, limit, cursor }: { newestFirst: boolean; limit: number; cursor?: string | undefined },
) => {
  const after = readCursor(cursor, ['date', 'instant?', 'text']);
  const way = sql.raw(newestFirst ? 'desc' : 'asc');
  const order = sql`e.local_date ${way}, coalesce(e.started_at, '-infinity') ${way}, e.id ${way}`;
  let query = entries(tx)
    .where(chosen)
    .orderBy(order)
    .limit(limit + 1);
  if (after !== null) {
    const [day, start, id] = after;
    query = query.where(sql<boolean>`(e.local_date, coalesce(e.started_at, '-infinity'), e.id)
      ${sql.raw(newestFirst ? '<' : '>')} (${day}::date, coalesce(${start}::timestamptz, '-infinity'), ${id}::text)`);
  }
  const rows = await entryRows(tx, query).orderBy(order).execute();
  return page(rows, limit, ({ local_date, started_at, id }) => [
    local_date.toString(),
    started_at?.toString() ?? null,
    id,
  ]);
};
