import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { findArtifact } from '#features/invoice-artifacts/invoice-artifact.ts';
import { invalidState } from '#features/invoices/invoice.ts';
import { findInvoice } from '#features/invoices/invoice-view.ts';
import type { Call } from '#operation/call.ts';
import { operation } from '#operation/operation.ts';
import type { Id } from '#values/id.ts';
import {
  dispatchId,
  dispatchView,
  findDispatch,
  messageInput,
  namedRecipients,
  postDispatch,
  refuseTooSoon,
  tooSoon,
  toInput,
  viewDispatch,
} from './invoice-dispatch.ts';

/** The first mail and its invoice, or the refusal to send it again. */
const resendable = async (call: Call, id: Id<'dsp'>) => {
  const first = await findDispatch(call, id);
  const invoice = await findInvoice(call, first.invoice_id);
  if (invoice.status === 'void') {
    const message = `${invoice.number!} is void, so nothing about it is sent again.`;
    throw invalidState({ id: invoice.id, status: invoice.status, message });
  }
  await refuseTooSoon(call, first.kind, { invoice: invoice.id, payment: first.payment_id });
  return { first, invoice };
};

export const resendInvoiceDispatch = operation({
  name: 'invoice_dispatches.resend',
  title: 'Send an e-mail again',
  summary: 'E-mail an invoice, reminder or receipt again, with the very same files.',
  guidance:
    'Reaches the client: a deliberate act of the user, so ask them first and name the recipients. Not while its status is queued: it still goes by itself.',
  effect: 'send',
  needs: { scope: ['invoices:send', 'invoices:read'], role: 'manager', entitlement: 'invoicing' },
  idempotencyKey: 'required',
  input: z.object({
    id: dispatchId,
    to: toInput.optional().describe('Others than before.'),
    message: messageInput.optional().describe('Another text.'),
  }),
  output: z.object({ dispatch: dispatchView.describe('The new e-mail.') }),
  refusals: [invalidState, tooSoon],
  async asks({ id, to }, call) {
    const { first, invoice } = await resendable(call, id);
    const noun = first.kind === 'invoice' && invoice.kind === 'credit_note' ? 'credit note' : first.kind;
    return `E-mail the ${noun} ${invoice.number!} again to ${namedRecipients(to ?? first.recipients)}?`;
  },
  async handle({ id, to, message }, call) {
    const { invoice_id } = await findDispatch(call, id);
    await lockRow(call.tx, 'invoices', invoice_id);
    const { first, invoice } = await resendable(call, id);
    const artifacts = await Promise.all(
      first.artifact_ids.map((artifact) => findArtifact(call, artifact as Id<'art'>)),
    );
    if (first.status === 'queued') {
      call.warn('The first e-mail has not gone out yet; both will go.');
    }
    const dispatch = await postDispatch(call, {
      kind: first.kind,
      invoice: invoice.id,
      payment: first.payment_id,
      level: first.level,
      to: to ?? first.recipients,
      cc: to === undefined ? first.cc : [],
      subject: first.subject,
      body: message ?? first.body,
      artifacts,
      resendOf: id,
    });
    const view = viewDispatch(dispatch, call.zone);
    call.changed({ id: dispatch.id, after: { ...view, body: dispatch.body } });
    return { dispatch: view };
  },
});
