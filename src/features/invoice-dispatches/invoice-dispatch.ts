import { type RawBuilder, type Selectable, sql } from 'kysely';
import { z } from 'zod';
import { type MailProblem, postMail } from '#database/outbox.ts';
import type { InvoiceDispatchesRow } from '#database/rows.ts';
import { emailInput } from '#features/clients/client-input.ts';
import { type ArtifactRow, artifactId, noteSent } from '#features/invoice-artifacts/invoice-artifact.ts';
import { invoiceRef } from '#features/invoices/invoice.ts';
import type { InvoiceRow } from '#features/invoices/invoice-view.ts';
import { invoiceSettings } from '#features/settings/settings.ts';
import type { Call } from '#operation/call.ts';
import { type Id, idSchema, newId } from '#values/id.ts';
import { momentText } from '#values/local-time.ts';
import { notFound, refusal } from '#values/refusal.ts';

export const dispatchId = idSchema('dsp');
export const dispatchKinds = ['invoice', 'reminder', 'receipt'] as const;
/** unclear: the mail server may have taken it, but the line broke before it said so. */
export const dispatchStatuses = ['queued', 'sent', 'failed', 'unclear'] as const;

/** An e-mail about an invoice as every door shows it. */
export const dispatchView = z.object({
  id: dispatchId,
  kind: z.enum(dispatchKinds).describe('What was sent.'),
  invoice: invoiceRef.describe('The invoice it is about.'),
  payment_id: idSchema('pay').nullable().describe('The payment, of a receipt.'),
  level: z.number().int().nullable().describe('Which reminder it is.'),
  to: z.array(z.string()).describe('Recipients.'),
  cc: z.array(z.string()).describe('Copies.'),
  subject: z.string().describe('Its subject.'),
  artifact_ids: z.array(artifactId).describe('The files that went with it.'),
  status: z
    .enum(dispatchStatuses)
    .describe('sent: the mail server has it. unclear: it may have it; ask before sending again.'),
  attempts: z.number().int().describe('How often it was tried.'),
  problem: z.string().nullable().describe('What was in the way, as a sentence.'),
  next_attempt_at: z.string().nullable().describe('When it is tried next.'),
  sent_at: z.string().nullable().describe('When the mail server took it.'),
  resend_of: dispatchId.nullable().describe('The e-mail it repeats.'),
  by: z.string().nullable().describe('Who sent it.'),
  via_app: z.string().nullable().describe('Through which app.'),
  created_at: z.string().describe('When sending was asked for.'),
});

export const noRecipient = refusal<{ client_id: string; client: string }>(
  'no_recipient',
  'conflict',
  'Nobody is known to send it to.',
  ({ client }) =>
    `${client} has no e-mail address. Give to, or add one with clients.update: its own, or that of a contact whose role is billing.`,
  { fixTool: 'clients.update' },
);
export const tooSoon = refusal<{ retry_after_ms: number; last: string }>(
  'too_soon',
  'limited',
  'The same was e-mailed less than a minute ago.',
  ({ retry_after_ms, last }) =>
    `The same was e-mailed less than a minute ago (${last}). If it is really wanted again, try in ${Math.ceil(retry_after_ms / 1000)} seconds.`,
);

/** Recipients at the doors. */
export const toInput = z.array(emailInput).min(1).max(10);
export const ccInput = z.array(emailInput).max(10);
export const messageInput = z.string().trim().min(1).max(5000);
export const subjectInput = z.string().trim().min(1).max(200);

/** A dispatch with what its view shows of other records, and of how far the mail got. */
export interface DispatchRow extends Selectable<InvoiceDispatchesRow> {
  invoice: { id: Id<'inv'>; number: string | null };
  by: string | null;
  status: (typeof dispatchStatuses)[number];
  attempts: number | null;
  problem: MailProblem | null;
  last_error: string | null;
  next_attempt_at: Temporal.Instant | null;
  done_at: Temporal.Instant | null;
}

/** How far the mail with a dispatch's id as key got. Housekeeping takes what was sent long ago out of the outbox. */
const statusSql = sql`case
  when o.id is null or o.done_at is not null then 'sent'
  when o.gave_up_at is null then 'queued'
  when o.problem = 'unclear' then 'unclear'
  else 'failed' end`;

