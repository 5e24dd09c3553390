import { z } from 'zod';
import { operation } from '#operation/operation.ts';
import {
  apiTokenId,
  apiTokenView,
  findOwnToken,
  onlyInPerson,
  requirePerson,
  viewApiToken,
} from './api-token.ts';

export const revokeApiToken = operation({
  name: 'api_tokens.revoke',
  title: 'Revoke an API token',
  summary: 'End one of your API tokens for good, from its next request on.',
  guidance: 'A token may revoke itself, and no other. One that ended already stays as it was.',
  effect: 'delete',
  needs: { scope: 'tokens:write', role: 'viewer', evenReadOnly: true },
  doors: ['http', 'web', 'cli'],
  input: z.object({ id: apiTokenId }),
  output: z.object({ api_token: apiTokenView.describe('The token as it ended.') }),
  refusals: [onlyInPerson],
  async handle({ id }, { tx, actor, now, changed }) {
    if (actor.via.id !== id) requirePerson(actor);
    const before = await findOwnToken(tx, id, actor);
    if (before.revoked_at === null) {
      await tx.updateTable('api_tokens').set({ revoked_at: now }).where('id', '=', id).execute();
    }
    const after = viewApiToken(await findOwnToken(tx, id, actor), now);
    changed({ id, before: viewApiToken(before, now), after });
    return { api_token: after };
  },
});
