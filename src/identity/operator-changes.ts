import { sql } from 'kysely';
import { lockRow } from '#database/lock-row.ts';
import type { Role } from '#operation/actor.ts';
import type { Id } from '#values/id.ts';
import { refusal } from '#values/refusal.ts';
import { issueApiToken, tokenScopes } from './api-tokens.ts';
import { auditEverywhere, auditIn, type Author, type IdentityHouse } from './author.ts';
import { findUser, noSuchMember, ownerStays } from './members.ts';
import { checkPassword, hashPassword } from './passwords.ts';
import { readName } from './read-fields.ts';
import { findWorkspace } from './workspaces.ts';

export const noSuchToken = refusal<{ id: string }>(
  'no_such_token',
  'not_found',
  'The operator named an API token that does not exist.',
  ({ id }) => `There is no API token "${id}". \`stint token list\` shows them.`,
);

export const ownerIsActive = refusal<{ email: string }>(
  'owner_is_active',
  'conflict',
  'A deactivated member was to become the owner of a workspace.',
  ({ email }) => `"${email}" is deactivated here. Reactivate them first: \`stint member reactivate\`.`,
);

/**
 * Sets a password without the old one and ends every session of the person, for somebody who forgot it. Connections and API tokens
 * stay. Throws `no_such_account`, `password_unfit`.
 */
export const setPassword = async (
  house: IdentityHouse,
  email: string,
  password: string,
  by: Author,
): Promise<void> => {
  const now = house.clock();
  const user = await house.database.aboveWorkspaces(now, (tx) => findUser(tx, email));
  checkPassword(password, user);
  const passwordHash = await hashPassword(password);
  await house.database.aboveWorkspaces(now, async (tx) => {
    await tx.updateTable('users').set({ password_hash: passwordHash }).where('id', '=', user.id).execute();
    await tx.deleteFrom('sessions').where('user_id', '=', user.id).execute();
    await auditEverywhere(tx, now, user.id, by, { action: 'account.password' });
  });
};

/** Changes a member's role. A new owner takes the place of the old one, who becomes admin; the owner’s own role changes only so. */
export const changeRole = (
  house: IdentityHouse,
  slugOrId: string,
  email: string,
  role: Role,
  by: Author,
): Promise<void> => {
  const now = house.clock();
  return house.database.aboveWorkspaces(now, async (tx) => {
    const workspace = await findWorkspace(tx, slugOrId);
    // Of two who become owner at once one follows the other.
    await lockRow(tx, 'workspaces', workspace.id);
    const user = await findUser(tx, email);
    const members = () => tx.updateTable('memberships').where('workspace_id', '=', workspace.id);
    const member = await tx
      .selectFrom('memberships')
      .select(['id', 'role', 'status'])
      .where('workspace_id', '=', workspace.id)
      .where('user_id', '=', user.id)
      .forNoKeyUpdate()
      .executeTakeFirst();
    if (member === undefined) throw noSuchMember({ email, workspace: workspace.slug });
    if (member.role === role) return;
    if (member.role === 'owner') throw ownerStays({});
    if (role === 'owner' && member.status !== 'active') throw ownerIsActive({ email });
    if (role === 'owner') await members().set({ role: 'admin' }).where('role', '=', 'owner').execute();
    await members().set({ role }).where('id', '=', member.id).execute();
    await auditIn(tx, now, workspace.id, by, {
      action: 'members.role',
      entityId: member.id,
      before: { role: member.role },
      after: { role },
    });
  });
};

/**
 * Makes an API token for a member and gives its secret, which is nowhere else. Throws `validation_failed`, `no_such_workspace`, `no_such_account`,
 * `no_such_member`, `scopes_not_offered`, `read_scope_missing`.
 */
export const makeApiToken = (
  house: IdentityHouse,
  token: {
    workspace: string;
    email: string;
    name: string;
    resource: 'mcp' | 'api';
    scopes: readonly string[];
    expiresAt: Temporal.Instant | null;
  },
  by: Author,
): Promise<{ id: Id<'tok'>; secret: string }> => {
  const now = house.clock();
  return house.database.aboveWorkspaces(now, async (tx) => {
    const workspace = await findWorkspace(tx, token.workspace);
    const user = await findUser(tx, token.email);
    const member = await tx
      .selectFrom('memberships')
      .select('id')
      .where('workspace_id', '=', workspace.id)
      .where('user_id', '=', user.id)
      .executeTakeFirst();
    if (member === undefined) throw noSuchMember({ email: token.email, workspace: workspace.slug });
    const { resource, expiresAt } = token;
    const name = readName(token.name);
    const scopes = tokenScopes(token.scopes, resource);
    await sql`select set_config('app.workspace_id', ${workspace.id}, true)`.execute(tx);
    const made = await issueApiToken(tx, { userId: user.id, name, resource, scopes, expiresAt }, now);
    const after = { name, resource, scopes, user_id: user.id, expires_at: expiresAt?.toString() ?? null };
    await auditIn(tx, now, workspace.id, by, { action: 'api_tokens.create', entityId: made.id, after });
    return made;
  });
};

/** Ends an API token for good; once more changes nothing. */
export const revokeApiToken = (house: IdentityHouse, id: string, by: Author): Promise<void> => {
  const now = house.clock();
  return house.database.aboveWorkspaces(now, async (tx) => {
    const token = await tx
      .selectFrom('api_tokens')
      .select(['id', 'workspace_id', 'revoked_at'])
      .where('id', '=', id as Id<'tok'>)
      .executeTakeFirst();
    if (token === undefined) throw noSuchToken({ id });
    if (token.revoked_at !== null) return;
    await tx.updateTable('api_tokens').set({ revoked_at: now }).where('id', '=', token.id).execute();
    await auditIn(tx, now, token.workspace_id, by, { action: 'api_tokens.revoke', entityId: token.id });
  });
};