/** Dispatches with how far they got: `where` and `rest` refer to `d`, to `o` (its mail, where that is still there) and to `s` (status). */
export const dispatchRows = async (
  { tx }: Call,
  where: RawBuilder<unknown>,
  rest = sql`order by d.created_at desc, d.id desc`,
): Promise<DispatchRow[]> => {
  const { rows } = await sql<DispatchRow>`
    select d.*, json_build_object('id', i.id, 'number', i.number) as invoice, coalesce(u.name, m.display_name) as by,
      s.status, o.attempts, o.problem, o.last_error, o.done_at,
      case when s.status = 'queued' and o.attempts > 0 then o.available_at end as next_attempt_at
    from invoice_dispatches d
      join invoices i on i.id = d.invoice_id
      left join memberships m on m.id = d.created_by
      left join users u on u.id = m.user_id
      left join outbox o on o.key = d.id
      cross join lateral (select ${statusSql} as status) s
    where ${where} ${rest}`.execute(tx);
  return rows;
};

/** The dispatch of that id, or `not_found`. */
export const findDispatch = async (call: Call, id: Id<'dsp'>): Promise<DispatchRow> => {
  const [row] = await dispatchRows(call, sql`d.id = ${id}`);
  if (row === undefined) throw notFound({});
  return row;
};

/** What of the way a mail could not go, in our words; a mail server's own may hold anything. */
export const problemWords: Readonly<Record<MailProblem, string>> = {
  unreachable: 'The mail server could not be reached.',
  sign_in: 'The mail server did not accept the house’s sign-in.',
  sender: 'The mail server did not accept the house’s address as sender.',
  recipients: 'The mail server did not take the mail for its recipients.',
  some_recipients: 'The mail server refused some of the recipients.',
  mail: 'The mail server refused the mail.',
  attachment: 'A file that should go with it is gone.',
  voided: 'The invoice was voided before it went, so it was not sent.',
  unclear:
    'The line to the mail server broke before it confirmed the mail, so it may or may not have arrived. It is not sent again by itself.',
  other: 'Sending was interrupted.',
};

/** A row as a `dispatchView`. */
export const viewDispatch = (row: DispatchRow, zone: string): z.input<typeof dispatchView> => {
  const moment = (instant: Temporal.Instant | null) => (instant === null ? null : momentText(instant, zone));
  const refused = row.problem === 'some_recipients' && row.last_error !== null ? ` (${row.last_error})` : '';
  return {
    id: row.id,
    kind: row.kind,
    invoice: row.invoice,
    payment_id: row.payment_id,
    level: row.level,
    to: row.recipients,
    cc: row.cc,
    subject: row.subject,
    artifact_ids: row.artifact_ids as Id<'art'>[],
    status: row.status,
    attempts: row.attempts ?? 1,
    problem: row.problem === null ? null : `${problemWords[row.problem]}${refused}`,
    next_attempt_at: moment(row.next_attempt_at),
    sent_at: row.status === 'sent' ? moment(row.done_at ?? row.created_at) : null,
    resend_of: row.resend_of,
    by: row.by,
    via_app: row.via_name,
    created_at: momentText(row.created_at, zone),
  };
};

const billingRole = /bill|invoic|account|financ|rechnung|buchhalt|factur|compta/i;

/** Who gets mail about an invoice where nobody is named: the client, or its contacts for billing. May be nobody. */
const usualRecipients = async ({ tx }: Call, client: Id<'cli'>): Promise<string[]> => {
  const { email } = await tx
    .selectFrom('clients')
    .select('email')
    .where('id', '=', client)
    .executeTakeFirstOrThrow();
  if (email !== null) return [email];
  const contacts = await tx
    .selectFrom('client_contacts')
    .select(['email', 'role'])
    .where('client_id', '=', client)
    .orderBy('position')
    .execute();
  return contacts
    .flatMap(({ email: address, role }) =>
      address !== null && billingRole.test(role ?? '') ? [address] : [],
    )
    .slice(0, 10);
};

