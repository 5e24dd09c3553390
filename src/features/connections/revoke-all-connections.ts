import { z } from 'zod';
import { operation } from '#operation/operation.ts';
import { connectionId } from './connection.ts';

export const revokeAllConnections = operation({
  name: 'connections.revoke_all',
  title: 'Disconnect all your apps',
  summary: 'End the access of every app you connected to this workspace, from their next request on.',
  effect: 'delete',
  needs: { scope: 'tokens:write', role: 'viewer', evenReadOnly: true, evenStopped: true },
  doors: ['http', 'web', 'cli'],
  input: z.object({}),
  output: z.object({ revoked: z.array(connectionId).describe('The connections that ended.') }),
  async handle(_input, { tx, actor, now, changed }) {
    const ended = await tx
      .updateTable('oauth_grants')
      .set((eb) => ({
        revoked_at: now,
        revoked_reason: 'revoked_by_person',
        version: eb('version', '+', 1),
      }))
      .where('user_id', '=', actor.user.id)
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', now)
      .returning('id')
      .execute();
    const revoked = ended.map(({ id }) => id);
    changed({ id: null, after: { revoked } });
    return { revoked };
  },
});
