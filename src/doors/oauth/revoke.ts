import type { Handler } from 'hono';
import { oauthError } from '#identity/oauth-error.ts';
import { revokeToken } from '#identity/oauth-revocation.ts';
import { readForm } from './parameters.ts';
import { clientOf, endpoint, type OauthParts } from './parts.ts';

/**
 * A client gives a token back. The answer is the same for tokens that are unknown or somebody else's.
 * @see RFC 7009 section 2
 */
export const revoke = (parts: OauthParts): Handler =>
  endpoint(parts.house, async (c) => {
    const form = await readForm(c);
    const client = await clientOf(c, parts, form);
    const token = form.one('token');
    if (token === undefined) throw oauthError('invalid_request', 'token is required');
    await revokeToken(parts.house, token, client.id, parts.house.clock());
    return c.body(null, 200, { 'cache-control': 'no-store' });
  });
