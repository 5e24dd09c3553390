import { sql } from 'kysely';
import type { Database } from '#database/database.ts';
import type { CoarseScope } from '#operation/scopes.ts';
import type { Id } from '#values/id.ts';
import { endGrant } from './oauth-grants.ts';
import { type Resource, resourceUrl } from './oauth-resource.ts';
import { scopeText } from './oauth-scopes.ts';
import { hashSecret, looksLike, secretPrefixes } from './secrets.ts';

/**
 * Ends what a client gives back: with a refresh token its whole connection, with an access token that one alone. A token that is
 * unknown, or another client's, is left as it is, and nobody is told.
 * @see RFC 7009 section 2.1
 */
export const revokeToken = (
  house: { readonly database: Database; readonly publicUrl: string },
  token: string,
  clientId: string,
  now: Temporal.Instant,
): Promise<void> =>
  house.database.aboveWorkspaces(now, async (tx) => {
    const hash = hashSecret(token);
    if (looksLike(secretPrefixes.access, token)) {
      await sql`delete from oauth_access_tokens a using oauth_grants g
        where a.hash = ${hash} and g.id = a.grant_id and g.client_id = ${clientId}`.execute(tx);
    }
    if (looksLike(secretPrefixes.refresh, token)) {
      const { rows } = await sql<{ id: Id<'con'> }>`
        select g.id from oauth_refresh_tokens r join oauth_grants g on g.id = r.grant_id
        where r.hash = ${hash} and g.client_id = ${clientId}`.execute(tx);
      const [grant] = rows;
      if (grant !== undefined) await endGrant(tx, grant.id, 'revoked_by_app', now, house.publicUrl);
    }
  });

/** What introspection says. @see RFC 7662 section 2.2 */
export type Introspection =
  | { readonly active: false }
  | {
      readonly active: true;
      readonly client_id: string;
      readonly scope: string;
      readonly sub: Id<'usr'>;
      readonly aud: string;
      readonly iss: string;
      readonly exp: number;
      readonly token_type: 'Bearer' | 'refresh_token';
    };

interface Row {
  user_id: Id<'usr'>;
  resource: Resource;
  scopes: string[];
  coarse: CoarseScope | null;
  narrowed: string[] | null;
  expires_at: Temporal.Instant;
}

/**
 * Says what a token of this client is worth now; about every other one that it is not active. A token of somebody who is stopped for now is
 * active: it is neither ended nor expired, and an app that were told so would throw it away (docs/decisions/0004).
 */
export const introspect = async (
  house: { readonly database: Database; readonly publicUrl: string },
  token: string,
  clientId: string,
  now: Temporal.Instant,
): Promise<Introspection> => {
  const isAccess = looksLike(secretPrefixes.access, token);
  if (!isAccess && !looksLike(secretPrefixes.refresh, token)) return { active: false };
  const table = isAccess ? sql`oauth_access_tokens` : sql`oauth_refresh_tokens`;
  const narrowed = isAccess ? sql`t.scopes` : sql`null::text[]`;
  const unused = isAccess ? sql`` : sql`and t.used_at is null`;
  const { rows } = await sql<Row>`
    select g.user_id, g.resource, g.scopes, g.coarse, ${narrowed} as narrowed, t.expires_at
    from ${table} t join oauth_grants g on g.id = t.grant_id
      join memberships m on m.user_id = g.user_id and m.workspace_id = g.workspace_id
    where t.hash = ${hashSecret(token)} and g.client_id = ${clientId} and t.expires_at > ${now} and g.expires_at > ${now}
      and g.revoked_at is null ${unused}`.execute(house.database.identity);
  const [row] = rows;
  if (row === undefined) return { active: false };
  return {
    active: true,
    client_id: clientId,
    scope: row.narrowed === null ? scopeText(row) : row.narrowed.join(' '),
    sub: row.user_id,
    aud: resourceUrl(house.publicUrl, row.resource),
    iss: house.publicUrl,
    exp: Math.floor(row.expires_at.epochMilliseconds / 1000),
    token_type: isAccess ? 'Bearer' : 'refresh_token',
  };
};
