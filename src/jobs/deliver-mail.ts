import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { createTransport } from 'nodemailer';
import type { Database } from '#database/database.ts';
import type { Mail } from '#database/outbox.ts';

/** Sends one mail; the id is the same however often it is tried, so that a mailbox can tell a repetition. */
export type SendMail = (mail: Mail, messageId: string) => Promise<void>;

/** Sends over SMTP. `from` is the house's own address. */
export const smtpSender = (smtpUrl: string, from: string): SendMail => {
  const transport = createTransport({ url: smtpUrl, connectionTimeout: 10_000, socketTimeout: 20_000 });
  return async (mail, messageId) => {
    await transport.sendMail({ from, to: mail.to, subject: mail.subject, text: mail.text, messageId });
  };
};

const leaseSeconds = 60;
const mostAttempts = 12;

/**
 * Sends the mails that are due, one after the other; gives how many went. A mail is leased before it is tried, so two processes never
 * try the same one; a failure is tried again after 1, 2, 4 … minutes, twelve times at most.
 */
export const deliverMail = async (
  database: Database,
  clock: () => Temporal.Instant,
  send: SendMail,
): Promise<number> => {
  for (let sent = 0; ;) {
    const now = clock();
    const { rows } = await sql<{ id: bigint; key: string; payload: Mail; attempts: number }>`
      update outbox set attempts = attempts + 1, available_at = ${now.add({ seconds: leaseSeconds })}
      where id = (
        select id from outbox where topic = 'mail' and done_at is null and available_at <= ${now} and attempts < ${mostAttempts}
        order by available_at limit 1 for update skip locked
      ) returning id, key, payload, attempts`.execute(database.identity);
    const [due] = rows;
    if (due === undefined) return sent;
    const messageId = `<${createHash('sha256').update(due.key).digest('hex').slice(0, 32)}@stint>`;
    try {
      await send(due.payload, messageId);
      await sql`update outbox set done_at = ${clock()}, last_error = null where id = ${due.id}`.execute(
        database.identity,
      );
      sent += 1;
    } catch (error) {
      const next = clock().add({ seconds: 60 * 2 ** (due.attempts - 1) });
      const reason = error instanceof Error ? error.message.slice(0, 500) : 'unknown';
      await sql`update outbox set last_error = ${reason}, available_at = ${next} where id = ${due.id}`.execute(
        database.identity,
      );
    }
  }
};
