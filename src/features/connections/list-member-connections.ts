import { z } from 'zod';
import { operation } from '#operation/operation.ts';
import { type Id, idSchema } from '#values/id.ts';
import { page, pageInput, pageOf, readCursor } from '#values/page.ts';
import {
  connections,
  memberConnectionView,
  recentActions,
  stillActive,
  viewConnection,
} from './connection.ts';

export const listMemberConnections = operation({
  name: 'connections.list_members',
  title: 'List everybody’s connected apps',
  summary: 'List the apps that members connected to this workspace, newest first, with whose they are.',
  effect: 'read',
  needs: { scope: 'tokens:read', role: 'admin' },
  doors: ['http', 'web', 'cli'],
  input: z.object({
    user_id: idSchema('usr').optional().describe('Only those of this person.'),
    ended: z.boolean().default(false).describe('true: revoked and expired ones too.'),
    ...pageInput,
  }),
  output: pageOf(memberConnectionView),
  async handle({ user_id, ended, limit, cursor }, { tx, now }) {
    const after = readCursor(cursor, ['text']);
    let query = connections(tx)
      .innerJoin('users as u', 'u.id', 'g.user_id')
      .select(['u.name as user_name', 'u.email as user_email'])
      .orderBy('g.id', 'desc')
      .limit(limit + 1);
    if (user_id !== undefined) query = query.where('g.user_id', '=', user_id);
    if (!ended) query = query.where(stillActive(now));
    if (after !== null) query = query.where('g.id', '<', after[0] as Id<'con'>);
    const rows = page(await query.execute(), limit, ({ id }) => [id]);
    const actionsOf = await recentActions(
      tx,
      rows.data.map(({ id }) => id),
    );
    return {
      ...rows,
      data: rows.data.map((row) => ({
        ...viewConnection(row, now),
        recent_actions: actionsOf(row.id),
        member: { user_id: row.user_id, name: row.user_name, email: row.user_email },
      })),
    };
  },
});
