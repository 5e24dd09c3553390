import { sql } from 'kysely';
import type { Database } from '#database/database.ts';

/** Removes what has had its time: spent secrets, old keys, registrations that nobody used. Safe to run at any moment, by any process. */
export const housekeeping = async (database: Database, now: Temporal.Instant): Promise<void> => {
  const ago = (hours: number) => now.subtract({ hours });
  const { identity } = database;
  await sql`delete from oauth_access_tokens where expires_at < ${ago(1)}`.execute(identity);
  await sql`delete from oauth_codes where expires_at < ${ago(24)}`.execute(identity);
  await sql`delete from oauth_refresh_tokens where expires_at < ${ago(24)}`.execute(identity);
  await sql`delete from oauth_transactions where expires_at < ${ago(1)}`.execute(identity);
  await sql`delete from oauth_assertions where expires_at < ${ago(1)}`.execute(identity);
  await sql`delete from sessions where expires_at < ${now}`.execute(identity);
  await sql`delete from idempotency_keys where created_at < ${ago(24 * 30)}`.execute(identity);
  await sql`delete from questions where expires_at < ${ago(1)}`.execute(identity);
  await sql`delete from oauth_clients c where kind = 'dcr' and not exists (select from oauth_grants g where g.client_id = c.id)
    and coalesce(last_used_at, created_at) < ${ago(24)}`.execute(identity);
  // What became of an e-mail about an invoice is read off its row: without one it counts as sent, so one that failed keeps it.
  await sql`delete from outbox where done_at < ${ago(24 * 90)} or (gave_up_at < ${ago(24 * 90)}
    and not exists (select from invoice_dispatches d where d.id = outbox.key))`.execute(identity);
  await sql`delete from invoice_previews where expires_at < ${now}`.execute(identity);
  // Previews are files too, and so is what a deleted draft left; a logo is known to the settings only.
  await sql`delete from files f where f.created_at < ${ago(24)}
    and not exists (select from invoice_artifacts a where a.workspace_id = f.workspace_id and a.sha256 = f.sha256)
    and not exists (select from workspaces w
      where w.id = f.workspace_id and w.settings -> 'invoice' -> 'logo' ->> 'sha256' = f.sha256)`.execute(
    identity,
  );
};
