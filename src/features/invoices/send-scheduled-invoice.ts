import { z } from 'zod';
import { savepoint } from '#database/database.ts';
import { lockRow } from '#database/lock-row.ts';
import { contentHash } from '#documents/content-hash.ts';
import { dispatchView, viewDispatch } from '#features/invoice-dispatches/invoice-dispatch.ts';
import { operation } from '#operation/operation.ts';
import { Refusal } from '#values/refusal.ts';
import { invalidState, invoiceId } from './invoice.ts';
import { documentOf } from './invoice-document.ts';
import { findInvoice, invoiceView, storedInvoice, viewInvoice } from './invoice-view.ts';
import { refuseUnsendable, sendOut, type SendRequest } from './outgoing-invoice.ts';

const changedSince =
  'What stands on the invoice changed after its sending was agreed to (a setting, the client, or its texts), so it was not sent.';

export const sendScheduledInvoice = operation({
  name: 'invoices.send_scheduled',
  title: 'Send a scheduled invoice',
  summary: 'Send an invoice whose moment has come; where it cannot go, it is a draft again and says why.',
  effect: 'send',
  needs: {
    scope: ['invoices:send', 'invoices:write', 'invoices:read'],
    role: 'manager',
    entitlement: 'invoicing',
  },
  // Done by the clock alone, in the name of whoever scheduled it.
  doors: [],
  input: z.object({ id: invoiceId }),
  output: z.object({
    invoice: invoiceView.describe('The invoice as it is now.'),
    dispatch: dispatchView.nullable().describe('The e-mail; null where it did not go.'),
    problem: z.string().nullable().describe('Why it did not go.'),
  }),
  refusals: [invalidState],
  async handle({ id }, call) {
    const { tx, now, zone, changed } = call;
    await lockRow(tx, 'invoices', id);
    const row = await findInvoice(call, id);
    if (row.status !== 'scheduled' || Temporal.Instant.compare(row.send_at!, now) > 0) {
      const message = `${row.number ?? id} is not due to be sent now.`;
      throw invalidState({ id, status: row.display_status, message });
    }
    const { content_hash: agreed, user_id: _, ...wish } = row.send_request as SendRequest;
    const before = await storedInvoice(call, row);
    try {
      const sent = await savepoint(tx, async () => {
        await refuseUnsendable(call, row, { scheduled: true });
        if (contentHash(await documentOf(tx, row)) !== agreed) {
          throw invalidState({ id, status: row.display_status, message: changedSince });
        }
        return sendOut(call, row, wish);
      });
      const dispatch = viewDispatch(sent.dispatch, zone);
      changed({ id, before, after: { ...(await storedInvoice(call, sent.invoice)), dispatch } });
      return { invoice: viewInvoice(sent.invoice, zone), dispatch, problem: null };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const problem = error.message;
      await tx
        .updateTable('invoices')
        .set({
          status: 'draft',
          send_at: null,
          send_request: JSON.stringify({ ...(row.send_request as SendRequest), problem }),
        })
        .where('id', '=', id)
        .execute();
      const after = await findInvoice(call, id);
      changed({ id, before, after: await storedInvoice(call, after) });
      return { invoice: viewInvoice(after, zone), dispatch: null, problem };
    }
  },
});
