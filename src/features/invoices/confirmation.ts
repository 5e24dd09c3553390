import { z } from 'zod';
import { contentHash } from '#documents/content-hash.ts';
import type { Call } from '#operation/call.ts';
import { idSchema } from '#values/id.ts';
import { formatAmount } from '#values/money.ts';
import { refusal, validationFailed } from '#values/refusal.ts';
import { documentOf } from './invoice-document.ts';
import type { InvoiceRow } from './invoice-view.ts';

/** What the user agreed to, as the preview showed it. */
export const confirmInput = z
  .strictObject({
    content_hash: z.string().max(64).optional().describe('From invoices.preview or invoices.get.'),
    preview_id: idSchema('prv').optional().describe('Or the preview that was shown.'),
    total: z.string().max(30).describe('The total the user agreed to, like "1190.00".'),
    currency: z.string().max(3).describe('Its currency.'),
  })
  .describe('What the user saw and agreed to; refused if it is not what would go out.');

export const confirmationMismatch = refusal<{
  what: 'content_hash' | 'total' | 'currency' | 'preview_id' | 'mail';
  confirmed: string;
  now: string;
}>(
  'confirmation_mismatch',
  'conflict',
  'What would go out is not what was confirmed; nothing was done.',
  ({ what, confirmed, now }) =>
    what === 'mail'
      ? 'Recipients, subject or message are not those of the confirmed preview. Nothing was done. Give invoices.preview the same to, cc, subject and message, show it to the user, and confirm its preview_id.'
      : what === 'preview_id'
        ? `The preview ${confirmed} is no longer good: it expired, or the invoice changed since. Nothing was done. Show the user a new invoices.preview and confirm that.`
        : `The confirmed ${what} is ${confirmed.slice(0, 64)}, but it is ${now} now. Nothing was done. Show the user a new invoices.preview and confirm that.`,
  { fixTool: 'invoices.preview' },
);

/** Refuses unless the invoice is what was confirmed: same content, same total, same currency. */
export const checkConfirmation = async (
  { tx, now }: Call,
  row: InvoiceRow,
  confirm: z.output<typeof confirmInput>,
): Promise<void> => {
  const hash = contentHash(await documentOf(tx, row));
  const { content_hash, preview_id } = confirm;
  if (content_hash === undefined && preview_id === undefined) {
    throw validationFailed(
      { message: 'confirm needs content_hash or preview_id, from invoices.preview.' },
      'confirm.content_hash',
    );
  }
  if (content_hash !== undefined && content_hash !== hash) {
    throw confirmationMismatch(
      { what: 'content_hash', confirmed: content_hash, now: hash },
      'confirm.content_hash',
    );
  }
  if (preview_id !== undefined) {
    const preview = await tx
      .selectFrom('invoice_previews')
      .select(['content_hash', 'expires_at'])
      .where('id', '=', preview_id)
      .where('invoice_id', '=', row.id)
      .executeTakeFirst();
    const good = preview?.content_hash === hash && Temporal.Instant.compare(preview.expires_at, now) > 0;
    if (!good)
      throw confirmationMismatch(
        { what: 'preview_id', confirmed: preview_id, now: hash },
        'confirm.preview_id',
      );
  }
  const total = formatAmount(row.total_minor, row.currency);
  if (confirm.currency.toUpperCase() !== row.currency) {
    throw confirmationMismatch(
      { what: 'currency', confirmed: confirm.currency, now: row.currency },
      'confirm.currency',
    );
  }
  if (confirm.total !== total) {
    throw confirmationMismatch({ what: 'total', confirmed: confirm.total, now: total }, 'confirm.total');
  }
};
