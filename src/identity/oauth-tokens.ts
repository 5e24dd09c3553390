import { createHmac } from 'node:crypto';
import type { Transaction } from '#database/database.ts';
import type { CoarseScope } from '#operation/scopes.ts';
import type { Id } from '#values/id.ts';
import { scopeText } from './oauth-scopes.ts';
import { hashSecret, newSecret, secretPrefixes } from './secrets.ts';

/** Lifetimes. Short enough to matter when stolen, long enough that clients which refresh badly stay signed in. @see ASVS 10.4.8 */
export const accessSeconds = 60 * 60;
export const refreshIdleHours = 60 * 24;
export const grantHours = 365 * 24;

/** What a token response says. @see RFC 6749 section 5.1 */
export interface TokenAnswer {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  readonly expires_in: number;
  readonly refresh_token: string;
  readonly scope: string;
}

/** The part of a grant that its tokens need. */
export interface TokenGrant {
  readonly id: Id<'con'>;
  readonly scopes: readonly string[];
  readonly coarse: CoarseScope | null;
  readonly chain_key: Buffer;
  readonly expires_at: Temporal.Instant;
}

/**
 * The refresh token that follows `refreshToken`, or the first one of a code: made with a key of the grant, so that everybody who holds a
 * token computes the same successor, in parallel and without a lock, while nothing in the clear is kept.
 */
export const successorOf = (chainKey: Buffer, refreshToken: string): string =>
  `${secretPrefixes.refresh}${createHmac('sha256', chainKey).update(refreshToken).digest('base64url')}`;

const earlier = (one: Temporal.Instant, other: Temporal.Instant): Temporal.Instant =>
  Temporal.Instant.compare(one, other) < 0 ? one : other;

/** Gives a new access token beside `refreshToken`, which is kept if it is new. `narrowed` null leaves the rights to the grant. */
export const issueTokens = async (
  tx: Transaction,
  grant: TokenGrant,
  refreshToken: { readonly secret: string; readonly generation: number },
  narrowed: readonly string[] | null,
  now: Temporal.Instant,
): Promise<TokenAnswer> => {
  const accessToken = newSecret(secretPrefixes.access);
  const expiresAt = earlier(now.add({ seconds: accessSeconds }), grant.expires_at);
  await tx
    .insertInto('oauth_access_tokens')
    .values({
      hash: hashSecret(accessToken),
      grant_id: grant.id,
      scopes: narrowed === null ? null : [...narrowed],
      expires_at: expiresAt,
    })
    .execute();
  const scope = scopeText(grant);
  await tx
    .insertInto('oauth_refresh_tokens')
    .values({
      hash: hashSecret(refreshToken.secret),
      grant_id: grant.id,
      gen: refreshToken.generation,
      scopes: scope.split(' '),
      created_at: now,
      expires_at: earlier(now.add({ hours: refreshIdleHours }), grant.expires_at),
    })
    .onConflict((conflict) => conflict.column('hash').doNothing())
    .execute();
  return {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: Math.floor(now.until(expiresAt).total('seconds')),
    refresh_token: refreshToken.secret,
    scope: narrowed === null ? scope : narrowed.join(' '),
  };
};
