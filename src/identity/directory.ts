import { sql } from 'kysely';
import type { Id } from '#values/id.ts';
import type { IdentityHouse } from './author.ts';
import { findUser } from './members.ts';
import { findWorkspace } from './workspaces.ts';

/** Every account, oldest first, with the workspaces it belongs to. */
export const listUsers = async ({ database }: IdentityHouse) => {
  const { rows } = await sql<{
    id: Id<'usr'>;
    email: string;
    name: string;
    disabled: boolean;
    workspaces: string[];
  }>`
    select u.id, u.email, u.name, u.disabled_at is not null as disabled,
      coalesce((select array_agg(w.slug order by w.slug) from memberships m join workspaces w on w.id = m.workspace_id
        where m.user_id = u.id), '{}') as workspaces
    from users u order by u.id`.execute(database.identity);
  return rows;
};

/** Every workspace, oldest first, with everything that opens or closes access to it. */
export const listWorkspaces = async ({ database }: IdentityHouse) => {
  const { rows } = await sql<{
    id: Id<'wsp'>;
    slug: string;
    name: string;
    owner: string | null;
    members: number;
    plan: string;
    billing_state: string;
    status: string;
    mcp: boolean;
    entitlements: Record<string, unknown>;
  }>`
    select w.id, w.slug, w.name, w.plan, w.billing_state, w.status, w.mcp_enabled as mcp,
      (select u.email from memberships m join users u on u.id = m.user_id where m.workspace_id = w.id and m.role = 'owner') as owner,
      (select count(*)::int from memberships m where m.workspace_id = w.id and m.status = 'active') as members,
      coalesce((select jsonb_object_agg(o.key, o.value) from workspace_entitlement_overrides o where o.workspace_id = w.id), '{}')
        as entitlements
    from workspaces w order by w.id`.execute(database.identity);
  return rows;
};

/** The people of a workspace, the most powerful first; placeholders have no address. */
export const listMembers = ({ database, clock }: IdentityHouse, slugOrId: string) =>
  database.aboveWorkspaces(clock(), async (tx) => {
    const { id } = await findWorkspace(tx, slugOrId);
    const { rows } = await sql<{
      id: Id<'mem'>;
      email: string | null;
      name: string | null;
      role: string;
      status: string;
    }>`
      select m.id, u.email, coalesce(u.name, m.display_name) as name, m.role, m.status
      from memberships m left join users u on u.id = m.user_id where m.workspace_id = ${id}
      order by array_position(array['owner', 'admin', 'manager', 'member', 'viewer'], m.role), m.id`.execute(
      tx,
    );
    return rows;
  });

/** API tokens, newest first: of a workspace, of a person, or all. Never a secret. */
export const listApiTokens = (
  { database, clock }: IdentityHouse,
  of: { workspace?: string | undefined; email?: string | undefined },
) =>
  database.aboveWorkspaces(clock(), async (tx) => {
    const workspaceId = of.workspace === undefined ? null : (await findWorkspace(tx, of.workspace)).id;
    const userId = of.email === undefined ? null : (await findUser(tx, of.email)).id;
    const { rows } = await sql<{
      id: Id<'tok'>;
      name: string;
      last4: string;
      email: string;
      workspace: string;
      resource: string;
      scopes: string[];
      created_at: Temporal.Instant;
      expires_at: Temporal.Instant | null;
      last_used_at: Temporal.Instant | null;
      revoked_at: Temporal.Instant | null;
    }>`
      select t.id, t.name, t.last4, u.email, w.slug as workspace, t.resource, t.scopes, t.created_at, t.expires_at,
        t.last_used_at, t.revoked_at
      from api_tokens t join users u on u.id = t.user_id join workspaces w on w.id = t.workspace_id
      where (${workspaceId}::text is null or t.workspace_id = ${workspaceId}) and (${userId}::text is null or t.user_id = ${userId})
      order by t.id desc`.execute(tx);
    return rows;
  });

/** Recomputes the chain of a workspace's audit log: how many entries it has, and the first that does not fit, if any. */
export const verifyAuditLog = ({ database, clock }: IdentityHouse, slugOrId: string) =>
  database.aboveWorkspaces(clock(), async (tx) => {
    const { id, slug } = await findWorkspace(tx, slugOrId);
    const { rows } = await sql<{ entries: number; missing: boolean; first_broken: bigint | null }>`
      select count(*)::int as entries, first_broken_audit(${id}) as first_broken,
        coalesce(max(seq), 0) <> coalesce((select seq from audit_heads where workspace_id = ${id}), 0)
          or coalesce((select hash from audit_logs where workspace_id = ${id} order by seq desc limit 1), '\\x')
            <> coalesce((select hash from audit_heads where workspace_id = ${id}), '\\x') as missing
      from audit_logs where workspace_id = ${id}`.execute(tx);
    const { entries = 0, missing = false, first_broken: broken = null } = rows[0] ?? {};
    const firstBroken = broken === null ? (missing ? entries + 1 : null) : Number(broken);
    return { workspace: slug, entries, intact: firstBroken === null, first_broken: firstBroken };
  });
