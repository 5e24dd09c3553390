import { sql } from 'kysely';
import { z } from 'zod';
import { operation } from '#operation/operation.ts';
import { page, pageInput, pageOf, readCursor } from '#values/page.ts';
import { tagsWithUses, tagView, viewTag } from './tag.ts';

export const listTags = operation({
  name: 'tags.list',
  title: 'List tags',
  summary: 'List the tags of the workspace by name, with how often each is used.',
  effect: 'read',
  needs: { scope: 'tags:read', role: 'viewer' },
  input: z.object({
    q: z.string().max(60).optional().describe('Text in the name.'),
    archived: z.boolean().default(false).describe('true: archived tags too.'),
    ...pageInput,
  }),
  output: pageOf(tagView),
  async handle({ q, archived, limit, cursor }, { tx }) {
    const after = readCursor(cursor, ['text', 'text']);
    let query = tagsWithUses(tx)
      .orderBy(sql`lower(name)`)
      .orderBy('id')
      .limit(limit + 1);
    if (q !== undefined) query = query.where(sql<boolean>`position(lower(${q}) in lower(name)) > 0`);
    if (!archived) query = query.where('archived_at', 'is', null);
    if (after !== null)
      query = query.where(sql<boolean>`(lower(name), id) > (lower(${after[0]}), ${after[1]})`);
    const rows = page(await query.execute(), limit, ({ name, id }) => [name, id]);
    return { ...rows, data: rows.data.map(viewTag) };
  },
});
