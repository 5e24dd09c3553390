import { sql } from 'kysely';
import type { Database, Transaction } from '#database/database.ts';
import type { CoarseScope } from '#operation/scopes.ts';
import type { Id } from '#values/id.ts';
import type { OauthClient } from './oauth-clients.ts';
import { oauthError } from './oauth-error.ts';
import { endGrant } from './oauth-grants.ts';
import type { Resource } from './oauth-resource.ts';
import { narrowedBy } from './oauth-scopes.ts';
import { issueTokens, successorOf, type TokenAnswer } from './oauth-tokens.ts';
import { hashSecret, looksLike, secretPrefixes } from './secrets.ts';

export interface RefreshRequest {
  readonly refreshToken: string;
  readonly client: OauthClient;
  readonly scope: string | undefined;
  readonly resource: Resource | null;
}

interface RefreshRow {
  grant_id: Id<'con'>;
  client_id: string;
  gen: number;
  told: string[];
  refresh_expires_at: Temporal.Instant;
  used_at: Temporal.Instant | null;
  resource: Resource;
  requested: string[];
  scopes: string[];
  coarse: CoarseScope | null;
  chain_key: Buffer;
  expires_at: Temporal.Instant;
  revoked_at: Temporal.Instant | null;
  member: boolean;
}

const invalidGrant = (description: string) => oauthError('invalid_grant', description);
const isPast = (instant: Temporal.Instant, now: Temporal.Instant) =>
  Temporal.Instant.compare(instant, now) <= 0;

const objection = (row: RefreshRow, request: RefreshRequest, now: Temporal.Instant) => {
  if (row.client_id !== request.client.id) return invalidGrant('the refresh token is unknown');
  if (row.revoked_at !== null) return invalidGrant('this connection was disconnected; connect again');
  if (isPast(row.refresh_expires_at, now) || isPast(row.expires_at, now)) {
    return invalidGrant('the refresh token has expired; connect again');
  }
  if (!row.member) return invalidGrant('the person is no longer a member of the workspace');
  return request.resource === null || request.resource === row.resource
    ? null
    : oauthError('invalid_target', `the connection is for the ${row.resource} resource`);
};

/** The tokens of the chain after generation `gen`, by hash. */
const laterTokens = async (
  tx: Transaction,
  row: RefreshRow,
): Promise<Map<string, Temporal.Instant | null>> => {
  const rows = await tx
    .selectFrom('oauth_refresh_tokens')
    .select(['hash', 'used_at'])
    .where('grant_id', '=', row.grant_id)
    .where('gen', '>', row.gen)
    .execute();
  return new Map(rows.map(({ hash, used_at }) => [hash.toString('hex'), used_at]));
};

/**
 * The token that this one leads to now. An unused one leads to its successor. A used one leads to the newest of the chain, as long as it
 * was used within the grace, or as long as its successor was never used: parallel sessions of one client share a token, answers get
 * lost, and neither is theft. A used token whose successor is used too, after the grace: null, somebody has a copy.
 */
const nextInChain = async (
  tx: Transaction,
  row: RefreshRow,
  refreshToken: string,
  graceMinutes: number,
  now: Temporal.Instant,
): Promise<{ secret: string; generation: number } | null> => {
  let next = { secret: successorOf(row.chain_key, refreshToken), generation: row.gen + 1 };
  if (row.used_at === null) return next;
  const later = await laterTokens(tx, row);
  const usedAt = ({ secret }: { secret: string }) => later.get(hashSecret(secret).toString('hex')) ?? null;
  // The store keeps microseconds, the clock may count finer: without a grace nothing is compared.
  const graceIsOver = graceMinutes === 0 || isPast(row.used_at.add({ minutes: graceMinutes }), now);
  if (graceIsOver && usedAt(next) !== null) return null;
  while (usedAt(next) !== null) {
    next = { secret: successorOf(row.chain_key, next.secret), generation: next.generation + 1 };
  }
  return next;
};

/**
 * Uses a refresh token: a new access token and the next refresh token of the chain. Access tokens given before stay good for their hour.
 * Reuse after the grace ends the connection, tells its owner, and answers `invalid_grant`.
 * @see RFC 6749 section 6, RFC 9700 section 4.14.2
 */
export const refresh = async (
  house: { readonly database: Database; readonly publicUrl: string },
  request: RefreshRequest,
  graceMinutes: number,
  now: Temporal.Instant,
): Promise<TokenAnswer> => {
  const { refreshToken } = request;
  if (!looksLike(secretPrefixes.refresh, refreshToken)) throw invalidGrant('the refresh token is unknown');
  const hash = hashSecret(refreshToken);
  const outcome = await house.database.aboveWorkspaces(now, async (tx) => {
    const { rows } = await sql<RefreshRow>`
      select r.grant_id, g.client_id, r.gen, r.scopes as told, r.expires_at as refresh_expires_at, r.used_at, g.resource, g.requested,
        g.scopes, g.coarse, g.chain_key, g.expires_at, g.revoked_at,
        exists (select from memberships m where m.user_id = g.user_id and m.workspace_id = g.workspace_id) as member
      from oauth_refresh_tokens r join oauth_grants g on g.id = r.grant_id where r.hash = ${hash}`.execute(
      tx,
    );
    const [row] = rows;
    if (row === undefined) return invalidGrant('the refresh token is unknown');
    const problem = objection(row, request, now);
    if (problem !== null) return problem;
    const narrowed = narrowedBy(request.scope, { ...row, granted: row.scopes });
    if (narrowed === undefined) {
      return oauthError('invalid_scope', 'none of these scopes, or more than these, were granted');
    }
    const next = await nextInChain(tx, row, refreshToken, graceMinutes, now);
    if (next === null) {
      await endGrant(tx, row.grant_id, 'refresh_reuse', now, house.publicUrl);
      return invalidGrant(
        'a replaced refresh token was used again, so the connection was ended; connect again',
      );
    }
    await tx
      .updateTable('oauth_refresh_tokens')
      .set({ used_at: now })
      .where('hash', '=', hash)
      .where('used_at', 'is', null)
      .execute();
    await tx
      .updateTable('oauth_grants')
      .set({ last_used_at: now })
      .where('id', '=', row.grant_id)
      .where((where) =>
        where.or([
          where('last_used_at', 'is', null),
          where('last_used_at', '<', now.subtract({ minutes: 1 })),
        ]),
      )
      .execute();
    return await issueTokens(tx, { ...row, id: row.grant_id }, next, narrowed, now);
  });
  if (outcome instanceof Error) throw outcome;
  return outcome;
};
