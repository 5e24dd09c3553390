import { z } from 'zod';
import { oauthError } from './oauth-error.ts';
import { whyNotRedirectUri } from './oauth-redirect-uri.ts';

export const authMethods = ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'] as const;
export type AuthMethod = (typeof authMethods)[number];

/** What is kept of what a client says about itself. Its logo is not: loading it would tell the client who looks. */
export interface ClientMetadata {
  readonly name: string;
  readonly redirectUris: readonly string[];
  /** Every way in which it may prove itself; the first is the one it named. */
  readonly authMethods: readonly [AuthMethod, ...AuthMethod[]];
  readonly jwks: { keys: Record<string, unknown>[] } | null;
  readonly jwksUri: string | null;
  readonly applicationType: string | null;
  readonly scope: string | null;
}

/** The name as it may be shown: no control, direction or invisible characters, one line, at most 100 characters. */
export const cleanName = (name: string): string =>
  Array.from(
    name
      .slice(0, 2000)
      .normalize('NFC')
      .replace(/[\p{C}\p{Zl}\p{Zp}\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]+/gu, '')
      .replace(/\s+/g, ' ')
      .trim(),
  )
    .slice(0, 100)
    .join('');

/** What the store can keep: Unicode without the null character. */
const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => value.isWellFormed() && !value.includes('\0'));
const texts = z.array(text(2000)).max(50);
/** A public key. Its members are flat; a private or symmetric one has no business here, where it would lie in the clear. @see RFC 7517 */
const publicKey = z
  .record(text(100), z.union([text(8000), z.boolean(), z.number(), texts]))
  .refine((key) => !('d' in key) && !('k' in key));
const schema = z.object({
  client_name: z.string().optional(),
  redirect_uris: texts.optional(),
  token_endpoint_auth_method: z.string().optional(),
  token_endpoint_auth_methods_supported: texts.optional(),
  grant_types: texts.optional(),
  response_types: texts.optional(),
  application_type: text(100).optional(),
  scope: text(4000).optional(),
  jwks: z.object({ keys: z.array(publicKey).max(20) }).optional(),
  jwks_uri: text(2000).optional(),
});

const unfit = (description: string) => oauthError('invalid_client_metadata', description);

/** The addresses that may be used; one unfit address among others does no harm, a list without a fit one is refused. */
const fitRedirectUris = (given: readonly string[] | undefined): string[] => {
  if (given === undefined || given.length === 0) {
    throw oauthError(
      'invalid_redirect_uri',
      'at least one redirect URI is required. If you came here after a permission error, sign in again with /mcp auth <server>',
    );
  }
  const fit = given.filter((uri) => whyNotRedirectUri(uri) === null);
  if (fit.length === 0) {
    throw oauthError(
      'invalid_redirect_uri',
      `no redirect URI can be used (the first: ${whyNotRedirectUri(given[0]!)})`,
    );
  }
  return [...new Set(fit)];
};

const known = (method: string): method is AuthMethod => (authMethods as readonly string[]).includes(method);

/**
 * Reads what a client says about itself, from a registration (`dcr`) or from the document at its address (`cimd`).
 * Throws `invalid_redirect_uri` or `invalid_client_metadata`.
 * @see RFC 7591 section 2, draft-ietf-oauth-client-id-metadata-document section 4
 */
export const readClientMetadata = (body: unknown, kind: 'dcr' | 'cimd'): ClientMetadata => {
  // Some clients send null for what they have nothing to say about.
  const said =
    typeof body === 'object' && body !== null && !Array.isArray(body)
      ? Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null))
      : body;
  const parsed = schema.safeParse(said);
  if (!parsed.success) {
    const path = parsed.error.issues[0]?.path.join('.') ?? '';
    const code = path.startsWith('redirect_uris') ? 'invalid_redirect_uri' : 'invalid_client_metadata';
    throw oauthError(code, path === '' ? 'the metadata is a JSON object' : `${path} is not well formed`);
  }
  const data = parsed.data;
  const redirectUris = fitRedirectUris(data.redirect_uris);
  if (data.grant_types !== undefined && !data.grant_types.includes('authorization_code')) {
    throw unfit('grant_types must include authorization_code');
  }
  if (data.response_types !== undefined && !data.response_types.includes('code')) {
    throw unfit('response_types must include code');
  }
  const byDefault = kind === 'cimd' ? 'none' : 'client_secret_basic';
  const named = data.token_endpoint_auth_method ?? byDefault;
  const also = kind === 'cimd' ? (data.token_endpoint_auth_methods_supported ?? []) : [];
  const allowed = (method: string): method is AuthMethod =>
    known(method) && (kind === 'dcr' || method === 'none' || method === 'private_key_jwt');
  if (!allowed(named))
    throw unfit(`token_endpoint_auth_method cannot be ${JSON.stringify(named.slice(0, 60))}`);
  const methods = [...new Set([named, ...also.filter(allowed)])] as [AuthMethod, ...AuthMethod[]];
  if (methods.includes('private_key_jwt') && data.jwks === undefined && data.jwks_uri === undefined) {
    throw unfit('private_key_jwt needs jwks or jwks_uri');
  }
  const name = cleanName(data.client_name ?? '');
  if (name === '' && kind === 'cimd') throw unfit('client_name is required');
  return {
    name: name === '' ? 'Unnamed app' : name,
    redirectUris,
    authMethods: methods,
    jwks: data.jwks ?? null,
    jwksUri: data.jwks_uri ?? null,
    applicationType: data.application_type ?? null,
    scope: data.scope ?? null,
  };
};
