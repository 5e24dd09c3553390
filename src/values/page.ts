import { z } from 'zod';
import { isKeepable } from './keepable.ts';
import { type Refusal, validationFailed } from './refusal.ts';

/** The paging arguments of every list. */
export const pageInput = {
  limit: z.coerce.number().int().min(1).max(100).default(25).describe('Rows per page, 1 to 100.'),
  cursor: z.string().max(500).optional().describe('meta.next_cursor of the page before.'),
};

/** The argument of lists that gives only what changed since an instant. */
export const updatedSince = z.iso
  .datetime({ offset: true })
  .refine((text) => Number(text.slice(0, 4)) >= 1980, { error: 'must be an instant of 1980 or later' })
  // The store reads fewer offsets than RFC 3339 has.
  .transform((text) => Temporal.Instant.from(text))
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

/** What a part of a cursor is: what the query makes of it must not fail. `instant?` may be null. */
export type CursorPart = 'text' | 'instant' | 'instant?' | 'date';

const fits: Record<CursorPart, (part: unknown) => boolean> = {
  text: (part) => typeof part === 'string' && isKeepable(part),
  instant: (part) => typeof part === 'string' && momentPattern.test(part) && isInstant(part),
  'instant?': (part) => part === null || fits.instant(part),
  date: (part) =>
    typeof part === 'string' && /^(?!0000)\d{4}-\d{2}-\d{2}$/.test(part) && isInstant(`${part}T00:00Z`),
};
// As Temporal writes an instant, or PostgreSQL a timestamptz in UTC.
const momentPattern = /^(?!0000)\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|\+00)$/;
const isInstant = (text: string): boolean => {
  try {
    return Temporal.Instant.from(text).epochMilliseconds > Number.NEGATIVE_INFINITY;
  } catch {
    return false;
  }
};

/** Reads a cursor of these parts, or refuses. It comes from outside like any input: it was not necessarily written here. */
export const readCursor = (
  cursor: string | undefined,
  parts: readonly CursorPart[],
): (string | null)[] | null => {
  if (cursor === undefined) return null;
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(key) && key.length === parts.length && parts.every((part, at) => fits[part](key[at])))
      return key as (string | null)[];
  } catch {
    // falls through to the refusal
  }
  throw notOfThisList();
};

/** A cursor that was not made by this list, or in another order. */
export const notOfThisList = (): Refusal =>
  validationFailed(
    {
      message:
        'The cursor is not one of this list. Use meta.next_cursor of the page before, with the same filters.',
    },
    'cursor',
  );

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
