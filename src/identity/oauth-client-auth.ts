import { timingSafeEqual } from 'node:crypto';
import type { Database } from '#database/database.ts';
import type { CheckAssertion } from './oauth-assertions.ts';
import { noteClientUse, type OauthClient, storedClient } from './oauth-clients.ts';
import { oauthError } from './oauth-error.ts';
import { hashSecret } from './secrets.ts';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** What a request says about which client it comes from. */
export interface ClientClaim {
  /** The Authorization header; only Basic means anything here: some clients send their bearer everywhere. */
  readonly authorization: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  readonly assertion: string | undefined;
  readonly assertionType: string | undefined;
  /** Where it comes from. */
  readonly address: string;
}

const invalid = (description: string) => oauthError('invalid_client', description);

/** The name and secret of a Basic header, both form-urlencoded inside. @see RFC 6749 section 2.3.1 */
const readBasic = (header: string | undefined): { id: string; secret: string } | null => {
  const encoded = /^basic +([A-Za-z0-9+/=_-]+) *$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) throw invalid('the Basic header is not well formed');
  const decode = (part: string) => {
    try {
      return decodeURIComponent(part.replaceAll('+', ' '));
    } catch {
      return part;
    }
  };
  return { id: decode(text.slice(0, colon)), secret: decode(text.slice(colon + 1)) };
};

// Compared when there is no client, so that an unknown name takes as long as a wrong secret.
const nobody = Buffer.alloc(32);

const subjectOf = (assertion: string): string | undefined => {
  try {
    const payload: unknown = JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString());
    return typeof payload === 'object' &&
      payload !== null &&
      'sub' in payload &&
      typeof payload.sub === 'string'
      ? payload.sub
      : undefined;
  } catch {
    return undefined;
  }
};

/** The client that a request says it comes from, before any proof. */
export const claimedClientId = ({
  authorization,
  clientId,
  assertion,
}: Pick<ClientClaim, 'authorization' | 'clientId' | 'assertion'>): string | undefined =>
  readBasic(authorization)?.id ?? clientId ?? (assertion === undefined ? undefined : subjectOf(assertion));

/**
 * Which client a request comes from, proved in the way it registered. Two proofs at once are `invalid_request`; everything else that
 * fails is `invalid_client`, and a proof that fails never falls back to none.
 * @see RFC 6749 section 2.3, RFC 7523 section 2.2
 */
export const authenticateClient = async (
  database: Database,
  claim: ClientClaim,
  checkAssertion: CheckAssertion,
  now: Temporal.Instant,
): Promise<OauthClient> => {
  const basic = readBasic(claim.authorization);
  // An empty secret is what some libraries send for a public client.
  const secrets = [basic?.secret, claim.clientSecret].filter(
    (secret) => secret !== undefined && secret !== '',
  );
  const proofs = secrets.length + (claim.assertion === undefined ? 0 : 1);
  if (proofs > 1 || (basic !== null && claim.clientId !== undefined && claim.clientId !== basic.id)) {
    throw oauthError('invalid_request', 'the client proves itself in more than one way');
  }
  const id = claimedClientId(claim);
  if (id === undefined || id === '') throw invalid('client_id is required');
  const client = await storedClient(database, id);
  const [secret] = secrets;
  if (secret !== undefined) {
    const same = timingSafeEqual(hashSecret(secret), client?.secretHash ?? nobody);
    if (client === null || client.secretHash === null || !same)
      throw invalid('the client is unknown or its secret is wrong');
  }
  if (client === null) throw invalid('the client is unknown; register again');
  if (claim.assertion !== undefined) {
    if (claim.assertionType !== assertionType)
      throw invalid(`client_assertion_type must be ${assertionType}`);
    if (!client.authMethods.includes('private_key_jwt')) throw invalid('this client does not use assertions');
    await checkAssertion(client, claim.assertion, claim.address, now);
  } else if (secret === undefined && !client.authMethods.includes('none')) {
    throw invalid('this client must prove itself');
  }
  await noteClientUse(database, client.id, now);
  return client;
};
