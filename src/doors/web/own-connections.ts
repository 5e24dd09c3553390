import type { Context } from 'hono';
import type { DoorHouse } from '#doors/common/house.ts';
import type { Membership } from '#identity/memberships.ts';
import type { Session } from '#identity/sessions.ts';
import type { CoarseScope } from '#operation/scopes.ts';
import { everyRow } from './signed-in.ts';

/** A connection as `connections.list` gives it. */
export interface Connection {
  id: string;
  client_name: string;
  registration: 'verified' | 'self_registered' | 'preregistered';
  publisher: string | null;
  redirect_host: string;
  resource: 'mcp' | 'api';
  scopes: string[];
  coarse: CoarseScope | null;
  status: 'active' | 'expired' | 'revoked';
  created_at: string;
  expires_at: string;
  last_used_at: string | null;
  last_ip_prefix: string | null;
  last_user_agent: string | null;
  revoked_at: string | null;
  revoked_reason: string | null;
  version: number;
  recent_actions: { at: string; action: string; entity_type: string | null; entity_id: string | null }[];
  member?: { user_id: string; name: string; email: string };
}

/** One workspace's connections of a person. */
export interface WorkspaceConnections {
  readonly membership: Membership;
  readonly active: readonly Connection[];
  readonly ended: readonly Connection[];
}

/** The person's own connections, by workspace; those where they cannot act for now too, for there they can still end them. */
export const ownConnections = async (
  house: DoorHouse,
  c: Context,
  session: Session,
  memberships: readonly Membership[],
): Promise<WorkspaceConnections[]> => {
  const all: WorkspaceConnections[] = [];
  for (const membership of memberships) {
    const rows = await everyRow<Connection>(house, c, session, membership.workspaceId, 'connections.list', {
      ended: true,
    });
    all.push({
      membership,
      active: rows.filter(({ status }) => status === 'active'),
      ended: rows.filter(({ status }) => status !== 'active'),
    });
  }
  return all;
};
