import { z } from 'zod';
import { validationFailed } from './refusal.ts';

/** The paging arguments of every list. */
export const pageInput = {
  limit: z.coerce.number().int().min(1).max(100).default(25).describe('Rows per page, 1 to 100.'),
  cursor: z.string().max(500).optional().describe('meta.next_cursor of the page before.'),
};

/** The argument of lists that gives only what changed since an instant. */
export const updatedSince = z.iso
  .datetime({ offset: true })
  .optional()
  .describe('Only records changed since this RFC 3339 instant.');

/** What every list says about its page; `totals` where a list has them are over the whole filter, never the page. */
export const pageMeta = z.object({
  next_cursor: z.string().nullable().describe('Give it as cursor for the next page; null at the end.'),
  has_more: z.boolean().describe('Whether another page follows.'),
  returned: z.number().int().describe('Rows on this page.'),
});

/** The output of a list of `row`. `totals`, where given, are over the whole filter. */
export const pageOf = <Row extends z.ZodType>(row: Row) =>
  z.object({ data: z.array(row).describe('The rows.'), meta: pageMeta });

/** A cursor is the sort key of the last row, opaque to the client; it carries no rights. */
export const writeCursor = (key: readonly (string | number | null)[]): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url');

/** Reads a cursor of `length` parts, or refuses. Every part is treated as input: it goes into queries as a parameter only. */
export const readCursor = (cursor: string | undefined, length: number): (string | number | null)[] | null => {
  if (cursor === undefined) return null;
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const part = (value: unknown) => value === null || typeof value === 'string' || typeof value === 'number';
    if (Array.isArray(key) && key.length === length && key.every(part)) return key;
  } catch {
    // falls through to the refusal
  }
  throw validationFailed(
    {
      message:
        'The cursor is not one of this list. Use meta.next_cursor of the page before, with the same filters.',
    },
    'cursor',
  );
};

/** Cuts `rows`, of which one more than `limit` was read, into a page; `keyOf` gives the sort key of a row. */
export const page = <Row>(
  rows: Row[],
  limit: number,
  keyOf: (row: Row) => readonly (string | number | null)[],
): { data: Row[]; meta: z.output<typeof pageMeta> } => {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  const more = rows.length > limit && last !== undefined;
  return {
    data,
    meta: { next_cursor: more ? writeCursor(keyOf(last)) : null, has_more: more, returned: data.length },
  };
};
