import { createHmac, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Database, Transaction } from '#database/database.ts';
import { postMail } from '#database/outbox.ts';
import { type Id, newId } from '#values/id.ts';
import { auditIn } from './author.ts';
import type { OauthClient } from './oauth-clients.ts';
import { redirectHostOf } from './oauth-redirect-uri.ts';
import type { Given } from './oauth-scopes.ts';
import { type AuthorizationRequest, useRequest } from './oauth-transactions.ts';
import { hashSecret, secretPrefixes } from './secrets.ts';
import type { Session } from './sessions.ts';

/** A code lives this long; so does a connection whose code nobody redeems. */
export const codeSeconds = 60;

/** Why a connection ended. */
export type EndReason = 'revoked_by_app' | 'refresh_reuse' | 'code_reuse';

/**
 * The code of a kept request: made, not kept, so that a double click gives the same one and nothing is stored in the clear. The secret of
 * the request is not enough to make it: whoever began the request saw that in the address of the sign-in page, and could redeem the code
 * without the redirect. The session of the person who decides is known to their browser alone.
 */
export const codeOf = (transactionSecret: string, session: Pick<Session, 'hash'>): string =>
  `${secretPrefixes.code}${createHmac('sha256', transactionSecret).update('authorization code ').update(session.hash).digest('base64url')}`;

export interface Approval {
  /** The secret of the kept request. */
  readonly secret: string;
  readonly request: AuthorizationRequest;
  readonly session: Session;
  readonly client: OauthClient;
  readonly workspace: { readonly id: Id<'wsp'>; readonly name: string };
  readonly given: Given;
  readonly requested: readonly string[];
  readonly ipPrefix: string | null;
  readonly publicUrl: string;
}

const newConnectionMail = ({ session, client, workspace, request, publicUrl }: Approval) => ({
  to: session.user.email,
  subject: `${client.name} was connected to ${workspace.name}`,
  text: [
    `Hello ${session.user.name},`,
    '',
    `the app "${client.name}" (${client.publisher ?? 'self-registered; nobody checked its name'}) may now act for you in the workspace "${workspace.name}".`,
    `It was approved in a browser where you were signed in, which was then sent to ${redirectHostOf(request.redirectUri)}.`,
    '',
    `See what it may do, or disconnect it: ${publicUrl}/account/integrations`,
  ].join('\n'),
});

/**
 * Makes a connection and the code that leads to its tokens; gives the code, or null when the request was answered already. Until the code
 * is redeemed the connection lives no longer than the code.
 */
export const approve = (
  database: Database,
  approval: Approval,
  now: Temporal.Instant,
): Promise<string | null> =>
  database.aboveWorkspaces(now, async (tx) => {
    const { secret, request, session, client, workspace, given } = approval;
    if (!(await useRequest(tx, secret, session.hash, now))) return null;
    const id = newId('con', now);
    const code = codeOf(secret, session);
    const expiresAt = now.add({ seconds: codeSeconds });
    await tx
      .insertInto('oauth_grants')
      .values({
        id,
        workspace_id: workspace.id,
        user_id: session.userId,
        client_id: client.id,
        client_name: client.name,
        redirect_host: redirectHostOf(request.redirectUri),
        resource: request.resource,
        requested: [...approval.requested],
        scopes: given.scopes,
        coarse: given.coarse,
        chain_key: randomBytes(32),
        created_at: now,
        expires_at: expiresAt,
      })
      .execute();
    await tx
      .insertInto('oauth_codes')
      .values({
        hash: hashSecret(code),
        grant_id: id,
        client_id: client.id,
        redirect_uri: request.redirectUri,
        redirect_uri_given: request.redirectUriGiven,
        challenge: request.challenge,
        expires_at: expiresAt,
      })
      .execute();
    await postMail(tx, `connection.created:${id}`, newConnectionMail(approval));
    const by = { via: 'session', userId: session.userId, ipPrefix: approval.ipPrefix } as const;
    const after = {
      client_id: client.id,
      client_name: client.name,
      redirect_host: redirectHostOf(request.redirectUri),
      resource: request.resource,
      scopes: given.scopes,
      coarse: given.coarse,
    };
    await auditIn(tx, now, workspace.id, by, { action: 'connections.create', entityId: id, after });
    return code;
  });

const reuseText: Record<Exclude<EndReason, 'revoked_by_app'>, string> = {
  refresh_reuse: 'a refresh token that had been replaced long ago was used again',
  code_reuse: 'its authorization code was used twice',
};

/** Ends a connection, with an audit entry; for reuse also with a mail to its owner, for somebody may have stolen a secret. */
export const endGrant = async (
  tx: Transaction,
  id: Id<'con'>,
  reason: EndReason,
  now: Temporal.Instant,
  publicUrl: string,
): Promise<void> => {
  const { rows } = await sql<{
    workspace_id: Id<'wsp'>;
    user_id: Id<'usr'>;
    client_name: string;
    email: string;
    name: string;
    workspace: string;
  }>`
    update oauth_grants g set revoked_at = ${now}, revoked_reason = ${reason}, version = g.version + 1
    from users u, workspaces w where g.id = ${id} and g.revoked_at is null and u.id = g.user_id and w.id = g.workspace_id
    returning g.workspace_id, g.user_id, g.client_name, u.email, u.name, w.name as workspace`.execute(tx);
  const [row] = rows;
  if (row === undefined) return;
  if (reason !== 'revoked_by_app') {
    await postMail(tx, `connection.ended:${id}`, {
      to: row.email,
      subject: `${row.client_name} was disconnected from ${row.workspace}`,
      text: [
        `Hello ${row.name},`,
        '',
        `Stint disconnected the app "${row.client_name}" from the workspace "${row.workspace}", because ${reuseText[reason]}. That happens when a copy of its sign-in is used somewhere else.`,
        'If you trust the app, connect it again.',
        '',
        `Your connected apps: ${publicUrl}/account/integrations`,
      ].join('\n'),
    });
  }
  const by = { via: 'grant', viaId: id, viaName: row.client_name, userId: row.user_id } as const;
  await auditIn(tx, now, row.workspace_id, by, {
    action: 'connections.revoke',
    entityId: id,
    after: { revoked_reason: reason },
  });
};

/** The newest connection that a person gave this client and can still be used: what a new request is compared with. */
export const lastGrantOf = async (
  database: Database,
  userId: Id<'usr'>,
  clientId: string,
  resource: string,
  now: Temporal.Instant,
): Promise<{ workspace_id: Id<'wsp'>; scopes: string[] } | null> =>
  (await database.identity
    .selectFrom('oauth_grants')
    .select(['workspace_id', 'scopes'])
    .where('user_id', '=', userId)
    .where('client_id', '=', clientId)
    .where('resource', '=', resource as 'mcp' | 'api')
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('id', 'desc')
    .executeTakeFirst()) ?? null;
