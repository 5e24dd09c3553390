import { z } from 'zod';
import { issueApiToken, readScopeMissing, scopesNotOffered, tokenScopes } from '#identity/api-tokens.ts';
import { operation } from '#operation/operation.ts';
import {
  apiTokenScopes,
  apiTokenView,
  findOwnToken,
  onlyInPerson,
  requirePerson,
  viewApiToken,
} from './api-token.ts';

export const createApiToken = operation({
  name: 'api_tokens.create',
  title: 'Make an API token',
  summary: 'Make an API token for this workspace. It is shown once, in this answer.',
  guidance: 'Only the person does this, signed in: no app and no API token can make another.',
  effect: 'create',
  needs: { scope: 'tokens:write', role: 'viewer', entitlement: 'public_api_access' },
  doors: ['http', 'web', 'cli'],
  idempotencyKey: 'none',
  input: z.object({
    name: z.string().trim().min(1).max(100).describe('What you call it: where it will be used.'),
    resource: z.enum(['mcp', 'api']).describe('mcp: for AI tools; api: for the REST API.'),
    scopes: apiTokenScopes,
    expires_in_days: z
      .number()
      .int()
      .min(1)
      .max(3660)
      .nullable()
      .default(90)
      .describe('Days until it stops working; null for never.'),
  }),
  output: z.object({
    api_token: apiTokenView.describe('The new token’s facts.'),
    secret: z.string().describe('The token itself. It is nowhere else and cannot be shown again.'),
  }),
  refusals: [onlyInPerson, readScopeMissing, scopesNotOffered],
  async handle({ name, resource, scopes, expires_in_days: days }, { tx, actor, now, changed }) {
    requirePerson(actor);
    const fitted = tokenScopes(scopes, resource);
    const expiresAt = days === null ? null : now.add({ hours: days * 24 });
    const token = { userId: actor.user.id, name, resource, scopes: fitted, expiresAt };
    const { id, secret } = await issueApiToken(tx, token, now);
    const made = viewApiToken(await findOwnToken(tx, id, actor), now);
    changed({ id, after: { name, resource, scopes: fitted, expires_at: made.expires_at } });
    return { api_token: made, secret };
  },
});
