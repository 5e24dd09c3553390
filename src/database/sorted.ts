import { type RawBuilder, sql } from 'kysely';
import { notOfThisList, readCursor } from '#values/page.ts';

/** One way to sort a list: by an expression over the rows, ties by id in the same direction. */
export interface Sorting {
  readonly by: RawBuilder<unknown>;
  readonly type: 'text' | 'timestamptz';
  readonly descending?: boolean;
}

/**
 * The parts of a query that walks a list in a stable order: `order`, `after` (the rows beyond the cursor) and `key` (the sort
 * key as text, selected as `sort_key`). `id` is the id column. The cursor of a row is `cursorOf(row)`; one of another
 * sorting is refused.
 */
export const sorted = <Name extends string>(
  sortings: Record<Name, Sorting>,
  name: Name,
  cursor: string | undefined,
  id: RawBuilder<unknown>,
) => {
  const { by, type, descending = false } = sortings[name];
  const from = readCursor(cursor, ['text', type === 'text' ? 'text' : 'instant', 'text']);
  if (from !== null && from[0] !== name) throw notOfThisList();
  const cast = sql.raw(type);
  const direction = sql.raw(descending ? 'desc' : 'asc');
  return {
    order: sql`${by} ${direction}, ${id} ${direction}`,
    after:
      from === null
        ? sql<boolean>`true`
        : sql<boolean>`(${by}, ${id}) ${sql.raw(descending ? '<' : '>')} (${from[1]}::${cast}, ${from[2]}::text)`,
    key: sql<string>`(${by})::text`,
    cursorOf: (row: { sort_key: string; id: string }): (string | number | null)[] => [
      name,
      row.sort_key,
      row.id,
    ],
  };
};

/** All of these conditions as one. */
export const all = (conditions: readonly RawBuilder<unknown>[]): RawBuilder<boolean> =>
  conditions.length === 0 ? sql<boolean>`true` : sql<boolean>`(${sql.join(conditions, sql` and `)})`;
