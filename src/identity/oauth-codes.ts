import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Database } from '#database/database.ts';
import type { CoarseScope } from '#operation/scopes.ts';
import type { Id } from '#values/id.ts';
import type { OauthClient } from './oauth-clients.ts';
import { oauthError } from './oauth-error.ts';
import { endGrant } from './oauth-grants.ts';
import type { Resource } from './oauth-resource.ts';
import { grantHours, issueTokens, successorOf, type TokenAnswer } from './oauth-tokens.ts';
import { hashSecret, looksLike, secretPrefixes } from './secrets.ts';

export interface CodeRequest {
  readonly code: string;
  readonly client: OauthClient;
  readonly redirectUri: string | undefined;
  readonly verifier: string | undefined;
  /** Null where the client named none. */
  readonly resource: Resource | null;
}

interface CodeRow {
  grant_id: Id<'con'>;
  client_id: string;
  redirect_uri: string;
  redirect_uri_given: boolean;
  challenge: string;
  code_expires_at: Temporal.Instant;
  used_at: Temporal.Instant | null;
  resource: Resource;
  scopes: string[];
  coarse: CoarseScope | null;
  chain_key: Buffer;
  revoked_at: Temporal.Instant | null;
}

const invalidGrant = (description: string) => oauthError('invalid_grant', description);
const verifierForm = /^[A-Za-z0-9._~-]{43,128}$/;

/** What stands against redeeming a code that was not used yet. */
const objection = (row: CodeRow, request: CodeRequest, now: Temporal.Instant) => {
  if (Temporal.Instant.compare(row.code_expires_at, now) <= 0) return invalidGrant('the code has expired');
  if (row.revoked_at !== null) return invalidGrant('the connection was ended');
  if (request.resource !== null && request.resource !== row.resource) {
    return oauthError('invalid_target', `the code is for the ${row.resource} resource`);
  }
  if (request.redirectUri === undefined ? row.redirect_uri_given : request.redirectUri !== row.redirect_uri) {
    return invalidGrant('redirect_uri is not the one of the authorization request');
  }
  const { verifier } = request;
  if (verifier === undefined || !verifierForm.test(verifier)) {
    return invalidGrant('code_verifier is required: 43 to 128 characters');
  }
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  return challenge === row.challenge ? null : invalidGrant('code_verifier does not fit the code_challenge');
};

/**
 * Redeems a code, once, for the tokens of its connection. A second use ends the connection: one of the two is not the client.
 * What is wrong with a request otherwise leaves the code as it was.
 * @see RFC 6749 section 4.1.3, RFC 7636 section 4.6
 */
export const redeemCode = async (
  house: { readonly database: Database; readonly publicUrl: string },
  request: CodeRequest,
  now: Temporal.Instant,
): Promise<TokenAnswer> => {
  const { code, client } = request;
  if (!looksLike(secretPrefixes.code, code)) throw invalidGrant('the code is unknown');
  const hash = hashSecret(code);
  const outcome = await house.database.aboveWorkspaces(now, async (tx) => {
    const { rows } = await sql<CodeRow>`
      select c.grant_id, c.client_id, c.redirect_uri, c.redirect_uri_given, c.challenge, c.expires_at as code_expires_at, c.used_at,
        g.resource, g.scopes, g.coarse, g.chain_key, g.revoked_at
      from oauth_codes c join oauth_grants g on g.id = c.grant_id where c.hash = ${hash} for update of c`.execute(
      tx,
    );
    const [row] = rows;
    if (row === undefined || row.client_id !== client.id) return invalidGrant('the code is unknown');
    if (row.used_at !== null) {
      await endGrant(tx, row.grant_id, 'code_reuse', now, house.publicUrl);
      return invalidGrant('the code was used before, so the connection was ended');
    }
    const problem = objection(row, request, now);
    if (problem !== null) return problem;
    const expiresAt = now.add({ hours: grantHours });
    await tx.updateTable('oauth_codes').set({ used_at: now }).where('hash', '=', hash).execute();
    await tx
      .updateTable('oauth_grants')
      .set({ expires_at: expiresAt })
      .where('id', '=', row.grant_id)
      .execute();
    const grant = { ...row, id: row.grant_id, expires_at: expiresAt };
    const first = { secret: successorOf(row.chain_key, code), generation: 0 };
    return await issueTokens(tx, grant, first, null, now);
  });
  if (outcome instanceof Error) throw outcome;
  return outcome;
};

/** Whether a code can still be redeemed. */
export const codeIsOpen = async (database: Database, code: string, now: Temporal.Instant): Promise<boolean> =>
  (await database.identity
    .selectFrom('oauth_codes')
    .select('hash')
    .where('hash', '=', hashSecret(code))
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()) !== undefined;
