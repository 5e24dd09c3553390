import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { contentHash } from '#documents/content-hash.ts';
import { artifactView, findArtifact, viewArtifact } from '#features/invoice-artifacts/invoice-artifact.ts';
import {
  dispatchView,
  namedRecipients,
  noRecipient,
  recipientsFor,
  viewDispatch,
} from '#features/invoice-dispatches/invoice-dispatch.ts';
import { invoiceSettings } from '#features/settings/settings.ts';
import { type Call, checkVersion, expectedVersion } from '#operation/call.ts';
import { insufficientScope } from '#operation/obstacle.ts';
import { operation } from '#operation/operation.ts';
import { refuseWithout } from '#operation/refuse-without.ts';
import { localTimeRefusals, momentInput, momentText, readMoment } from '#values/local-time.ts';
import { formatAmount } from '#values/money.ts';
import { validationFailed } from '#values/refusal.ts';
import { checkConfirmation, confirmationMismatch, confirmInput } from './confirmation.ts';
import { invalidState, invoiceId } from './invoice.ts';
import { documentOf } from './invoice-document.ts';
import { findInvoice, type InvoiceRow, invoiceView, storedInvoice, viewInvoice } from './invoice-view.ts';
import { issueRefusals } from './issue.ts';
import {
  invoiceMail,
  type MailWish,
  mailFields,
  mailHash,
  refuseUnsendable,
  sendOut,
  type SendRequest,
} from './outgoing-invoice.ts';

/** "1,190.00 EUR", as a question to a person says it. */
const amountInWords = ({ total_minor, currency }: InvoiceRow): string => {
  const text = formatAmount(total_minor, currency);
  const minimumFractionDigits = text.split('.')[1]?.length ?? 0;
  // Decimal text is read exactly; a number would not be.
  const words = new Intl.NumberFormat('en', { minimumFractionDigits }).format(text as `${number}`);
  return `${words} ${currency}`;
};

const refuseUnpermitted = ({ actor }: Call, row: InvoiceRow): void => {
  if (row.finalized_at === null) refuseWithout(actor, ['invoices:send', 'invoices:write'], 'invoices.send');
};

/** When to send, where it is not now. */
const readSchedule = (call: Call, text: string | undefined, row: InvoiceRow): Temporal.Instant | null => {
  if (text === undefined) return null;
  const { zone, now } = call;
  const at = readMoment(text, { zone, now, field: 'schedule_at' });
  const refuse = (message: string) => validationFailed({ message }, 'schedule_at');
  if (Temporal.Instant.compare(at, now) <= 0) {
    throw refuse(`schedule_at must be after now, ${momentText(now, zone)}. Leave it out to send at once.`);
  }
  if (Temporal.Instant.compare(at, now.add({ hours: 24 * 366 })) > 0) {
    throw refuse('schedule_at must be within a year.');
  }
  if (row.finalized_at === null) return at;
  const message = `${row.number!} was issued already; only a draft can be scheduled. Send it now, without schedule_at.`;
  throw invalidState({ id: row.id, status: row.display_status, message });
};

const schedule = async (call: Call, row: InvoiceRow, at: Temporal.Instant, wish: MailWish): Promise<void> => {
  const { tx, actor } = call;
  await recipientsFor(call, row, wish.to);
  const request: SendRequest = {
    ...wish,
    content_hash: contentHash(await documentOf(tx, row)),
    user_id: actor.user.id,
  };
  await tx
    .updateTable('invoices')
    .set({ status: 'scheduled', send_at: at, send_request: JSON.stringify(request) })
    .where('id', '=', row.id)
    .execute();
};

/**
 * Refuses a mail that nobody saw: whoever wants another recipient, subject or text than the usual ones confirms a preview of just these.
 */
