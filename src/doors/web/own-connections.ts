import type { Context } from 'hono';
import type { DoorHouse } from '#doors/common/house.ts';
import type { Membership } from '#identity/memberships.ts';
import type { Session } from '#identity/sessions.ts';
import type { CoarseScope } from '#operation/scopes.ts';
import { operate } from './signed-in.ts';

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

interface Page<Row> {
  data: Row[];
  meta: { next_cursor: string | null };
}

/** Every row of a list operation, page by page; at most a thousand. */
export const everyRow = async <Row>(
  house: DoorHouse,
  c: Context,
  session: Session,
  workspaceId: string,
  name: string,
  input: object = {},
): Promise<Row[]> => {
  const rows: Row[] = [];
  let cursor: string | null = null;
  do {
    const asked: object = { ...input, limit: 100, ...(cursor === null ? {} : { cursor }) };
    const found: Page<Row> = await operate<Page<Row>>(house, c, session, workspaceId, name, asked);
    rows.push(...found.data);
    cursor = found.meta.next_cursor;
  } while (cursor !== null && rows.length < 1_000);
  return rows;
};

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
