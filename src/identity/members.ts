import { sql } from 'kysely';
import type { Transaction } from '#database/database.ts';
import { lockRow } from '#database/lock-row.ts';
import type { Role } from '#operation/actor.ts';
import { type Entitlements, plans } from '#operation/plans.ts';
import { counted } from '#values/counted.ts';
import { type Id, newId } from '#values/id.ts';
import { refusal } from '#values/refusal.ts';
import { auditIn, type Author, type IdentityHouse } from './author.ts';
import { addressKey } from './read-fields.ts';
import { findWorkspace } from './workspaces.ts';

export const noSuchMember = refusal<{ email: string; workspace: string }>(
  'no_such_member',
  'not_found',
  'The operator named a person who is no member of the workspace.',
  ({ email, workspace }) => `"${email}" is no member of the workspace "${workspace}".`,
);
export const noSuchAccount = refusal<{ email: string }>(
  'no_such_account',
  'not_found',
  'The operator named an account that does not exist.',
  ({ email }) => `There is no account with the address "${email}".`,
);
export const alreadyMember = refusal<{ email: string; workspace: string }>(
  'already_member',
  'conflict',
  'The person is a member of the workspace already.',
  ({ email, workspace }) => `"${email}" is a member of the workspace "${workspace}" already.`,
);
export const memberLimitReached = refusal<{ limit: number }>(
  'member_limit_reached',
  'denied',
  'The plan of the workspace has no room for another active member.',
  ({ limit }) =>
    `The plan of this workspace allows ${counted(limit, 'active member')}, and it has them. Deactivate somebody (\`stint member deactivate\`), or change the plan (\`stint workspace plan\`).`,
);
export const ownerStays = refusal(
  'owner_stays',
  'conflict',
  'The owner of a workspace can be neither deactivated nor removed.',
  () =>
    'The owner of a workspace can be neither deactivated nor removed. Make somebody else the owner first.',
);

/** The account of an address, however it is written. */
export const findUser = async (tx: Transaction, email: string) => {
  const row = await tx
    .selectFrom('users')
    .select(['id', 'email', 'name', 'disabled_at', 'created_at'])
    .where('email', '=', addressKey(email))
    .executeTakeFirst();
  if (row === undefined) throw noSuchAccount({ email });
  return row;
};

/** Refuses where the plan has no room for the active members that there are now. Others who add members wait until this transaction ends. */
const checkRoom = async (tx: Transaction, workspace: { id: Id<'wsp'>; plan: keyof typeof plans }) => {
  await lockRow(tx, 'workspaces', workspace.id);
  const { rows } = await sql<{ active: number; override: Entitlements['members_limit'] | undefined }>`
    select (select count(*)::int from memberships where workspace_id = ${workspace.id} and status = 'active') as active,
      (select value from workspace_entitlement_overrides where workspace_id = ${workspace.id} and key = 'members_limit') as override`.execute(
    tx,
  );
  const limit = rows[0]?.override ?? plans[workspace.plan].members_limit;
  if (limit !== null && (rows[0]?.active ?? 0) > limit) throw memberLimitReached({ limit });
};

/**
 * Makes a person with an account a member. Gives what tells the account apart from one that somebody else made under the address: nobody
 * has verified that whoever signed up reads its mail.
 */
export const addMember = (
  house: IdentityHouse,
  slugOrId: string,
  email: string,
  role: Exclude<Role, 'owner'>,
  by: Author,
): Promise<{ membershipId: Id<'mem'>; name: string; accountMadeAt: Temporal.Instant }> => {
  const now = house.clock();
  return house.database.aboveWorkspaces(now, async (tx) => {
    const workspace = await findWorkspace(tx, slugOrId);
    const user = await findUser(tx, email);
    const membershipId = newId('mem', now);
    const made = await tx
      .insertInto('memberships')
      .values({ id: membershipId, workspace_id: workspace.id, user_id: user.id, role })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
    if (made === undefined) throw alreadyMember({ email, workspace: workspace.slug });
    await checkRoom(tx, workspace);
    const after = { user_id: user.id, role, status: 'active' };
    await auditIn(tx, now, workspace.id, by, { action: 'members.add', entityId: membershipId, after });
    return { membershipId, name: user.name, accountMadeAt: user.created_at };
  });
};

type Membership = { id: Id<'mem'>; role: Role; status: string; user_id: Id<'usr'> | null };

/**
 * One change to a membership with its audit entry. Whoever changes a membership of the workspace too waits for its row, and whoever logs
 * time for the person for theirs: the workspace first, as everywhere.
 */
