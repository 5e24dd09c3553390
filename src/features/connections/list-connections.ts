import { z } from 'zod';
import { operation } from '#operation/operation.ts';
import { page, pageInput, pageOf, readCursor } from '#values/page.ts';
import type { Id } from '#values/id.ts';
import {
  connections,
  connectionWithActions,
  recentActions,
  stillActive,
  viewConnection,
} from './connection.ts';

export const listConnections = operation({
  name: 'connections.list',
  title: 'List your connected apps',
  summary: 'List the apps you connected to this workspace, newest first, with what each may do and did last.',
  effect: 'read',
  needs: { scope: 'tokens:read', role: 'viewer', evenStopped: true },
  doors: ['http', 'web', 'cli'],
  input: z.object({
    ended: z.boolean().default(false).describe('true: revoked and expired ones too.'),
    ...pageInput,
  }),
  output: pageOf(connectionWithActions),
  async handle({ ended, limit, cursor }, { tx, actor, now }) {
    const after = readCursor(cursor, ['text']);
    let query = connections(tx)
      .where('g.user_id', '=', actor.user.id)
      .orderBy('g.id', 'desc')
      .limit(limit + 1);
    if (!ended) query = query.where(stillActive(now));
    if (after !== null) query = query.where('g.id', '<', after[0] as Id<'con'>);
    const rows = page(await query.execute(), limit, ({ id }) => [id]);
    const actionsOf = await recentActions(
      tx,
      rows.data.map(({ id }) => id),
    );
    return {
      ...rows,
      data: rows.data.map((row) => ({ ...viewConnection(row, now), recent_actions: actionsOf(row.id) })),
    };
  },
});
