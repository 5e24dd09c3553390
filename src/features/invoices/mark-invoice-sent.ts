import { sql } from 'kysely';
import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { type Call, checkVersion, expectedVersion } from '#operation/call.ts';
import { keepPdf } from '#features/invoice-artifacts/invoice-artifact.ts';
import { dispatchRows } from '#features/invoice-dispatches/invoice-dispatch.ts';
import { operation } from '#operation/operation.ts';
import { dateInput } from '#values/local-time.ts';
import { validationFailed } from '#values/refusal.ts';
import { checkConfirmation, confirmationMismatch, confirmInput } from './confirmation.ts';
import { invalidState, invoiceId, workspaceToday } from './invoice.ts';
import {
  changedInvoice,
  findInvoice,
  invoiceDetail,
  type InvoiceRow,
  storedInvoice,
} from './invoice-view.ts';
import { issue, issueRefusals } from './issue.ts';

/** Whether it counts as sent only because of an e-mail that failed. @see `whetherItArrived` in src/jobs/clockwork.ts */
const onlyFailed = async (call: Call, { id, sent_at }: InvoiceRow): Promise<boolean> => {
  const mails = await dispatchRows(call, sql`d.invoice_id = ${id} and d.kind = 'invoice'`);
  return (
    mails.every(({ status }) => status === 'failed') &&
    mails.some(({ created_at }) => sent_at !== null && created_at.equals(sent_at))
  );
};

export const markInvoiceSent = operation({
  name: 'invoices.mark_sent',
  title: 'Mark an invoice as sent',
  summary: 'Note that an invoice was sent by other means; a draft is issued first.',
  guidance:
    'E-mails nobody. A draft gets its number: ask the user, and confirm what invoices.preview showed.',
  effect: 'update',
  needs: { scope: ['invoices:write', 'invoices:read'], role: 'manager', entitlement: 'invoicing' },
  input: z.object({
    id: invoiceId,
    on: dateInput.optional().describe('Day it was sent; default today.'),
    confirm: confirmInput.optional().describe('Needed for a draft: what the user saw and agreed to.'),
    expected_version: expectedVersion,
  }),
  output: z.object({ invoice: invoiceDetail.describe('The invoice as it is now.') }),
  refusals: [...issueRefusals, confirmationMismatch],
  async handle({ id, on, confirm, expected_version }, call) {
    const { tx, actor } = call;
    await lockRow(tx, 'invoices', id);
    const row = await findInvoice(call, id);
    checkVersion(expected_version, row);
    const today = workspaceToday(call);
    const day = on === undefined ? today : Temporal.PlainDate.from(on);
    if (Temporal.PlainDate.compare(day, today) > 0) {
      throw validationFailed({ message: `on must not be after today, ${today.toString()}.` }, 'on');
    }
    if (row.status === 'void' || row.status === 'written_off') {
      const message = `${row.number!} is ${row.status === 'void' ? 'void' : 'written off'}, so it was not sent now.`;
      throw invalidState({ id, status: row.status, message });
    }
    const before = await storedInvoice(call, row);
    if (row.finalized_at === null) {
      if (confirm === undefined) {
        throw validationFailed(
          { message: 'This is a draft: give confirm with what the user saw in invoices.preview.' },
          'confirm',
        );
      }
      await checkConfirmation(call, row, confirm);
      await keepPdf(call, await issue(call, row));
    }
    const { timezone } = actor.workspace;
    if (row.sent_at === null || (await onlyFailed(call, row))) {
      const sentAt = day.toZonedDateTime({ timeZone: timezone, plainTime: '12:00' }).toInstant();
      await tx.updateTable('invoices').set({ sent_at: sentAt }).where('id', '=', id).execute();
    } else if (on !== undefined) {
      const noted = row.sent_at.toZonedDateTimeISO(timezone).toPlainDate();
      if (!noted.equals(day))
        call.warn(`${row.number!} was sent on ${noted.toString()} already; that stays.`);
    }
    return { invoice: await changedInvoice(call, await findInvoice(call, id), before) };
  },
});
