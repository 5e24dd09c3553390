import type { Handler } from 'hono';
import type { DoorHouse } from '#doors/common/house.ts';
import { assertionAlgorithms } from '#identity/oauth-assertions.ts';
import { authMethods } from '#identity/oauth-client-metadata.ts';
import { resourceUrl } from '#identity/oauth-resource.ts';
import { advertisedScopes } from '#operation/scopes.ts';

/** Codex up to 0.149 gives up when the flag is there although every answer carries `iss` ("missing required issuer"). */
const stumblesOverIssuer = /\bcodex-mcp-client\/0\.14[3-9]\b/;

/**
 * What the authorization server is and can do. `offline_access` is not among the scopes: a refresh token always comes, and some clients
 * stumble over asking for it. Dangerous scopes are not either: some clients ask for the whole list.
 * @see RFC 8414 section 2, RFC 9207 section 3, RFC 9728 section 4; OpenID Connect Discovery 1.0 section 3 for its three fields
 */
export const authorizationServerMetadata = (
  { publicUrl, config }: DoorHouse,
  userAgent: string | undefined,
) => ({
  issuer: publicUrl,
  authorization_endpoint: `${publicUrl}/oauth/authorize`,
  token_endpoint: `${publicUrl}/oauth/token`,
  registration_endpoint: `${publicUrl}/oauth/register`,
  revocation_endpoint: `${publicUrl}/oauth/revoke`,
  introspection_endpoint: `${publicUrl}/oauth/introspect`,
  jwks_uri: `${publicUrl}/oauth/jwks`,
  scopes_supported: advertisedScopes(),
  response_types_supported: ['code'],
  response_modes_supported: ['query'],
  grant_types_supported: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_methods_supported: authMethods,
  token_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
  revocation_endpoint_auth_methods_supported: authMethods,
  revocation_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
  introspection_endpoint_auth_methods_supported: authMethods.filter((method) => method !== 'none'),
  introspection_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
  code_challenge_methods_supported: ['S256'],
  client_id_metadata_document_supported: config.cimd === 'open',
  ...(stumblesOverIssuer.test(userAgent ?? '')
    ? {}
    : { authorization_response_iss_parameter_supported: true }),
  protected_resources: [resourceUrl(publicUrl, 'mcp'), resourceUrl(publicUrl, 'api')],
  request_parameter_supported: false,
  request_uri_parameter_supported: false,
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
});

/**
 * What protects the MCP server or the API. `resource` is written as the person typed it, with its slash: claude.ai and Gemini CLI
 * compare the two character by character.
 * @see RFC 9728 section 2
 */
export const protectedResourceMetadata = ({ publicUrl }: DoorHouse, path: string) => ({
  resource: `${publicUrl}${path}`,
  authorization_servers: [publicUrl],
  scopes_supported: path.startsWith('/api') ? ['stint:read', 'stint:write'] : ['mcp'],
  bearer_methods_supported: ['header'],
  resource_name: path.startsWith('/api') ? 'Stint API' : 'Stint MCP server',
});

const documentPath =
  /^(\/mcp|\/api)?\/\.well-known\/(oauth-protected-resource|oauth-authorization-server|openid-configuration)(\/mcp\/?|\/api(?:\/v1)?\/?|\/)?$/;

/**
 * Every address at which clients look for metadata: with the path of the resource behind it, before it, or without. Anything else
 * well-known is a 404 in JSON: clients take a page of HTML for an answer.
 * @see RFC 8414 section 3, RFC 9728 section 3.1
 */
export const answerMetadata =
  (house: DoorHouse): Handler =>
  (c) => {
    const [, before, kind, after] = documentPath.exec(c.req.path) ?? [];
    if (kind === undefined || (before !== undefined && after !== undefined && after !== '/')) {
      return c.json({ error: 'not_found', error_description: 'there is no such document here' }, 404);
    }
    const named = after === undefined || after === '/' ? before : after;
    const body =
      kind === 'oauth-protected-resource'
        ? protectedResourceMetadata(house, named ?? '/mcp')
        : authorizationServerMetadata(house, c.req.header('user-agent'));
    return c.json(body, 200, { 'cache-control': 'public, max-age=300', vary: 'user-agent' });
  };

/** The keys that Stint signs with: none, for its tokens are opaque. @see RFC 7517 section 5 */
export const answerKeys: Handler = (c) =>
  c.json({ keys: [] }, 200, { 'cache-control': 'public, max-age=300' });
