import { sql } from 'kysely';
import type { Database } from '#database/database.ts';
import type { Role } from '#operation/actor.ts';
import type { Id } from '#values/id.ts';
import { actorColumns, type ActorRow, isMember, stopOf } from './actor.ts';
import type { Resource } from './oauth-resource.ts';

/** A workspace that a person may choose for a connection, or may not and why. */
export interface ConnectableWorkspace {
  readonly id: Id<'wsp'>;
  readonly name: string;
  readonly slug: string;
  readonly role: Role;
  /** The sentence that says what stops it; null where it can be chosen. */
  readonly stop: string | null;
}

/** Every workspace that the person belongs to, those that can be chosen first, by name. */
export const connectableWorkspaces = async (
  database: Database,
  userId: Id<'usr'>,
  resource: Resource,
): Promise<ConnectableWorkspace[]> => {
  const { rows } = await sql<ActorRow>`
    select ${actorColumns} from memberships m join users u on u.id = m.user_id join workspaces w on w.id = m.workspace_id
    where m.user_id = ${userId} order by lower(w.name), w.id`.execute(database.identity);
  const all = rows.filter(isMember).map((row) => ({
    id: row.workspace_id,
    name: row.workspace_name,
    slug: row.slug,
    role: row.role,
    stop: stopOf(row, resource)?.message ?? null,
  }));
  return [...all.filter(({ stop }) => stop === null), ...all.filter(({ stop }) => stop !== null)];
};
