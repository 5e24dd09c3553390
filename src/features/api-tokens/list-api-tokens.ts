import { sql } from 'kysely';
import { z } from 'zod';
import { operation } from '#operation/operation.ts';
import type { Id } from '#values/id.ts';
import { page, pageInput, pageOf, readCursor } from '#values/page.ts';
import { apiTokenView, ownTokens, viewApiToken } from './api-token.ts';

export const listApiTokens = operation({
  name: 'api_tokens.list',
  title: 'List your API tokens',
  summary: 'List the API tokens you made in this workspace, newest first; never the tokens themselves.',
  effect: 'read',
  needs: { scope: 'tokens:read', role: 'viewer' },
  doors: ['http', 'web', 'cli'],
  input: z.object({
    ended: z.boolean().default(false).describe('true: revoked and expired ones too.'),
    ...pageInput,
  }),
  output: pageOf(apiTokenView),
  async handle({ ended, limit, cursor }, { tx, actor, now }) {
    const after = readCursor(cursor, ['text']);
    let query = ownTokens(tx, actor)
      .orderBy('id', 'desc')
      .limit(limit + 1);
    if (!ended)
      query = query.where(sql<boolean>`revoked_at is null and (expires_at is null or expires_at > ${now})`);
    if (after !== null) query = query.where('id', '<', after[0] as Id<'tok'>);
    const rows = page(await query.execute(), limit, ({ id }) => [id]);
    return { ...rows, data: rows.data.map((row) => viewApiToken(row, now)) };
  },
});