/** Each address once, whatever its case. */
const distinct = (addresses: readonly string[]): string[] => [
  ...new Map(addresses.map((address) => [address.toLowerCase(), address])).values(),
];

/** Who gets it: those named, else the usual ones; refuses where that is nobody. */
export const recipientsFor = async (
  call: Call,
  row: Pick<InvoiceRow, 'client_id' | 'client'>,
  to: readonly string[] | undefined,
): Promise<string[]> => {
  const recipients = distinct(to ?? (await usualRecipients(call, row.client_id)));
  if (recipients.length === 0) throw noRecipient({ client_id: row.client_id, client: row.client.name }, 'to');
  return recipients;
};

const pauseSeconds = 60;
/**
 * Refuses where the same kind of mail about this invoice (or payment) was asked for less than a minute ago, unless that is known to have
 * reached nobody. The caller holds the invoice.
 */
export const refuseTooSoon = async (
  call: Call,
  kind: DispatchRow['kind'],
  about: { invoice: Id<'inv'>; payment: Id<'pay'> | null },
): Promise<void> => {
  const { rows } = await sql<{ id: string; created_at: Temporal.Instant }>`
    select d.id, d.created_at from invoice_dispatches d left join outbox o on o.key = d.id
    where d.invoice_id = ${about.invoice} and d.kind = ${kind} and d.payment_id is not distinct from ${about.payment}
      and ${statusSql} <> 'failed'
    order by d.created_at desc limit 1`.execute(call.tx);
  const [last] = rows;
  if (last === undefined) return;
  const wait = last.created_at.add({ seconds: pauseSeconds }).epochMilliseconds - call.now.epochMilliseconds;
  if (wait > 0) throw tooSoon({ retry_after_ms: wait, last: last.id });
};

/** A mail about an invoice, before it is one. */
export interface Posting {
  readonly kind: DispatchRow['kind'];
  readonly invoice: Id<'inv'>;
  readonly payment?: Id<'pay'> | null;
  readonly level?: number | null;
  readonly to: readonly string[];
  readonly cc?: readonly string[] | undefined;
  readonly subject: string;
  readonly body: string;
  readonly artifacts: readonly ArtifactRow[];
  readonly resendOf?: Id<'dsp'>;
}

/**
 * Puts a mail on its way: notes it, keeps its files from now on, and writes it to the outbox with the dispatch's id as key. Everything
 * in the call's transaction, so either all of it is there or nothing.
 */
export const postDispatch = async (call: Call, posting: Posting): Promise<DispatchRow> => {
  const { tx, actor, now } = call;
  const id = newId('dsp', now);
  const { artifacts, subject, body } = posting;
  const to = distinct(posting.to);
  const cc = distinct(posting.cc ?? []).filter(
    (address) => !to.some((one) => one.toLowerCase() === address.toLowerCase()),
  );
  await tx
    .insertInto('invoice_dispatches')
    .values({
      id,
      invoice_id: posting.invoice,
      payment_id: posting.payment ?? null,
      kind: posting.kind,
      level: posting.level ?? null,
      recipients: to,
      cc,
      subject,
      body,
      artifact_ids: artifacts.map((artifact) => artifact.id),
      resend_of: posting.resendOf ?? null,
      created_by: actor.membership.id,
      via_name: actor.via.name,
    })
    .execute();
  await noteSent(
    call,
    artifacts.map((artifact) => artifact.id),
  );
  const { legal_name, email } = await invoiceSettings(tx);
  await postMail(tx, id, {
    to,
    cc,
    fromName: legal_name,
    ...(email === null ? {} : { replyTo: email }),
    subject,
    text: body,
    attachments: artifacts.map(({ file_name, mime, sha256 }) => ({ name: file_name, mime, sha256 })),
    headers: { 'X-Stint-Dispatch': id },
    once: true,
  });
  return findDispatch(call, id);
};

/** Recipients as a sentence names them. */
export const namedRecipients = (to: readonly string[]): string =>
  to.length === 1 ? to[0]! : `${to.slice(0, -1).join(', ')} and ${to.at(-1)!}`;
