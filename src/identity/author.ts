import { sql } from 'kysely';
import type { Database, Transaction } from '#database/database.ts';
import { type Id, idKinds, newId, prefixOf } from '#values/id.ts';

/** What identity works with: a door house and a test house are one. */
export interface IdentityHouse {
  readonly database: Database;
  readonly clock: () => Temporal.Instant;
}

/** Who changes accounts and workspaces outside an operation: the operator at the command line, a person in the pages, or a connection. */
export interface Author {
  readonly via: 'operator' | 'session' | 'grant';
  /** The connection and its name. */
  readonly viaId?: Id<'con'>;
  readonly viaName?: string;
  readonly userId: Id<'usr'> | null;
  readonly ipPrefix?: string | null;
}

/** Somebody at the machine itself. */
export const operator: Author = { via: 'operator', userId: null };

/** Writes one entry into a workspace's audit log; last in the transaction, for it locks the head of the chain. */
export const auditIn = async (
  tx: Transaction,
  now: Temporal.Instant,
  workspaceId: Id<'wsp'>,
  by: Author,
  entry: { action: string; entityId: string; before?: object | null; after?: object | null },
): Promise<void> => {
  const prefix = prefixOf(entry.entityId);
  const row = {
    workspace_id: workspaceId,
    id: newId('aud', now),
    at: now.toString(),
    actor_user_id: by.userId,
    via: by.via,
    via_id: by.viaId ?? null,
    via_name: by.viaName ?? (by.via === 'operator' ? 'command line' : null),
    ip_prefix: by.ipPrefix ?? null,
    action: entry.action,
    entity_type: prefix === null ? null : idKinds[prefix].noun,
    entity_id: entry.entityId,
    before: entry.before ?? null,
    after: entry.after ?? null,
  };
  await sql`select append_audit(${JSON.stringify(row)}::jsonb)`.execute(tx);
};

/**
 * Writes one entry about a person into the audit log of every workspace they belong to. Always in the order of the workspaces' ids, so
 * that two of these never wait for each other.
 */
export const auditEverywhere = async (
  tx: Transaction,
  now: Temporal.Instant,
  userId: Id<'usr'>,
  by: Author,
  entry: { action: string; before?: object; after?: object },
): Promise<void> => {
  const places = await tx
    .selectFrom('memberships')
    .select('workspace_id')
    .where('user_id', '=', userId)
    .orderBy('workspace_id')
    .execute();
  for (const { workspace_id: workspaceId } of places)
    await auditIn(tx, now, workspaceId, by, { ...entry, entityId: userId });
};
