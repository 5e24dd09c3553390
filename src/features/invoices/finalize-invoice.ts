import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { keepPdf } from '#features/invoice-artifacts/invoice-artifact.ts';
import { checkVersion, expectedVersion } from '#operation/call.ts';
import { operation } from '#operation/operation.ts';
import { checkConfirmation, confirmationMismatch, confirmInput } from './confirmation.ts';
import { invoiceId } from './invoice.ts';
import { changedInvoice, findInvoice, invoiceDetail, storedInvoice } from './invoice-view.ts';
import { issue, issueRefusals, refuseUnissuable } from './issue.ts';

export const finalizeInvoice = operation({
  name: 'invoices.finalize',
  title: 'Issue an invoice',
  summary: 'Give a draft its number and freeze it, without e-mailing anybody.',
  guidance:
    'A deliberate act of the user: show invoices.preview first and confirm what it showed. It cannot be undone; later it is voided or credited.',
  effect: 'update',
  needs: { scope: ['invoices:write', 'invoices:read'], role: 'manager', entitlement: 'invoicing' },
  idempotencyKey: 'required',
  dryRun: true,
  input: z.object({ id: invoiceId, confirm: confirmInput, expected_version: expectedVersion }),
  output: z.object({ invoice: invoiceDetail.describe('The invoice with its number.') }),
  refusals: [...issueRefusals, confirmationMismatch],
  async handle({ id, confirm, expected_version }, call) {
    await lockRow(call.tx, 'invoices', id);
    const row = await findInvoice(call, id);
    checkVersion(expected_version, row);
    await refuseUnissuable(call, row);
    await checkConfirmation(call, row, confirm);
    const before = await storedInvoice(call, row);
    const issued = await issue(call, row);
    await keepPdf(call, issued);
    return { invoice: await changedInvoice(call, issued, before) };
  },
});
