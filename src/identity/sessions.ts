import { sql } from 'kysely';
import type { Database, Transaction } from '#database/database.ts';
import type { Id } from '#values/id.ts';
import type { LastUse } from './authenticate.ts';
import { auditIn } from './author.ts';
import { hashSecret, looksLike, newSecret, secretPrefixes } from './secrets.ts';

/** A session ends after 12 hours without use, and 30 days after sign-in whatever its use. */
export const idleHours = 12;
export const absoluteHours = 30 * 24;

/** Who is signed in. `hash` names the session; it is safe to store and to compare. */
export interface Session {
  readonly hash: Buffer;
  readonly userId: Id<'usr'>;
  readonly user: {
    readonly id: Id<'usr'>;
    readonly email: string;
    readonly name: string;
    readonly timezone: string;
    readonly locale: string;
    readonly week_start: 0 | 1 | 6 | null;
    readonly duration_format: 'h:mm' | 'decimal' | 'text';
    /** Whether they own or administer a workspace: what pages a menu offers, and no permission. */
    readonly administers: boolean;
  };
  readonly createdAt: Temporal.Instant;
}

/** Starts a session with a new secret, always: an identifier from before the sign-in is worth nothing after it (fixation). */
export const startSession = async (
  database: Database,
  userId: Id<'usr'>,
  facts: LastUse,
  now: Temporal.Instant,
): Promise<string> => {
  const secret = newSecret(secretPrefixes.session);
  await database.identity
    .insertInto('sessions')
    .values({
      hash: hashSecret(secret),
      user_id: userId,
      created_at: now,
      last_used_at: now,
      expires_at: now.add({ hours: absoluteHours }),
      ip_prefix: facts.ipPrefix,
      user_agent: facts.userAgent?.slice(0, 200) ?? null,
    })
    .execute();
  return secret;
};

interface Row {
  hash: Buffer;
  user_id: Id<'usr'>;
  email: string;
  name: string;
  timezone: string;
  locale: string;
  week_start: 0 | 1 | 6 | null;
  duration_format: 'h:mm' | 'decimal' | 'text';
  administers: boolean;
  created_at: Temporal.Instant;
  last_used_at: Temporal.Instant;
}

/** Who the secret belongs to, or null: unknown, ended, idle for too long, too old, or of a disabled account. */
export const sessionOf = async (
  database: Database,
  secret: string,
  now: Temporal.Instant,
): Promise<Session | null> => {
  if (!looksLike(secretPrefixes.session, secret)) return null;
  const { rows } = await sql<Row>`
    select s.hash, s.user_id, s.created_at, s.last_used_at, u.email, u.name, u.timezone, u.locale, u.week_start, u.duration_format,
      exists (select from memberships m where m.user_id = u.id and m.status = 'active' and m.role in ('owner', 'admin')) as administers
    from sessions s join users u on u.id = s.user_id
    where s.hash = ${hashSecret(secret)} and s.expires_at > ${now} and s.last_used_at > ${now.subtract({ hours: idleHours })}
      and u.disabled_at is null`.execute(database.identity);
  const row = rows[0];
  if (row === undefined) return null;
  if (Temporal.Instant.compare(row.last_used_at.add({ minutes: 1 }), now) <= 0) {
    await database.identity
      .updateTable('sessions')
      .set({ last_used_at: now })
      .where('hash', '=', row.hash)
      .execute();
  }
  const { email, name, timezone, locale, week_start, duration_format, administers } = row;
  return {
    hash: row.hash,
    userId: row.user_id,
    user: { id: row.user_id, email, name, timezone, locale, week_start, duration_format, administers },
    createdAt: row.created_at,
  };
};

/** Ends one session. */
export const endSession = async (database: Database, secret: string): Promise<void> => {
  await database.identity.deleteFrom('sessions').where('hash', '=', hashSecret(secret)).execute();
};

/** Ends every session of a person but the one named (after a change of password). */
export const endOtherSessions = async (tx: Transaction, userId: Id<'usr'>, kept: Buffer): Promise<void> => {
  await tx.deleteFrom('sessions').where('user_id', '=', userId).where('hash', '<>', kept).execute();
};

/**
 * "Sign out everywhere": ends every session of a person and disconnects every app, with an audit entry in each workspace where one was
 * connected. API tokens stay; they are ended one by one.
 */
export const endAllSessions = (database: Database, userId: Id<'usr'>, now: Temporal.Instant): Promise<void> =>
  database.aboveWorkspaces(now, async (tx) => {
    // One at a time: two that end the same connections would wait for each other.
    await tx.selectFrom('users').select('id').where('id', '=', userId).forNoKeyUpdate().execute();
    await tx.deleteFrom('sessions').where('user_id', '=', userId).execute();
    const { rows } = await sql<{ id: Id<'con'>; workspace_id: Id<'wsp'> }>`
      update oauth_grants set revoked_at = ${now}, revoked_reason = 'signed_out_everywhere', version = version + 1
      where user_id = ${userId} and revoked_at is null returning id, workspace_id`.execute(tx);
    const byWorkspace = [...Map.groupBy(rows, (row) => row.workspace_id)];
    // In the order that auditEverywhere keeps.
    for (const [workspaceId, grants] of byWorkspace.sort(([a], [b]) => (a < b ? -1 : 1))) {
      await auditIn(
        tx,
        now,
        workspaceId,
        { via: 'session', userId },
        {
          action: 'account.sign_out_everywhere',
          entityId: userId,
          after: { disconnected: grants.map(({ id }) => id) },
        },
      );
    }
  });
