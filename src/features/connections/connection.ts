import { sql } from 'kysely';
import { z } from 'zod';
import type { Transaction } from '#database/database.ts';
import { refreshIdleHours } from '#identity/oauth-tokens.ts';
import type { Actor } from '#operation/actor.ts';
import { coarseScopes, type CoarseScope, type Scope, scopeNames } from '#operation/scopes.ts';
import { type Id, idSchema } from '#values/id.ts';
import { notFound, refusal } from '#values/refusal.ts';

export const connectionId = idSchema('con');
const instant = z.iso.datetime();

const action = z.object({
  at: instant.describe('When.'),
  action: z.string().describe('The operation, such as time_entries.create.'),
  entity_type: z.string().nullable().describe('What kind of record it changed.'),
  entity_id: z.string().nullable().describe('Which record.'),
});

const fields = {
  id: connectionId,
  client_id: z.string().describe('The app’s OAuth client id; a web address where the app published one.'),
  client_name: z.string().describe('What the app calls itself.'),
  registration: z
    .enum(['verified', 'self_registered', 'preregistered'])
    .describe(
      'verified: the app’s publisher vouches for it on its own domain; self_registered: nobody checked the name; preregistered: the operator set it up.',
    ),
  publisher: z.string().nullable().describe('The domain that vouches for the app, where verified.'),
  redirect_host: z.string().describe('Where the browser was sent back to when it was approved.'),
  resource: z.enum(['mcp', 'api']).describe('mcp: it speaks MCP; api: it calls the REST API.'),
  scopes: z.array(z.string()).describe('What it may do.'),
  coarse: z
    .enum(Object.keys(coarseScopes) as [CoarseScope])
    .nullable()
    .describe('The umbrella it was given, if any.'),
  status: z.enum(['active', 'expired', 'revoked']).describe('Whether it can be used.'),
  created_at: instant.describe('When it was approved.'),
  expires_at: instant.describe(
    'When it ends if it is not used before; a year after its approval at the latest.',
  ),
  last_used_at: instant.nullable().describe('Its last request.'),
  last_ip_prefix: z.string().nullable().describe('The network of its last request.'),
  last_user_agent: z.string().nullable().describe('What its last request called itself.'),
  revoked_at: instant.nullable().describe('When it was ended.'),
  revoked_reason: z
    .string()
    .nullable()
    .describe(
      'Why it was ended: revoked_by_person, revoked_by_admin, revoked_by_app, signed_out_everywhere, refresh_reuse, code_reuse.',
    ),
  version: z.number().int().describe('Counts its changes; give it as expected_version.'),
};

/** A connected app as every door shows it. */
export const connectionView = z.object(fields);
/** … with the last five things it did. */
export const connectionWithActions = connectionView.extend({
  recent_actions: z.array(action).describe('The last five changes it made, newest first.'),
});
/** … and whose it is. */
export const memberConnectionView = connectionWithActions.extend({
  member: z
    .object({
      user_id: idSchema('usr'),
      name: z.string().describe('Their name.'),
      email: z.string().describe('Their e-mail address.'),
    })
    .describe('Who connected it.'),
});

export const connectionScopes = z
  .array(z.enum(scopeNames as [Scope, ...Scope[]]))
  .describe(
    'The whole new list of permissions. Permissions to write, send or approve bring the one to read along.',
  );

export const connectionEnded = refusal<{ status: string }>(
  'connection_ended',
  'conflict',
  'The connection was revoked or has expired; only a new approval brings the app back.',
  ({ status }) => `This connection is ${status}. Connect the app again to give it permissions.`,
  { fixTool: 'connections.list' },
);

