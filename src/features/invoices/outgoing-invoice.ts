import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { InvoiceDocument } from '#documents/invoice-document.ts';
import { type ArtifactRow, keepPdf } from '#features/invoice-artifacts/invoice-artifact.ts';
import {
  ccInput,
  type DispatchRow,
  dispatchRows,
  messageInput,
  postDispatch,
  recipientsFor,
  subjectInput,
  toInput,
} from '#features/invoice-dispatches/invoice-dispatch.ts';
import { mailText } from '#features/invoice-dispatches/mail-text.ts';
import { type InvoiceSettings, invoiceSettings } from '#features/settings/settings.ts';
import type { Call } from '#operation/call.ts';
import { momentText } from '#values/local-time.ts';
import { invalidState } from './invoice.ts';
import { documentOf } from './invoice-document.ts';
import { findInvoice, type InvoiceRow } from './invoice-view.ts';
import { issue, refuseUnissuable } from './issue.ts';

/** To whom an invoice goes, and with what words. */
export const mailFields = {
  to: toInput.optional().describe('Recipients; default the client, or its billing contacts.'),
  cc: ccInput.optional().describe('Copies.'),
  subject: subjectInput.optional().describe('Default as the settings say. {number} is filled in.'),
  message: messageInput.optional().describe('Text of the e-mail, in place of the usual one.'),
};
export type MailWish = z.output<z.ZodObject<typeof mailFields>>;

/** What is kept of a scheduled sending: what was agreed to, and who asked. */
export interface SendRequest extends MailWish {
  readonly content_hash: string;
  readonly user_id: string;
  /** Why it did not go, where it came to that; the invoice is a draft again then. */
  readonly problem?: string;
}

/** Subject and body of the mail that an invoice or credit note goes with. */
export const invoiceMail = (
  document: InvoiceDocument,
  settings: InvoiceSettings,
  wish: Pick<MailWish, 'subject' | 'message'>,
) => {
  const isInvoice = document.kind === 'invoice';
  return mailText(document, isInvoice ? 'invoice' : 'credit_note', {
    subject: wish.subject ?? (isInvoice ? settings.email_subject : null),
    body: wish.message ?? (isInvoice ? settings.email_body : null),
  });
};

/** What of a mail a person agrees to: to whom it goes and what it says, its number left open where there is none yet. */
export const mailHash = (mail: {
  to: readonly string[];
  cc: readonly string[];
  subject: string;
  body: string;
}): string =>
  createHash('sha256')
    .update(JSON.stringify([mail.to, mail.cc, mail.subject, mail.body]))
    .digest('hex');

/** Why there is no other e-mail of an invoice, by how far the one that got furthest got. */
const wordsOf: Readonly<Record<DispatchRow['status'], string>> = {
  queued: 'is on its way by e-mail already, and goes by itself',
  sent: 'was e-mailed already',
  failed: 'reached nobody: its e-mail failed',
  unclear: 'was e-mailed already, but it is unclear whether it arrived',
};

/** Refuses to send what is void, given up, scheduled, or was sent from here before. */
export const refuseUnsendable = async (
  call: Call,
  row: InvoiceRow,
  { scheduled = false }: { scheduled?: boolean } = {},
): Promise<void> => {
  const refuse = (message: string) => invalidState({ id: row.id, status: row.display_status, message });
  const name = row.number ?? row.id;
  if (row.status === 'void' || row.status === 'written_off') {
    throw refuse(`${name} is ${row.status === 'void' ? 'void' : 'written off'}, so it is not sent.`);
  }
  if (row.status === 'scheduled' && !scheduled) {
    const at = momentText(row.send_at!, call.zone);
    throw refuse(
      `${name} is scheduled to be sent at ${at}. To send it now, take it back first: invoices.update with scheduled false.`,
    );
  }
  if (row.finalized_at === null) return refuseUnissuable(call, row);
  const [dispatch] = await dispatchRows(
    call,
    sql`d.invoice_id = ${row.id} and d.kind = 'invoice'`,
    sql`order by s.status = 'failed', d.created_at desc limit 1`,
  );
  if (dispatch !== undefined) {
    throw refuse(
      `${name} ${wordsOf[dispatch.status]} (${dispatch.id}). invoice_dispatches.resend sends the same again.`,
    );
  }
};

/** What came of sending. */
export interface SentInvoice {
  readonly invoice: InvoiceRow;
  readonly dispatch: DispatchRow;
  readonly artifact: ArtifactRow;
}

/**
 * Issues a draft where it is one, keeps its PDF and puts the mail on its way. The caller holds the invoice, has checked what was
 * confirmed, and says afterwards what changed.
 */
export const sendOut = async (call: Call, row: InvoiceRow, wish: MailWish): Promise<SentInvoice> => {
  const { tx, now } = call;
  const to = await recipientsFor(call, row, wish.to);
  const issued = row.finalized_at === null ? await issue(call, row) : row;
  if (issued.sent_at === null) {
    await tx.updateTable('invoices').set({ sent_at: now }).where('id', '=', row.id).execute();
  }
  const artifact = await keepPdf(call, issued);
  const { subject, body } = invoiceMail(await documentOf(tx, issued), await invoiceSettings(tx), wish);
  const dispatch = await postDispatch(call, {
    kind: 'invoice',
    invoice: row.id,
    to,
    cc: wish.cc,
    subject,
    body,
    artifacts: [artifact],
  });
  return { invoice: await findInvoice(call, row.id), dispatch, artifact };
};
