import { compactVerify, createLocalJWKSet, decodeProtectedHeader, errors, type JSONWebKeySet } from 'jose';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { z } from 'zod';
import type { Database } from '#database/database.ts';
import { callerOf } from '#values/network.ts';
import type { OauthClient } from './oauth-clients.ts';
import { oauthError } from './oauth-error.ts';
import type { FetchDocument } from './oauth-fetch.ts';
import { hashSecret } from './secrets.ts';

/** The algorithms of assertions: asymmetric ones only, so that nothing public can serve as a secret. */
export const assertionAlgorithms = [
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
  'EdDSA',
  'Ed25519',
];

const claims = z.object({
  iss: z.string(),
  sub: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  exp: z.number(),
  nbf: z.number().optional(),
  iat: z.number().optional(),
  jti: z.string().min(1).max(500),
});
const mostSeconds = 5 * 60;
const skewSeconds = 30;

const invalid = (description: string) => oauthError('invalid_client', description);

/** Proves a client by a JWT that it signed, sent from `address`; resolves or throws `invalid_client`, over a limit `temporarily_unavailable`. */
export type CheckAssertion = (
  client: OauthClient,
  assertion: string,
  address: string,
  now: Temporal.Instant,
) => Promise<void>;

/**
 * Makes the checker. The keys are those in the client's metadata or behind its `jwks_uri`, kept for five minutes;
 * an unknown key id fetches them anew, within limits of its own. The audience is the
 * issuer (or the token endpoint, as older clients write it); an assertion lives five minutes at most and is good once.
 * @see RFC 7523 section 3, draft-ietf-oauth-rfc7523bis
 */
export const assertionChecker = (
  house: { readonly database: Database; readonly publicUrl: string },
  fetchDocument: FetchDocument,
): CheckAssertion => {
  const perUri = new RateLimiterMemory({ points: 3, duration: 60 });
  const perStranger = new RateLimiterMemory({ points: 3, duration: 60 });
  const strangers = new RateLimiterMemory({ points: 20, duration: 60 });
  const keySets = new Map<string, { keys: JSONWebKeySet; until: Temporal.Instant }>();
  const underWay = new Map<string, Promise<JSONWebKeySet>>();

  const take = async (limiter: RateLimiterMemory, key: string): Promise<void> => {
    await limiter.consume(key).catch(() => {
      throw oauthError(
        'temporarily_unavailable',
        'the keys of this client were fetched too often; try again in a minute',
        60,
      );
    });
  };

  const fetchKeys = async (uri: string, counted: boolean, now: Temporal.Instant): Promise<JSONWebKeySet> => {
    if (!counted) await take(perUri, uri);
    const said: unknown = await fetchDocument(uri)
      .then(({ body }) => JSON.parse(body) as unknown)
      .catch(() => {
        throw invalid('the keys of this client could not be fetched');
      });
    if (typeof said !== 'object' || said === null || !('keys' in said) || !Array.isArray(said.keys)) {
      throw invalid('the keys of this client are not a JWK set');
    }
    const keys = said as JSONWebKeySet;
    if (keySets.size >= 1000) keySets.clear();
    keySets.set(uri, { keys, until: now.add({ minutes: 5 }) });
    return keys;
  };

  const keysOf = async (
    client: OauthClient,
    kid: string | undefined,
    address: string,
    now: Temporal.Instant,
  ): Promise<JSONWebKeySet> => {
    if (client.jwks !== null) return client.jwks;
    const uri = client.jwksUri;
    if (uri === null) throw invalid('the client has no keys');
    const kept = keySets.get(uri);
    const fresh = kept !== undefined && Temporal.Instant.compare(kept.until, now) > 0;
    if (fresh && (kid === undefined || kept.keys.keys.some((key) => key.kid === kid))) return kept.keys;
    if (fresh) {
      // Anybody can make up a key id: that uses up what they may ask for, never what the client's next fetch takes.
      await take(perStranger, `${callerOf(address)} ${uri}`);
      await take(strangers, uri);
    }
    const fetching = underWay.get(uri) ?? fetchKeys(uri, fresh, now).finally(() => underWay.delete(uri));
    underWay.set(uri, fetching);
    return await fetching;
  };

  const payloadOf = async (
    client: OauthClient,
    assertion: string,
    address: string,
    now: Temporal.Instant,
  ): Promise<unknown> => {
    try {
      const { kid } = decodeProtectedHeader(assertion);
      const keySet = createLocalJWKSet(await keysOf(client, kid, address, now));
      const { payload } = await compactVerify(assertion, keySet, { algorithms: assertionAlgorithms });
      return JSON.parse(new TextDecoder().decode(payload)) as unknown;
    } catch (error) {
      // A key of theirs that is none fails in the cryptography itself, with a DOMException.
      const kinds = [errors.JOSEError, SyntaxError, TypeError, DOMException];
      if (kinds.some((kind) => error instanceof kind)) {
        throw invalid('client_assertion is not signed by a key of this client');
      }
      throw error;
    }
  };

  return async (client, assertion, address, now) => {
    if (assertion.length > 8192) throw invalid('client_assertion is too long');
    const parsed = claims.safeParse(await payloadOf(client, assertion, address, now));
    if (!parsed.success) throw invalid('client_assertion needs iss, sub, aud, exp and jti');
    const { iss, sub, aud, exp, nbf, iat, jti } = parsed.data;
    if (iss !== client.id || sub !== client.id) throw invalid('client_assertion is about another client');
    const audiences = [house.publicUrl, `${house.publicUrl}/oauth/token`, `${house.publicUrl}/token`];
    const named = typeof aud === 'string' ? [aud] : aud;
    if (named.length !== 1 || !audiences.includes(named[0]!)) {
      throw invalid(`the audience of client_assertion must be ${house.publicUrl}`);
    }
    const seconds = now.epochMilliseconds / 1000;
    if (exp <= seconds) throw invalid('client_assertion has expired');
    if (exp > seconds + mostSeconds + skewSeconds)
      throw invalid('client_assertion may live 5 minutes at most');
    if ((nbf ?? iat ?? 0) > seconds + skewSeconds || (iat ?? 0) > seconds + skewSeconds) {
      throw invalid('client_assertion is not valid yet');
    }
    const first = await house.database.identity
      .insertInto('oauth_assertions')
      .values({
        hash: hashSecret(`${client.id} ${jti}`),
        expires_at: Temporal.Instant.fromEpochMilliseconds(Math.ceil(exp) * 1000),
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('hash')
      .executeTakeFirst();
    if (first === undefined) throw invalid('client_assertion was used before');
  };
};