const change = (
  house: IdentityHouse,
  slugOrId: string,
  email: string,
  action: string,
  by: Author,
  work: (
    tx: Transaction,
    member: Membership,
    workspace: Awaited<ReturnType<typeof findWorkspace>>,
    user: Awaited<ReturnType<typeof findUser>>,
  ) => Promise<object>,
): Promise<void> => {
  const now = house.clock();
  return house.database.aboveWorkspaces(now, async (tx) => {
    const workspace = await findWorkspace(tx, slugOrId);
    await lockRow(tx, 'workspaces', workspace.id);
    const user = await findUser(tx, email);
    const member = await tx
      .selectFrom('memberships')
      .select(['id', 'role', 'status', 'user_id'])
      .where('workspace_id', '=', workspace.id)
      .where('user_id', '=', user.id)
      .forNoKeyUpdate()
      .executeTakeFirst();
    if (member === undefined) throw noSuchMember({ email, workspace: workspace.slug });
    const after = await work(tx, member, workspace, user);
    const before = { user_id: member.user_id, role: member.role, status: member.status };
    await auditIn(tx, now, workspace.id, by, { action, entityId: member.id, before, after });
  });
};

/**
 * Stops the timers of somebody who works here no longer: the running one now, those paused with what they have. Nobody else would, and one
 * that runs would run for ever. Gives their ids.
 */
const stopTimers = async (tx: Transaction, member: Id<'mem'>): Promise<{ stopped_entries?: string[] }> => {
  const { rows } = await sql<{ id: string }>`
    with timers as (select id from time_entries
      where membership_id = ${member} and state in ('running', 'paused') and ended_at is null and deleted_at is null),
    closed as (update time_segments s set ended_at = greatest(s.started_at, date_trunc('second', stint_now()))
      from timers t where s.entry_id = t.id and s.ended_at is null
      returning s.entry_id, s.ended_at, extract(epoch from s.ended_at - s.started_at)::int as seconds)
    update time_entries e set state = 'stopped', duration_seconds = e.duration_seconds + coalesce(c.seconds, 0),
      ended_at = coalesce(c.ended_at, (select max(s.ended_at) from time_segments s where s.entry_id = e.id))
    from timers t left join closed c on c.entry_id = t.id where e.id = t.id returning e.id`.execute(tx);
  return rows.length === 0 ? {} : { stopped_entries: rows.map(({ id }) => id).sort() };
};

/**
 * Stops a member's access on the next request, and their timers; connections and tokens stay, and work again after
 * `reactivateMember`.
 */
export const deactivateMember = (house: IdentityHouse, slugOrId: string, email: string, by: Author) =>
  change(house, slugOrId, email, 'members.deactivate', by, async (tx, member) => {
    if (member.role === 'owner') throw ownerStays({});
    const stopped = await stopTimers(tx, member.id);
    await tx.updateTable('memberships').set({ status: 'inactive' }).where('id', '=', member.id).execute();
    return { status: 'inactive', ...stopped };
  });

/** Gives a deactivated member access again. */
export const reactivateMember = (house: IdentityHouse, slugOrId: string, email: string, by: Author) =>
  change(house, slugOrId, email, 'members.reactivate', by, async (tx, member, workspace) => {
    await tx.updateTable('memberships').set({ status: 'active' }).where('id', '=', member.id).execute();
    if (member.status !== 'active') await checkRoom(tx, workspace);
    return { status: 'active' };
  });

/**
 * Takes a member out of the workspace: connections and API tokens there end for good, and their timers stop. The membership row
 * stays under the person's name, belonging to nobody, for time entries and tasks point at it.
 */
export const removeMember = (house: IdentityHouse, slugOrId: string, email: string, by: Author) =>
  change(house, slugOrId, email, 'members.remove', by, async (tx, member, workspace, user) => {
    if (member.role === 'owner') throw ownerStays({});
    const stopped = await stopTimers(tx, member.id);
    const mine = sql`where user_id = ${user.id} and workspace_id = ${workspace.id} and revoked_at is null`;
    await sql`update oauth_grants set revoked_at = stint_now(), revoked_reason = 'member_removed' ${mine}`.execute(
      tx,
    );
    await sql`update api_tokens set revoked_at = stint_now() ${mine}`.execute(tx);
    await tx
      .updateTable('memberships')
      .set({ user_id: null, status: 'placeholder', display_name: user.name })
      .where('id', '=', member.id)
      .execute();
    return { status: 'removed', ...stopped };
  });
