import type { Handler } from 'hono';
import { oauthError } from '#identity/oauth-error.ts';
import { introspect as introspectToken } from '#identity/oauth-revocation.ts';
import { readForm } from './parameters.ts';
import { answerJson, clientOf, endpoint, type OauthParts } from './parts.ts';

/**
 * What one of a client's own tokens is worth. Only for clients that can prove who they are: to anybody else this would say which of some
 * stolen texts are tokens.
 * @see RFC 7662 section 2
 */
export const introspect = (parts: OauthParts): Handler =>
  endpoint(parts.house, async (c) => {
    const form = await readForm(c);
    const client = await clientOf(c, parts, form);
    const proved = client.secretHash !== null || form.one('client_assertion') !== undefined;
    if (!proved) throw oauthError('invalid_client', 'a public client cannot look at tokens');
    const token = form.one('token');
    if (token === undefined) throw oauthError('invalid_request', 'token is required');
    return answerJson(c, await introspectToken(parts.house, token, client.id, parts.house.clock()));
  });
