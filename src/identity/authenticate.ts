import { type RawBuilder, sql } from 'kysely';
import type { Database } from '#database/database.ts';
import type { Actor, Via } from '#operation/actor.ts';
import { coarseCovers, type CoarseScope, isCoarseScope, isScope, type Scope } from '#operation/scopes.ts';
import type { Id } from '#values/id.ts';
import type { Refusal } from '#values/refusal.ts';
import { actorColumns, actorOf, type ActorRow, isMember, stopOf } from './actor.ts';
import { credentialCache } from './credential-cache.ts';
import { widestOf } from './oauth-scopes.ts';
import { hashSecret, looksLike, secretPrefixes } from './secrets.ts';

/**
 * What a bearer is worth. `actor`: somebody acts. `invalid`: the credential is none, or no more (401; the description says which).
 * `stopped`: it is good, but access stops for now (403 with the refusal) and goes on when that is undone.
 */
export type Authentication =
  | { readonly kind: 'actor'; readonly actor: Actor; readonly expiresAt: Temporal.Instant | null }
  | { readonly kind: 'invalid'; readonly description: string }
  | { readonly kind: 'stopped'; readonly refusal: Refusal };

/** What a request says about itself, kept as the connection's last use. */
export interface LastUse {
  readonly ipPrefix: string | null;
  readonly userAgent: string | null;
}

interface CredentialRow extends ActorRow {
  credential_id: Id<'con'> | Id<'tok'>;
  credential_name: string;
  credential_resource: 'mcp' | 'api';
  granted: string[];
  narrowed: string[] | null;
  credential_coarse: CoarseScope | null;
  expires_at: Temporal.Instant | null;
  revoked_at: Temporal.Instant | null;
  last_used_at: Temporal.Instant | null;
  /** Made from the rest when first asked for, and kept as long. */
  actor?: Actor;
}

const kinds = {
  grant: {
    noun: 'access token',
    ended: 'this connection was disconnected; connect again',
    table: sql`oauth_grants`,
    credential: (hash: Buffer): RawBuilder<unknown> => sql`
      select g.id as credential_id, g.client_name as credential_name, g.resource as credential_resource, g.scopes as granted,
        a.scopes as narrowed, g.coarse as credential_coarse, a.expires_at, g.revoked_at, g.last_used_at, g.user_id, g.workspace_id
      from oauth_access_tokens a join oauth_grants g on g.id = a.grant_id where a.hash = ${hash}`,
  },
  token: {
    noun: 'API token',
    ended: 'this API token was revoked; make another one',
    table: sql`api_tokens`,
    credential: (hash: Buffer): RawBuilder<unknown> => sql`
      select t.id as credential_id, t.name as credential_name, t.resource as credential_resource, t.scopes as granted,
        null::text[] as narrowed, null as credential_coarse, t.expires_at, t.revoked_at, t.last_used_at, t.user_id, t.workspace_id
      from api_tokens t where t.hash = ${hash}`,
  },
} as const;

const kindOf = (bearer: string): 'grant' | 'token' | null =>
  looksLike(secretPrefixes.access, bearer)
    ? 'grant'
    : looksLike(secretPrefixes.apiToken, bearer)
      ? 'token'
      : null;

/** The rights of a credential: those of the grant, narrowed where the access token was asked for with less. */
const viaOf = (kind: 'grant' | 'token', row: CredentialRow): Via => {
  const { granted, narrowed, credential_coarse: coarse } = row;
  const scopes = new Set<Scope>(granted.filter(isScope).filter((scope) => narrowed?.includes(scope) ?? true));
  return {
    kind,
    id: row.credential_id,
    name: row.credential_name,
    resource: row.credential_resource,
    scopes,
    coarse:
      narrowed === null
        ? coarse
        : widestOf(narrowed.filter((name) => isCoarseScope(name) && coarseCovers(coarse, name))),
  };
};

/** Notes the use, at most once a minute and beside the answer, not before it; a failure to note never fails the call. */
const noteUse = (
  database: Database,
  kind: 'grant' | 'token',
  row: CredentialRow,
  now: Temporal.Instant,
  use?: LastUse,
) => {
  const last = row.last_used_at?.epochMilliseconds;
  if (last !== undefined && now.epochMilliseconds < last + 60_000) return;
  // The row may be kept for a moment: the next call need not note it again.
  row.last_used_at = now;
  const details =
    kind === 'grant'
      ? sql`, last_ip_prefix = coalesce(${use?.ipPrefix ?? null}, last_ip_prefix),
          last_user_agent = coalesce(${use?.userAgent?.slice(0, 200) ?? null}, last_user_agent)`
      : sql``;
  const before = now.subtract({ minutes: 1 });
  sql`update ${kinds[kind].table} set last_used_at = ${now} ${details}
    where id = ${row.credential_id} and (last_used_at is null or last_used_at <= ${before})`
    .execute(database.identity)
    .catch(() => undefined);
};

const known = credentialCache<CredentialRow>();

/**
 * Who acts with this bearer on this resource. One statement: credential, grant, person, membership, workspace and overrides, so that
 * every way in which access stops counts on the next request; what it gives is kept until one of them changes, for a second at most.
 * Refresh tokens, codes and sessions are no bearers.
 * @see RFC 6750 section 3.1 for what `invalid` becomes.
 */
export const authenticate = async (
  house: { readonly database: Database; readonly clock: () => Temporal.Instant },
  bearer: string,
  resource: 'mcp' | 'api',
  use?: LastUse,
): Promise<Authentication> => {
  const invalid = (description: string): Authentication => ({ kind: 'invalid', description });
  const kind = kindOf(bearer);
  if (kind === null) return invalid('this is neither an access token nor an API token of this server');
  const { noun, ended, credential } = kinds[kind];
  const hash = hashSecret(bearer);
  const row = await known(house.database, hash, async () => {
    const { rows } = await sql<CredentialRow>`
      with c as (${credential(hash)})
      select c.*, ${actorColumns} from c join users u on u.id = c.user_id join workspaces w on w.id = c.workspace_id
      left join memberships m on m.user_id = u.id and m.workspace_id = w.id`.execute(house.database.identity);
    return rows[0];
  });
  if (row === undefined) return invalid(`this ${noun} is unknown`);
  const now = house.clock();
  if (!isMember(row)) return invalid('the person is no longer a member of the workspace');
  if (row.revoked_at !== null) return invalid(ended);
  if (row.expires_at !== null && Temporal.Instant.compare(row.expires_at, now) <= 0) {
    return invalid(`this ${noun} has expired`);
  }
  if (row.credential_resource !== resource) {
    return invalid(`this ${noun} is for the ${row.credential_resource} resource, not for ${resource}`);
  }
  const stop = stopOf(row, resource);
  if (stop !== null) return { kind: 'stopped', refusal: stop };
  noteUse(house.database, kind, row, now, use);
  row.actor ??= actorOf(row, viaOf(kind, row));
  return { kind: 'actor', actor: row.actor, expiresAt: row.expires_at };
};