const checkMail = async (
  call: Call,
  row: InvoiceRow,
  { preview_id }: z.output<typeof confirmInput>,
  wish: MailWish,
): Promise<void> => {
  const { tx } = call;
  const isUsual = Object.values(wish).every((part) => part === undefined);
  if (preview_id === undefined && isUsual) return;
  const { subject, body } = invoiceMail(await documentOf(tx, row), await invoiceSettings(tx), wish);
  const now = mailHash({ to: await recipientsFor(call, row, wish.to), cc: wish.cc ?? [], subject, body });
  const shown = await tx
    .selectFrom('invoice_previews')
    .select('mail_hash')
    .where('invoice_id', '=', row.id)
    .where('id', '=', preview_id ?? 'prv_')
    .executeTakeFirst();
  if (shown?.mail_hash === now) return;
  throw confirmationMismatch({ what: 'mail', confirmed: preview_id ?? 'none', now }, 'confirm.preview_id');
};

export const sendInvoice = operation({
  name: 'invoices.send',
  title: 'E-mail an invoice',
  summary: 'E-mail an invoice or credit note to the client, as PDF; a draft gets its number first.',
  guidance:
    'Reaches the client and cannot be taken back: a deliberate act of the user. Show invoices.preview, let them agree to recipients and total, and confirm exactly that; another recipient, subject or message needs its preview_id. To send again use invoice_dispatches.resend.',
  effect: 'send',
  needs: { scope: ['invoices:send', 'invoices:read'], role: 'manager', entitlement: 'invoicing' },
  idempotencyKey: 'required',
  input: z.object({
    id: invoiceId,
    confirm: confirmInput,
    ...mailFields,
    schedule_at: momentInput.optional().describe('Send a draft then, in the user’s zone; default now.'),
    expected_version: expectedVersion,
  }),
  output: z.object({
    invoice: invoiceView.describe('The invoice as it is now.'),
    dispatch: dispatchView.nullable().describe('The e-mail; null while it is scheduled.'),
    artifacts: z.array(artifactView).describe('The files that went with it.'),
    send_at: z.string().nullable().describe('When it will be sent, if scheduled.'),
  }),
  refusals: [...issueRefusals, confirmationMismatch, noRecipient, insufficientScope, ...localTimeRefusals],
  async asks({ id, to, schedule_at }, call) {
    const row = await findInvoice(call, id);
    refuseUnpermitted(call, row);
    await refuseUnsendable(call, row);
    const at = readSchedule(call, schedule_at, row);
    const recipients = namedRecipients(await recipientsFor(call, row, to));
    const noun = row.kind === 'invoice' ? 'invoice' : 'credit note';
    const what =
      row.number === null
        ? `${noun} to ${row.client.name} (draft, ${amountInWords(row)})`
        : `${noun} ${row.number} (${amountInWords(row)})`;
    return `E-mail ${what} to ${recipients}${at === null ? '' : ` at ${momentText(at, call.zone)}`}?`;
  },
  async handle({ id, confirm, schedule_at, expected_version, ...wish }, call) {
    const { tx, zone, changed } = call;
    await lockRow(tx, 'invoices', id);
    const row = await findInvoice(call, id);
    refuseUnpermitted(call, row);
    checkVersion(expected_version, row);
    await refuseUnsendable(call, row);
    const at = readSchedule(call, schedule_at, row);
    await checkConfirmation(call, row, confirm);
    await checkMail(call, row, confirm, wish);
    const before = await storedInvoice(call, row);
    if (at !== null) {
      await schedule(call, row, at, wish);
      const after = await findInvoice(call, id);
      changed({ id, before, after: { ...(await storedInvoice(call, after)), send_to: wish.to } });
      return {
        invoice: viewInvoice(after, zone),
        dispatch: null,
        artifacts: [],
        send_at: momentText(at, zone),
      };
    }
    const sent = await sendOut(call, row, wish);
    const dispatch = viewDispatch(sent.dispatch, zone);
    const artifact = await findArtifact(call, sent.artifact.id);
    changed({ id, before, after: { ...(await storedInvoice(call, sent.invoice)), dispatch } });
    return {
      invoice: viewInvoice(sent.invoice, zone),
      dispatch,
      artifacts: [await viewArtifact(call, artifact)],
      send_at: null,
    };
  },
});
