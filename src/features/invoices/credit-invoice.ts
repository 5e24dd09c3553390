import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { operation } from '#operation/operation.ts';
import { idSchema } from '#values/id.ts';
import { quantityInput } from '#values/ratio.ts';
import { copyInvoice } from './copied-invoice.ts';
import { overCredit, refuseOverCredit } from './credit-note.ts';
import { invalidState, invoiceId, workspaceToday } from './invoice.ts';
import { changedInvoice, findInvoice, invoiceDetail } from './invoice-view.ts';

export const creditInvoice = operation({
  name: 'invoices.credit',
  title: 'Draft a credit note',
  summary: 'Draft a credit note for an issued invoice, whole or some lines of it.',
  guidance: 'It counts once it is issued with invoices.finalize or invoices.send.',
  effect: 'create',
  needs: { scope: ['invoices:write', 'invoices:read'], role: 'manager', entitlement: 'invoicing' },
  dryRun: true,
  input: z.object({
    id: invoiceId,
    reason: z.string().trim().min(1).max(500).describe('Why; stands on the credit note.'),
    lines: z
      .array(
        z.strictObject({
          line_id: idSchema('lin'),
          quantity: quantityInput.optional().describe('How many of it; default all.'),
        }),
      )
      .min(1)
      .max(500)
      .optional()
      .describe('Only these lines; default the whole invoice.'),
    release_entries: z
      .boolean()
      .default(true)
      .describe('Whether its time can be billed again once all of it is credited.'),
  }),
  output: z.object({ invoice: invoiceDetail.describe('The draft of the credit note.') }),
  refusals: [invalidState, overCredit],
  async handle({ id, reason, lines, release_entries }, call) {
    await lockRow(call.tx, 'invoices', id);
    const source = await findInvoice(call, id);
    const name = source.number ?? id;
    const message =
      source.kind === 'credit_note'
        ? `${name} is a credit note itself. Void it with invoices.void.`
        : source.finalized_at === null
          ? `${name} is a draft: change it with invoices.update, or delete it with invoices.delete.`
          : source.status === 'void'
            ? `${name} was voided, so there is nothing to credit.`
            : null;
    if (message !== null) throw invalidState({ id, status: source.display_status, message });
    const today = workspaceToday(call);
    const made = await copyInvoice(call, source, {
      issued: today,
      due: today,
      sign: -1n,
      chosen: lines,
      corrects: id,
      releases: release_entries,
      notes: reason,
    });
    const note = await findInvoice(call, made);
    await refuseOverCredit(call.tx, source, note);
    return { invoice: await changedInvoice(call, note) };
  },
});
