import { sql } from 'kysely';
import { z } from 'zod';
import { type Mail, type MailProblem, mailProblems } from '#database/outbox.ts';
import { fileLink } from '#features/invoice-artifacts/file-link.ts';
import { dispatchId, problemWords } from '#features/invoice-dispatches/invoice-dispatch.ts';
import { operation } from '#operation/operation.ts';
import type { Id } from '#values/id.ts';
import { momentText } from '#values/local-time.ts';
import { page, pageInput, pageOf, readCursor } from '#values/page.ts';
import { all } from '#database/sorted.ts';

const states = ['waiting', 'failed', 'unclear'] as const;

const mailView = z.object({
  id: z.string().describe('Its number in the outbox.'),
  dispatch_id: dispatchId.nullable().describe('The e-mail to a client that it is.'),
  status: z.enum(states).describe('unclear: it may have arrived, and is not sent again by itself.'),
  to: z.array(z.string()).describe('Recipients.'),
  cc: z.array(z.string()).describe('Copies.'),
  subject: z.string().describe('Its subject.'),
  text: z.string().describe('Its text.'),
  attachments: z
    .array(
      z.object({
        file_name: z.string().describe('What it is called.'),
        url: z.string().describe('Where it can be fetched for ten minutes.'),
      }),
    )
    .describe('Files that go with it.'),
  attempts: z.number().int().describe('How often it was tried.'),
  problem: z.string().nullable().describe('What was in the way, as a sentence.'),
  details: z.string().nullable().describe('The same in the mail server’s words, not ours.'),
  next_attempt_at: z.string().nullable().describe('When it is tried next.'),
  created_at: z.string().describe('When it was written.'),
});

interface Row {
  id: bigint;
  key: string;
  payload: Mail;
  status: (typeof states)[number];
  attempts: number;
  problem: string | null;
  last_error: string | null;
  available_at: Temporal.Instant;
  created_at: Temporal.Instant;
}

const isProblem = (problem: string | null): problem is MailProblem =>
  mailProblems.some((each) => each === problem);

export const listOutbox = operation({
  name: 'outbox.list',
  title: 'List mail that has not gone out',
  summary: 'List the workspace’s mail that waits, that failed, or of which it is unclear whether it arrived.',
  effect: 'read',
  needs: { scope: 'invoices:read', role: 'admin' },
  // What is on its way and why it does not go is for people to look at; agents ask invoice_dispatches.list.
  doors: ['http', 'web', 'cli'],
  input: z.object({ status: z.enum(states).optional().describe('Only in this state.'), ...pageInput }),
  output: pageOf(mailView),
  async handle({ status, limit, cursor }, call) {
    const after = readCursor(cursor, ['instant', 'text']);
    const where = all([
      sql`o.topic = 'mail'`,
      sql`o.done_at is null`,
      ...(status === undefined ? [] : [sql`s.status = ${status}`]),
      ...(after === null ? [] : [sql`(o.created_at, o.key) < (${after[0]}::timestamptz, ${after[1]})`]),
    ]);
    const { rows } = await sql<Row>`
      select o.id, o.key, o.payload, s.status, o.attempts, o.problem, o.last_error, o.available_at, o.created_at
      from outbox o cross join lateral (select case
        when o.gave_up_at is null then 'waiting' when o.problem = 'unclear' then 'unclear' else 'failed' end as status) s
      where ${where} order by o.created_at desc, o.key desc limit ${limit + 1}`.execute(call.tx);
    const found = page(rows, limit, ({ created_at, key }) => [created_at.toString(), key]);
    const data = await Promise.all(
      found.data.map(async ({ payload: mail, key, available_at: next, ...row }) => ({
        id: String(row.id),
        dispatch_id: key.startsWith('dsp_') ? (key as Id<'dsp'>) : null,
        status: row.status,
        to: typeof mail.to === 'string' ? [mail.to] : [...mail.to],
        cc: [...(mail.cc ?? [])],
        subject: mail.subject,
        text: mail.text,
        attachments: await Promise.all(
          (mail.attachments ?? []).map(async ({ name, sha256 }) => ({
            file_name: name,
            url: await fileLink(call, sha256, name),
          })),
        ),
        attempts: row.attempts,
        problem: isProblem(row.problem) ? problemWords[row.problem] : null,
        details: row.last_error,
        next_attempt_at: row.status === 'waiting' && row.attempts > 0 ? momentText(next, call.zone) : null,
        created_at: momentText(row.created_at, call.zone),
      })),
    );
    return { data, meta: found.meta };
  },
});
