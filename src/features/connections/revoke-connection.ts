import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { roleCovers } from '#operation/actor.ts';
import { operation } from '#operation/operation.ts';
import { connectionId, connectionView, findConnection, viewConnection } from './connection.ts';

export const revokeConnection = operation({
  name: 'connections.revoke',
  title: 'Disconnect an app',
  summary: 'End a connected app’s access to this workspace, from its next request on.',
  guidance: 'Your own, or any member’s with the role admin. An app already disconnected stays as it was.',
  effect: 'delete',
  needs: { scope: 'tokens:write', role: 'viewer', evenReadOnly: true, evenStopped: true },
  doors: ['http', 'web', 'cli'],
  input: z.object({ id: connectionId }),
  output: z.object({ connection: connectionView.describe('The connection as it ended.') }),
  async handle({ id }, { tx, actor, now, changed }) {
    const administers = roleCovers(actor.membership.role, 'admin');
    await lockRow(tx, 'oauth_grants', id);
    const row = await findConnection(tx, id, actor, administers);
    const before = viewConnection(row, now);
    if (row.revoked_at === null) {
      await tx
        .updateTable('oauth_grants')
        .set({
          revoked_at: now,
          revoked_reason: row.user_id === actor.user.id ? 'revoked_by_person' : 'revoked_by_admin',
          version: row.version + 1,
        })
        .where('id', '=', id)
        .execute();
    }
    const connection = viewConnection(await findConnection(tx, id, actor, administers), now);
    changed({ id, before, after: connection });
    return { connection };
  },
});
