import type { Handler } from 'hono';
import { remoteAddress } from '#doors/common/request-facts.ts';
import { readClientMetadata } from '#identity/oauth-client-metadata.ts';
import { registerClient } from '#identity/oauth-clients.ts';
import { oauthError } from '#identity/oauth-error.ts';
import { readBody } from './parameters.ts';
import { answerJson, endpoint, type OauthParts } from './parts.ts';

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw oauthError('invalid_client_metadata', 'the body is not JSON');
  }
};

/**
 * A client registers itself. What it asks for as `scope` is noted and limits nothing. Fields without a value are left out of the answer:
 * some clients refuse a null.
 * @see RFC 7591 section 3
 */
export const register = ({ house, limits }: OauthParts): Handler =>
  endpoint(house, async (c) => {
    const metadata = readClientMetadata(parse(await readBody(c)), 'dcr');
    // Only what is kept is counted: who is still mending its metadata does not shut itself out.
    await limits.register(remoteAddress(c, house));
    const now = house.clock();
    const { client, secret } = await registerClient(house.database, metadata, now);
    return answerJson(
      c,
      {
        client_id: client.id,
        client_id_issued_at: Math.floor(now.epochMilliseconds / 1000),
        ...(secret === null ? {} : { client_secret: secret, client_secret_expires_at: 0 }),
        client_name: client.name,
        redirect_uris: client.redirectUris,
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: metadata.authMethods[0],
        ...(metadata.applicationType === null ? {} : { application_type: metadata.applicationType }),
        ...(metadata.scope === null ? {} : { scope: metadata.scope }),
        ...(metadata.jwksUri === null ? {} : { jwks_uri: metadata.jwksUri }),
        ...(metadata.jwks === null ? {} : { jwks: metadata.jwks }),
      },
      201,
    );
  });
