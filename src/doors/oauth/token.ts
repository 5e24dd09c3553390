import type { Handler } from 'hono';
import { remoteAddress } from '#doors/common/request-facts.ts';
import { claimedClientId } from '#identity/oauth-client-auth.ts';
import { redeemCode } from '#identity/oauth-codes.ts';
import { isOauthError, oauthError } from '#identity/oauth-error.ts';
import { refresh } from '#identity/oauth-refresh.ts';
import type { OauthClient } from '#identity/oauth-clients.ts';
import type { TokenAnswer } from '#identity/oauth-tokens.ts';
import { type Parameters, readForm } from './parameters.ts';
import { answerJson, clientOf, endpoint, type OauthParts, resourceIn } from './parts.ts';

const required = (form: Parameters, name: string): string => {
  const value = form.one(name);
  if (value === undefined) throw oauthError('invalid_request', `${name} is required`);
  return value;
};

const answerGrant = (parts: OauthParts, form: Parameters, client: OauthClient): Promise<TokenAnswer> => {
  const { house } = parts;
  const now = house.clock();
  const resource = resourceIn(house.publicUrl, form);
  switch (required(form, 'grant_type')) {
    case 'authorization_code':
      return redeemCode(
        house,
        {
          code: required(form, 'code'),
          client,
          redirectUri: form.one('redirect_uri'),
          verifier: form.one('code_verifier'),
          resource,
        },
        now,
      );
    case 'refresh_token':
      return refresh(
        house,
        { refreshToken: required(form, 'refresh_token'), client, scope: form.one('scope'), resource },
        house.config.refreshGraceMinutes,
        now,
      );
    default:
      throw oauthError('unsupported_grant_type', 'only authorization_code and refresh_token are supported');
  }
};

/**
 * Tokens for a code or a refresh token.
 * @see RFC 6749 sections 4.1.3 and 6, RFC 7636 section 4.5, RFC 8707 section 2.2
 */
export const token = (parts: OauthParts): Handler => {
  const { house, limits } = parts;
  return endpoint(house, async (c) => {
    const form = await readForm(c, ['resource']);
    const address = remoteAddress(c, house);
    const clientId = claimedClientId({
      authorization: c.req.header('authorization'),
      clientId: form.one('client_id'),
      assertion: form.one('client_assertion'),
    });
    await limits.mayTry(address, clientId);
    try {
      const client = await clientOf(c, parts, form);
      return answerJson(c, await answerGrant(parts, form, client));
    } catch (error) {
      const guessed =
        isOauthError(error) && (error.oauthCode === 'invalid_grant' || error.oauthCode === 'invalid_client');
      if (guessed) await limits.failed(address, clientId);
      throw error;
    }
  });
};
