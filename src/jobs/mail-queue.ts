import { sql } from 'kysely';
import type { Database } from '#database/database.ts';
import { type Mail, type MailProblem, mostAttempts } from '#database/outbox.ts';

/** A mail that this process has leased. */
export interface LeasedMail {
  readonly id: bigint;
  readonly key: string;
  readonly workspaceId: string | null;
  readonly mail: Mail;
  readonly attempts: number;
}

/** Longer than an attempt may take, so that nobody takes up a mail on which somebody still works. */
const leaseSeconds = 300;
const once = sql`coalesce((payload ->> 'once')::boolean, false)`;
/** That no server has it, and that the invoice which it is about was voided. */
const voided = sql`(handed_over_at is null and exists (select from invoice_dispatches d join invoices i on i.id = d.invoice_id
  where d.id = outbox.key and i.status = 'void'))`;

/**
 * Ends the trying of what nobody works on any more: what was tried as often as can be, and what may not be tried again because its
 * process died between handing it over and noting the answer. And of what is about a voided invoice, though somebody works on it.
 */
export const giveUpStranded = async ({ identity }: Database, now: Temporal.Instant): Promise<void> => {
  await sql`update outbox set gave_up_at = ${now},
      problem = case when handed_over_at is not null then 'unclear' when ${voided} then 'voided' else coalesce(problem, 'other') end
    where topic = 'mail' and done_at is null and gave_up_at is null and (${voided}
      or (available_at <= ${now} and (attempts >= ${mostAttempts} or (handed_over_at is not null and ${once}))))`.execute(
    identity,
  );
};

/** Takes the mail that waits longest, for this process alone until the lease ends; null where none is due. */
export const leaseMail = async (
  { identity }: Database,
  now: Temporal.Instant,
): Promise<LeasedMail | null> => {
  const { rows } = await sql<LeasedMail>`
    update outbox set attempts = attempts + 1, available_at = ${now.add({ seconds: leaseSeconds })}, handed_over_at = null
    where id = (
      select id from outbox where topic = 'mail' and done_at is null and gave_up_at is null and available_at <= ${now}
        and attempts < ${mostAttempts} and (handed_over_at is null or not ${once})
      order by available_at limit 1 for update skip locked
    ) returning id, key, workspace_id as "workspaceId", payload as mail, attempts`.execute(identity);
  return rows[0] ?? null;
};

/**
 * Notes that from now on the server may have the mail. False where the lease is over: then the mail is somebody else's; and where the
 * invoice that it is about was voided: whoever voids it at this moment is waited for, or waits.
 */
export const noteHandOver = async (
  { identity }: Database,
  { id, key, attempts }: LeasedMail,
  now: Temporal.Instant,
): Promise<boolean> => {
  const { rows } = await sql`with about as (
      select i.status from invoice_dispatches d join invoices i on i.id = d.invoice_id where d.id = ${key} for share of i
    ) update outbox set handed_over_at = ${now}
    where id = ${id} and attempts = ${attempts} and handed_over_at is null and done_at is null and gave_up_at is null
      and available_at > ${now} and not exists (select from about where status = 'void') returning id`.execute(
    identity,
  );
  return rows.length === 1;
};

/** Notes that the server took it, at least for some. */
export const noteSent = async (
  { identity }: Database,
  { id }: LeasedMail,
  now: Temporal.Instant,
  refused: readonly string[],
): Promise<void> => {
  const problem: MailProblem | null = refused.length === 0 ? null : 'some_recipients';
  const words = refused.length === 0 ? null : `refused: ${refused.join(', ')}`.slice(0, 500);
  await sql`update outbox set done_at = ${now}, problem = ${problem}, last_error = ${words} where id = ${id}`.execute(
    identity,
  );
};

/** Notes that it did not go; `final` where trying again is useless or not allowed. Else it is tried after 1, 2, 4 … minutes. */
export const noteFailure = async (
  { identity }: Database,
  { id, attempts }: LeasedMail,
  now: Temporal.Instant,
  failure: { problem: MailProblem; words: string; final: boolean },
): Promise<void> => {
  const { problem, words, final } = failure;
  const gaveUpAt = final || attempts >= mostAttempts ? now : null;
  await sql`update outbox set problem = ${problem}, last_error = ${words.slice(0, 500)}, gave_up_at = ${gaveUpAt},
      available_at = ${now.add({ seconds: 60 * 2 ** (attempts - 1) })},
      handed_over_at = case when ${problem} = 'unclear' then handed_over_at end
    where id = ${id} and attempts = ${attempts} and gave_up_at is null`.execute(identity);
};

/** The bytes of a mail's attachments; null where one is gone. */
export const attachedBytes = async (
  { identity }: Database,
  { workspaceId, mail }: LeasedMail,
): Promise<{ filename: string; contentType: string; content: Buffer }[] | null> => {
  const attached = [];
  for (const { name, mime, sha256 } of mail.attachments ?? []) {
    const { rows } = await sql<{ content: Buffer }>`
      select content from files where workspace_id = ${workspaceId} and sha256 = ${sha256}`.execute(identity);
    if (rows[0] === undefined) return null;
    attached.push({ filename: name, contentType: mime, content: rows[0].content });
  }
  return attached;
};
