import type { OauthClient } from '#identity/oauth-clients.ts';
import { type OauthErrorCode, isOauthError, oauthError } from '#identity/oauth-error.ts';
import { isRegistered } from '#identity/oauth-redirect-uri.ts';
import { offerFor } from '#identity/oauth-scopes.ts';
import type { AuthorizationRequest } from '#identity/oauth-transactions.ts';
import type { Parameters } from './parameters.ts';
import { resourceIn } from './parts.ts';

/** Where the answer goes: proved to belong to the client before anything is sent there. */
export interface ProvedTarget {
  readonly redirectUri: string;
  readonly given: boolean;
}

/**
 * The redirect URI of a request; throws where it is not one that the client registered, and then nothing may be sent to it.
 * @see RFC 9700 section 4.1
 */
export const proveRedirectUri = (client: OauthClient, parameters: Parameters): ProvedTarget => {
  const given = parameters.one('redirect_uri');
  if (given !== undefined) {
    if (isRegistered(client.redirectUris, given)) return { redirectUri: given, given: true };
    throw oauthError('invalid_request', 'the redirect_uri is not one that this app registered');
  }
  const [only, ...others] = client.redirectUris;
  if (only === undefined || others.length > 0) {
    throw oauthError('invalid_request', 'redirect_uri is required: this app registered more than one');
  }
  return { redirectUri: only, given: false };
};

/** A request in order, or what the client is told at its redirect URI. */
export type ReadRequest =
  | { readonly kind: 'request'; readonly request: AuthorizationRequest }
  | { readonly kind: 'problem'; readonly error: OauthErrorCode; readonly description: string };

const check = (
  publicUrl: string,
  client: OauthClient,
  target: ProvedTarget,
  parameters: Parameters,
): AuthorizationRequest => {
  const { one } = parameters;
  const responseType = one('response_type');
  if (responseType === undefined) throw oauthError('invalid_request', 'response_type is required');
  if (responseType !== 'code')
    throw oauthError('unsupported_response_type', 'only response_type=code is supported');
  if (one('request') !== undefined)
    throw oauthError('request_not_supported', 'request objects are not supported');
  if (one('request_uri') !== undefined) {
    throw oauthError('request_uri_not_supported', 'request objects are not supported and not fetched');
  }
  if ((one('response_mode') ?? 'query') !== 'query') {
    throw oauthError('invalid_request', 'only response_mode=query is supported');
  }
  const challenge = one('code_challenge');
  if (challenge === undefined) throw oauthError('invalid_request', 'code_challenge is required (PKCE)');
  if (one('code_challenge_method') !== 'S256') {
    throw oauthError('invalid_request', 'code_challenge_method must be S256');
  }
  if (!/^[\w-]{43}$/.test(challenge)) {
    throw oauthError('invalid_request', 'code_challenge must be 43 characters of base64url');
  }
  const resource = resourceIn(publicUrl, parameters) ?? 'mcp';
  const scope = one('scope') ?? null;
  if (offerFor(scope ?? undefined, resource, new Set()) === null) {
    throw oauthError('invalid_scope', 'none of these scopes exists; ask for mcp, or see scopes_supported');
  }
  return {
    clientId: client.id,
    redirectUri: target.redirectUri,
    redirectUriGiven: target.given,
    state: one('state') ?? null,
    challenge,
    resource,
    scope,
    signedInAfter: null,
  };
};

/**
 * Checks what is left once client and redirect URI are proved.
 * @see RFC 6749 section 4.1.1, RFC 7636 section 4.4.1, RFC 8707 section 2.1
 */
export const readAuthorizationRequest = (
  publicUrl: string,
  client: OauthClient,
  target: ProvedTarget,
  parameters: Parameters,
): ReadRequest => {
  try {
    return { kind: 'request', request: check(publicUrl, client, target, parameters) };
  } catch (error) {
    if (!isOauthError(error)) throw error;
    return { kind: 'problem', error: error.oauthCode, description: error.message };
  }
};
