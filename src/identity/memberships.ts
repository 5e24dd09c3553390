import { sql } from 'kysely';
import type { Database } from '#database/database.ts';
import type { Role } from '#operation/actor.ts';
import type { Plan } from '#operation/plans.ts';
import type { Id } from '#values/id.ts';
import { actorColumns, type ActorRow, stopOf } from './actor.ts';
import type { Resource } from './oauth-resource.ts';

/** A workspace that a person belongs to. `stopped` says why they cannot act there for now. */
export interface Membership {
  readonly workspaceId: Id<'wsp'>;
  readonly slug: string;
  readonly name: string;
  readonly plan: Plan;
  readonly role: Role;
  readonly stopped: string | null;
  /** Why apps and API tokens cannot act there although the person can; null where they can, or where nobody can. */
  readonly appsStopped: string | null;
}

/** The workspaces that a person belongs to, oldest membership first. What stops apps is asked for those of one resource. */
export const membershipsOf = async (
  database: Database,
  userId: Id<'usr'>,
  resource: Resource = 'mcp',
): Promise<Membership[]> => {
  const { rows } = await sql<ActorRow & { role: Role }>`
    select ${actorColumns} from memberships m join users u on u.id = m.user_id join workspaces w on w.id = m.workspace_id
    where m.user_id = ${userId} order by m.id`.execute(database.identity);
  return rows.map((row) => {
    const stop = stopOf(row, 'app');
    return {
      workspaceId: row.workspace_id,
      slug: row.slug,
      name: row.workspace_name,
      plan: row.plan,
      role: row.role,
      stopped: stop?.message ?? null,
      appsStopped: stop === null ? (stopOf(row, resource)?.message ?? null) : null,
    };
  });
};

/** A workspace that a person may choose for a connection, or may not and why. */
export interface ConnectableWorkspace {
  readonly id: Id<'wsp'>;
  readonly name: string;
  readonly role: Role;
  /** The sentence that says what stops it; null where it can be chosen. */
  readonly stop: string | null;
}

/** Every workspace that the person belongs to, those that can be chosen first, by name. */
export const connectableWorkspaces = async (
  database: Database,
  userId: Id<'usr'>,
  resource: Resource,
): Promise<ConnectableWorkspace[]> =>
  (await membershipsOf(database, userId, resource))
    .map(({ workspaceId: id, name, role, stopped, appsStopped }) => ({
      id,
      name,
      role,
      stop: stopped ?? appsStopped,
    }))
    .sort((a, b) => Number(a.stop !== null) - Number(b.stop !== null) || a.name.localeCompare(b.name));
