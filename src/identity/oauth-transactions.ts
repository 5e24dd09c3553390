import { sql } from 'kysely';
import type { Database } from '#database/database.ts';
import type { Resource } from './oauth-resource.ts';
import { hashSecret, looksLike, newSecret, secretPrefixes } from './secrets.ts';

/** An authorization request that was found in order, waiting for its person. */
export interface AuthorizationRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  /** Whether the client wrote the redirect URI, or the one it registered was meant. */
  readonly redirectUriGiven: boolean;
  readonly state: string | null;
  /** base64url(SHA-256(verifier)): PKCE S256. */
  readonly challenge: string;
  readonly resource: Resource;
  /** As the client wrote it. */
  readonly scope: string | null;
  /** The person must have signed in after this instant (prompt=login), as text. */
  readonly signedInAfter: string | null;
}

/** How long a request waits for sign-in, and how long for the decision once it is on the screen. */
export const signInMinutes = 30;
export const decisionMinutes = 10;

/** Keeps a request; gives the secret that leads back to it. Bound to a session at once where there is one. */
export const keepRequest = async (
  database: Database,
  request: AuthorizationRequest,
  sessionHash: Buffer | null,
  now: Temporal.Instant,
): Promise<string> => {
  const secret = newSecret(secretPrefixes.transaction);
  await database.identity
    .insertInto('oauth_transactions')
    .values({
      hash: hashSecret(secret),
      session_hash: sessionHash,
      params: JSON.stringify(request),
      expires_at: now.add({ minutes: sessionHash === null ? signInMinutes : decisionMinutes }),
    })
    .execute();
  return secret;
};

/** What a kept request is to somebody who comes back to it. */
export type KeptRequest =
  | { readonly kind: 'open'; readonly request: AuthorizationRequest }
  /** Answered already; `usedAt` says when. */
  | { readonly kind: 'used'; readonly request: AuthorizationRequest; readonly usedAt: Temporal.Instant }
  /** Unknown, too old, or begun in another browser session. */
  | { readonly kind: 'none' };

/**
 * Finds a kept request for this session. The first session that comes binds it and has ten minutes from then; to every other one it does
 * not exist.
 */
export const findRequest = async (
  database: Database,
  secret: string,
  sessionHash: Buffer,
  now: Temporal.Instant,
): Promise<KeptRequest> => {
  if (!looksLike(secretPrefixes.transaction, secret)) return { kind: 'none' };
  const { rows } = await sql<{ params: AuthorizationRequest; used_at: Temporal.Instant | null }>`
    update oauth_transactions set
      expires_at = case when session_hash is null then ${now.add({ minutes: decisionMinutes })}::timestamptz else expires_at end,
      session_hash = ${sessionHash}
    where hash = ${hashSecret(secret)} and expires_at > ${now} and (session_hash is null or session_hash = ${sessionHash})
    returning params, used_at`.execute(database.identity);
  const [row] = rows;
  if (row === undefined) return { kind: 'none' };
  return row.used_at === null
    ? { kind: 'open', request: row.params }
    : { kind: 'used', request: row.params, usedAt: row.used_at };
};

/** Marks a request as answered; false when somebody was quicker, or it is not this session's. */
export const useRequest = async (
  on: Pick<Database['identity'], 'updateTable'>,
  secret: string,
  sessionHash: Buffer,
  now: Temporal.Instant,
): Promise<boolean> => {
  const row = await on
    .updateTable('oauth_transactions')
    .set({ used_at: now })
    .where('hash', '=', hashSecret(secret))
    .where('session_hash', '=', sessionHash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returning('hash')
    .executeTakeFirst();
  return row !== undefined;
};
