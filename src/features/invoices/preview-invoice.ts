import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { contentHash } from '#documents/content-hash.ts';
import type { InvoiceDocument } from '#documents/invoice-document.ts';
import { renderHtml } from '#documents/render-html.ts';
import { fileLink } from '#features/invoice-artifacts/file-link.ts';
import { fileNameOf, keepDrawing } from '#features/invoice-artifacts/invoice-artifact.ts';
import { noRecipient, recipientsFor } from '#features/invoice-dispatches/invoice-dispatch.ts';
import { type InvoiceSettings, invoiceSettings } from '#features/settings/settings.ts';
import type { Call } from '#operation/call.ts';
import { fileAddress } from '#operation/linked-files.ts';
import { operation } from '#operation/operation.ts';
import { idSchema, newId } from '#values/id.ts';
import { momentText } from '#values/local-time.ts';
import { amountText, currencyText, formatAmount } from '#values/money.ts';
import { Refusal } from '#values/refusal.ts';
import { invoiceId, workspaceToday } from './invoice.ts';
import { documentOf } from './invoice-document.ts';
import { findInvoice, type InvoiceRow } from './invoice-view.ts';
import { disorder } from './issue.ts';
import { invoiceMail, mailHash, mailFields, refuseUnsendable } from './outgoing-invoice.ts';

const lifetime = { minutes: 15 };

/** What the refusal of `attempt` says, or nothing. */
const refusalIn = async (attempt: () => Promise<unknown>): Promise<string[]> => {
  try {
    await attempt();
    return [];
  } catch (error) {
    if (error instanceof Refusal) return [error.message];
    throw error;
  }
};

/** What the user should know before this goes out, as sentences; what would stop it comes first. */
const problemsOf = async (
  call: Call,
  row: InvoiceRow,
  document: InvoiceDocument,
  settings: InvoiceSettings,
  to: readonly string[] | undefined,
): Promise<string[]> => {
  const missing = (lacks: boolean, sentence: string) => (lacks ? [sentence] : []);
  const { supplier, customer, payment, due_on, kind } = document;
  const isInvoice = kind === 'invoice';
  const late = due_on !== null && Temporal.PlainDate.compare(due_on, workspaceToday(call)) < 0;
  const notice = row.finalized_at === null ? await disorder(call, row, settings) : null;
  const isTaxed = document.tax_groups.some(({ tax }) => /[1-9]/.test(tax));
  return [
    ...(await refusalIn(() => refuseUnsendable(call, row))),
    ...(await refusalIn(() => recipientsFor(call, row, to))),
    ...missing(
      supplier.address.length === 0,
      'Your own address is missing; an invoice must have it. settings.update sets it.',
    ),
    ...missing(
      supplier.tax_id === null && isTaxed,
      'Your tax ID is missing although tax is charged. settings.update sets it.',
    ),
    ...missing(
      customer.address.length === 0,
      `The address of ${customer.name} is missing. clients.update sets it.`,
    ),
    ...missing(
      isInvoice && payment === null,
      'Nothing says how to pay: no bank account and no payment note. settings.update sets them.',
    ),
    ...missing(
      settings.email === null,
      'Answers of the client would not reach you: no e-mail address of yours is set. settings.update sets it.',
    ),
    ...(notice === null ? [] : [notice]),
    ...missing(late, `The due date, ${due_on}, is in the past.`),
    ...missing(isInvoice && row.payable_minor === 0n, 'There is nothing to pay on it.'),
  ];
};

export const previewInvoice = operation({
  name: 'invoices.preview',
  title: 'Preview an invoice',
  summary: 'Show an invoice, its e-mail and recipients exactly as they would go out, changing nothing.',
  guidance:
    'A deliberate act of the user, as sending is: show it before invoices.send or invoices.finalize, problems included, and confirm with its content_hash, total and currency.',
  effect: 'update',
  needs: { scope: 'invoices:read', role: 'manager', entitlement: 'invoicing' },
  input: z.object({
    id: invoiceId,
    format: z
      .enum(['pdf', 'html', 'json'])
      .default('pdf')
      .describe('pdf: a link; json: the document as data.'),
    ...mailFields,
  }),
  output: z.object({
    preview_id: idSchema('prv').describe('Can be confirmed until it expires.'),
    content_hash: z.string().describe('Of what stands on the document; confirm it.'),
    expires_at: z.string().describe('When preview_id expires.'),
    total: amountText.describe('With tax; confirm it.'),
    currency: currencyText,
    recipients: z.array(z.string()).describe('To whom it would go.'),
    cc: z.array(z.string()).describe('Copies.'),
    subject: z.string().describe('Of the e-mail. {number} of a draft is known when it is issued.'),
    body: z.string().describe('Text of the e-mail.'),
    problems: z.array(z.string()).describe('What the user should know first.'),
    url: fileAddress('The file, for ten minutes, without signing in.').nullable(),
    html: z.string().optional().describe('The page, without the logo.'),
    document: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('Everything that stands on it, without the logo.'),
  }),
  async handle({ id, format, ...wish }, call) {
    const { tx, now, zone, changed } = call;
    await lockRow(tx, 'invoices', id);
    const row = await findInvoice(call, id);
    const document = await documentOf(tx, row);
    const settings = await invoiceSettings(tx);
    const { subject, body } = invoiceMail(document, settings, wish);
    const problems = await problemsOf(call, row, document, settings, wish.to);
    const recipients = await recipientsFor(call, row, wish.to).catch((error: unknown) => {
      if (error instanceof Refusal && error.definition === noRecipient) return [];
      throw error;
    });
    const preview = { preview_id: newId('prv', now), content_hash: contentHash(document) };
    const expires = now.add(lifetime);
    await tx
      .insertInto('invoice_previews')
      .values({
        id: preview.preview_id,
        invoice_id: id,
        content_hash: preview.content_hash,
        mail_hash: mailHash({ to: recipients, cc: wish.cc ?? [], subject, body }),
        expires_at: expires,
      })
      .execute();
    const url =
      format === 'json'
        ? null
        : await fileLink(call, await keepDrawing(call, document, format), fileNameOf(row, format));
    changed({ id: preview.preview_id, after: { invoice_id: id, ...preview } });
    const { logo: _, ...shown } = document;
    return {
      ...preview,
      expires_at: momentText(expires, zone),
      total: formatAmount(row.total_minor, row.currency),
      currency: row.currency,
      recipients,
      cc: wish.cc ?? [],
      subject,
      body,
      problems,
      url,
      ...(format === 'html' ? { html: renderHtml({ ...document, logo: null }) } : {}),
      ...(format === 'json' ? { document: shown } : {}),
    };
  },
});