/** Connections of this workspace with their client; never a secret. */
export const connections = (tx: Transaction) =>
  tx
    .selectFrom('oauth_grants as g')
    .innerJoin('oauth_clients as c', 'c.id', 'g.client_id')
    .select([
      'g.id',
      'g.user_id',
      'g.client_id',
      'g.client_name',
      'c.kind',
      'g.redirect_host',
      'g.resource',
      'g.scopes',
      'g.coarse',
      'g.created_at',
      'g.expires_at',
      'g.last_used_at',
      'g.last_ip_prefix',
      'g.last_user_agent',
      'g.revoked_at',
      'g.revoked_reason',
      'g.version',
    ]);
export type ConnectionRow = Awaited<ReturnType<ReturnType<typeof connections>['executeTakeFirstOrThrow']>>;

const registrations = { cimd: 'verified', dcr: 'self_registered', static: 'preregistered' } as const;

/** When a connection ends unless it is used before: 60 days after its last use, a year after its approval at the latest. */
const endOf = (row: ConnectionRow): Temporal.Instant => {
  const idle = (row.last_used_at ?? row.created_at).add({ hours: refreshIdleHours });
  return Temporal.Instant.compare(idle, row.expires_at) < 0 ? idle : row.expires_at;
};

/** A row of `connections` as a `connectionView`. */
export const viewConnection = (
  row: ConnectionRow,
  now: Temporal.Instant,
): z.output<typeof connectionView> => ({
  id: row.id,
  client_id: row.client_id,
  client_name: row.client_name,
  registration: registrations[row.kind],
  publisher: row.kind === 'cimd' && URL.canParse(row.client_id) ? new URL(row.client_id).hostname : null,
  redirect_host: row.redirect_host,
  resource: row.resource,
  scopes: row.scopes,
  coarse: row.coarse,
  status:
    row.revoked_at !== null
      ? 'revoked'
      : Temporal.Instant.compare(endOf(row), now) <= 0
        ? 'expired'
        : 'active',
  created_at: row.created_at.toString(),
  expires_at: endOf(row).toString(),
  last_used_at: row.last_used_at?.toString() ?? null,
  last_ip_prefix: row.last_ip_prefix,
  last_user_agent: row.last_user_agent,
  revoked_at: row.revoked_at?.toString() ?? null,
  revoked_reason: row.revoked_reason,
  version: row.version,
});

/** The last five audit entries of each connection, newest first. */
export const recentActions = async (
  tx: Transaction,
  ids: readonly Id<'con'>[],
): Promise<(id: Id<'con'>) => z.output<typeof action>[]> => {
  const { rows } = await sql<{
    via_id: string;
    at: Temporal.Instant;
    action: string;
    entity_type: string | null;
    entity_id: string | null;
  }>`
    select g.id as via_id, a.at, a.action, a.entity_type, a.entity_id from unnest(${ids}::text[]) g(id)
    cross join lateral (
      select at, seq, action, entity_type, entity_id from audit_logs where via_id = g.id order by seq desc limit 5
    ) a order by a.seq desc`.execute(tx);
  const byConnection = Map.groupBy(rows, (row) => row.via_id);
  return (id) =>
    (byConnection.get(id) ?? []).map(({ at, action, entity_type, entity_id }) => ({
      at: at.toString(),
      action,
      entity_type,
      entity_id,
    }));
};

/** Narrows a query of `connections` to those that can still be used. */
export const stillActive = (now: Temporal.Instant) =>
  sql<boolean>`(g.revoked_at is null and g.expires_at > ${now}
    and coalesce(g.last_used_at, g.created_at) > ${now.subtract({ hours: refreshIdleHours })})`;

/** The connection of that id, if it is the actor's own, or anybody's when `others` is allowed; else `not_found`. */
export const findConnection = async (
  tx: Transaction,
  id: Id<'con'>,
  actor: Actor,
  others: boolean,
): Promise<ConnectionRow> => {
  const row = await connections(tx).where('g.id', '=', id).executeTakeFirst();
  if (row === undefined || (row.user_id !== actor.user.id && !others)) throw notFound({});
  return row;
};
