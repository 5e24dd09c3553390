import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { keepDocument, keepPdf } from '#features/invoice-artifacts/invoice-artifact.ts';
import {
  ccInput,
  dispatchView,
  messageInput,
  namedRecipients,
  noRecipient,
  postDispatch,
  recipientsFor,
  refuseTooSoon,
  tooSoon,
  toInput,
  viewDispatch,
} from '#features/invoice-dispatches/invoice-dispatch.ts';
import { letterAbout } from '#features/invoice-dispatches/letter.ts';
import { mailText } from '#features/invoice-dispatches/mail-text.ts';
import { reminderSettings } from '#features/settings/settings.ts';
import type { Call } from '#operation/call.ts';
import { operation } from '#operation/operation.ts';
import type { Id } from '#values/id.ts';
import { formatAmount } from '#values/money.ts';
import { invalidState, invoiceId } from './invoice.ts';
import { findInvoice, type InvoiceRow } from './invoice-view.ts';

/** As many as the settings can have. */
const mostLevel = 10;

/** Why nobody is reminded of it, as a sentence, or null. */
const noReason = (row: InvoiceRow): string | null => {
  const name = row.number ?? row.id;
  const { display_status: status, due_date } = row;
  if (row.kind === 'credit_note') return `${name} is a credit note; nothing is owed of it.`;
  if (status === 'draft' || status === 'scheduled') return `${name} was not sent yet: invoices.send.`;
  if (status === 'overdue') return null;
  if (status === 'paid') return `${name} is paid; nothing is owed of it.`;
  if (status === 'void' || status === 'written_off')
    return `${name} is ${status === 'void' ? 'void' : 'written off'}; nothing is expected of it.`;
  return `${name} is not overdue: it is due on ${due_date.toString()}.`;
};

/** The overdue invoice and which reminder this is, or the refusal to remind anybody of it. */
const remindable = async (call: Call, id: Id<'inv'>, level: number | undefined) => {
  const row = await findInvoice(call, id);
  const message = noReason(row);
  if (message !== null) throw invalidState({ id, status: row.display_status, message });
  await refuseTooSoon(call, 'reminder', { invoice: id, payment: null });
  const { last } = await call.tx
    .selectFrom('invoice_dispatches')
    .select(({ fn }) => fn.max('level').as('last'))
    .where('invoice_id', '=', id)
    .where('kind', '=', 'reminder')
    .executeTakeFirstOrThrow();
  return { row, level: level ?? Math.min((last ?? 0) + 1, mostLevel) };
};

export const remindInvoice = operation({
  name: 'invoices.remind',
  title: 'Send a payment reminder',
  summary:
    'E-mail the client a reminder of an overdue invoice, with a letter of what is owed and the invoice.',
  guidance:
    'Reaches the client: a deliberate act of the user, so ask them first and name recipients and sum.',
  effect: 'send',
  needs: { scope: ['invoices:send', 'invoices:read'], role: 'manager', entitlement: 'invoicing' },
  idempotencyKey: 'required',
  input: z.object({
    id: invoiceId,
    level: z.number().int().min(1).max(mostLevel).optional().describe('Which reminder; default one more.'),
    to: toInput.optional().describe('Recipients; default the client, or its billing contacts.'),
    cc: ccInput.optional().describe('Copies.'),
    message: messageInput.optional().describe('Text of the e-mail, in place of the usual one.'),
  }),
  output: z.object({ dispatch: dispatchView.describe('The e-mail.') }),
  refusals: [invalidState, noRecipient, tooSoon],
  async asks({ id, level, to }, call) {
    const { row, level: which } = await remindable(call, id, level);
    const recipients = namedRecipients(await recipientsFor(call, row, to));
    const owed = `${formatAmount(row.balance_minor, row.currency)} ${row.currency}`;
    return `E-mail reminder ${which} for invoice ${row.number!} (${owed} since ${row.due_date.toString()}) to ${recipients}?`;
  },
  async handle({ id, level, to, cc, message }, call) {
    const { tx, zone, changed } = call;
    await lockRow(tx, 'invoices', id);
    const { row, level: which } = await remindable(call, id, level);
    const recipients = await recipientsFor(call, row, to);
    const letter = await letterAbout(call, row, 'reminder');
    const wish = { body: message ?? (await reminderSettings(tx)).message };
    const { subject, body } = mailText(letter, 'reminder', wish, { level: which });
    const artifacts = [await keepDocument(call, row, letter, 'reminder'), await keepPdf(call, row)];
    const dispatch = await postDispatch(call, {
      kind: 'reminder',
      invoice: id,
      level: which,
      to: recipients,
      cc,
      subject,
      body,
      artifacts,
    });
    const view = viewDispatch(dispatch, zone);
    changed({ id: dispatch.id, after: { ...view, body } });
    return { dispatch: view };
  },
});
