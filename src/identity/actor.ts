import { type RawBuilder, sql } from 'kysely';
import type { Database, Transaction } from '#database/database.ts';
import { type Actor, type Role, type Via, workspaceSettings } from '#operation/actor.ts';
import { type BillingState, type Entitlements, type Plan, plans } from '#operation/plans.ts';
import { scopeNames } from '#operation/scopes.ts';
import type { Id } from '#values/id.ts';
import { notFound, type Refusal } from '#values/refusal.ts';
import {
  accountDisabled,
  mcpDisabled,
  membershipInactive,
  publicApiAccessRequired,
  workspaceInactive,
} from './stops.ts';

/** What the columns of `actorColumns` give: a person in a workspace, whether or not they may act. */
export interface ActorRow {
  user_id: Id<'usr'>;
  user_name: string;
  email: string;
  user_timezone: string;
  user_locale: string;
  user_week_start: 0 | 1 | 6 | null;
  duration_format: 'h:mm' | 'decimal' | 'text';
  disabled_at: Temporal.Instant | null;
  workspace_id: Id<'wsp'>;
  slug: string;
  workspace_name: string;
  currency: string;
  workspace_timezone: string;
  workspace_week_start: 0 | 1 | 6;
  workspace_locale: string;
  workspace_status: 'active' | 'suspended' | 'closed';
  plan: Plan;
  billing_state: BillingState;
  past_due_since: Temporal.Instant | null;
  mcp_enabled: boolean;
  settings: unknown;
  lock_date: Temporal.PlainDate | null;
  overrides: Partial<Entitlements>;
  membership_id: Id<'mem'> | null;
  role: Role | null;
  membership_status: 'active' | 'inactive' | 'placeholder' | null;
}

/** The select list of an `ActorRow`, over `u` (users), `w` (workspaces) and a left-joined `m` (memberships). */
export const actorColumns: RawBuilder<unknown> = sql`
  u.id as user_id, u.name as user_name, u.email, u.timezone as user_timezone, u.locale as user_locale,
  u.week_start as user_week_start, u.duration_format, u.disabled_at,
  w.id as workspace_id, w.slug, w.name as workspace_name, w.currency, w.timezone as workspace_timezone,
  w.week_start as workspace_week_start, w.locale as workspace_locale, w.status as workspace_status, w.plan,
  w.billing_state, w.past_due_since, w.mcp_enabled, w.settings - 'invoice' - 'reminders' as settings, w.lock_date,
  coalesce((select jsonb_object_agg(o.key, o.value) from workspace_entitlement_overrides o
    where o.workspace_id = w.id), '{}') as overrides,
  m.id as membership_id, m.role, m.status as membership_status`;

/** The row as an actor; call `stopOf` first. */
export const actorOf = (row: ActorRow & { membership_id: Id<'mem'>; role: Role }, via: Via): Actor => ({
  user: {
    id: row.user_id,
    name: row.user_name,
    email: row.email,
    timezone: row.user_timezone,
    locale: row.user_locale,
    week_start: row.user_week_start ?? row.workspace_week_start,
    duration_format: row.duration_format,
  },
  workspace: {
    id: row.workspace_id,
    slug: row.slug,
    name: row.workspace_name,
    currency: row.currency,
    timezone: row.workspace_timezone,
    week_start: row.workspace_week_start,
    locale: row.workspace_locale,
    plan: row.plan,
    billing_state: row.billing_state,
    past_due_since: row.past_due_since,
    mcp_enabled: row.mcp_enabled,
    lock_date: row.lock_date,
    settings: workspaceSettings(row.settings),
    entitlements: { ...plans[row.plan], ...row.overrides },
  },
  membership: { id: row.membership_id, role: row.role },
  via,
});

/** Whether the person still belongs to the workspace, active or not. */
export const isMember = (row: ActorRow): row is ActorRow & { membership_id: Id<'mem'>; role: Role } =>
  row.membership_id !== null && row.role !== null;

/**
 * What stops a person in a workspace at this moment, or null: one of the seven ways that access stops but revocation, each with its own
 * reason. Each is undone by undoing its cause. `resource` `app` is the house's own pages, which plan and MCP switch do not close.
 */
export const stopOf = (row: ActorRow, resource: Via['resource']): Refusal | null => {
  if (row.disabled_at !== null) return accountDisabled({});
  if (row.membership_status !== 'active') return membershipInactive({ workspace: row.workspace_name });
  if (row.workspace_status !== 'active') {
    return workspaceInactive({ workspace: row.workspace_name, status: row.workspace_status });
  }
  if (resource === 'app') return null;
  const entitled = { ...plans[row.plan], ...row.overrides }.public_api_access;
  if (!entitled) {
    const because = row.overrides.public_api_access === false ? 'taken_away' : 'plan';
    return publicApiAccessRequired({ workspace: row.workspace_name, plan: row.plan, because });
  }
  if (resource === 'mcp' && !row.mcp_enabled) return mcpDisabled({ workspace: row.workspace_name });
  return null;
};

const allScopes = new Set(scopeNames);
/** A credential of the house itself: everything that the role allows. */
export const houseVia = (kind: 'session' | 'operator' | 'job', name: string | null = null): Via => ({
  kind,
  id: null,
  name,
  resource: 'app',
  scopes: allScopes,
  coarse: 'stint:admin',
});

/**
 * The actor for a person in a workspace, for sessions, operators and jobs. Throws `not_found` for somebody who is no member, else the
 * refusal that `stopOf` gives; `evenStopped` lets somebody in whom only their membership or the workspace stops, as a viewer, for what
 * needs no more. `on` may be a transaction above the workspaces.
 */
export const loadActor = async (
  on: Database | Transaction,
  {
    userId,
    workspaceId,
    via,
    evenStopped = false,
  }: { userId: Id<'usr'>; workspaceId: Id<'wsp'>; via: Via; evenStopped?: boolean },
): Promise<Actor> => {
  const { rows } = await sql<ActorRow>`
    select ${actorColumns} from users u join memberships m on m.user_id = u.id join workspaces w on w.id = m.workspace_id
    where u.id = ${userId} and w.id = ${workspaceId}`.execute('identity' in on ? on.identity : on);
  const row = rows[0];
  if (row === undefined || !isMember(row)) throw notFound({});
  const stop = stopOf(row, via.resource);
  if (stop === null) return actorOf(row, via);
  if (!evenStopped || row.disabled_at !== null) throw stop;
  return actorOf({ ...row, role: 'viewer' }, via);
};
