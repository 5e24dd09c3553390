import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { checkVersion, expectedVersion } from '#operation/call.ts';
import { operation } from '#operation/operation.ts';
import { invalidState, invoiceId, refuseIssued, releaseClaims } from './invoice.ts';
import { findInvoice, storedInvoice } from './invoice-view.ts';

export const deleteInvoice = operation({
  name: 'invoices.delete',
  title: 'Delete a draft',
  summary: 'Delete a draft invoice; its time and expenses can be billed again.',
  guidance:
    'A deliberate act of the user: ask first; it does not come back. Issued invoices are voided or credited instead.',
  effect: 'delete',
  needs: { scope: ['invoices:write', 'invoices:read'], role: 'manager', entitlement: 'invoicing' },
  input: z.object({ id: invoiceId, expected_version: expectedVersion }),
  output: z.object({
    deleted: invoiceId.describe('The draft that is gone.'),
    released_entries: z.number().int().describe('How many time entries are unbilled again.'),
    released_expenses: z.number().int().describe('How many expenses are.'),
  }),
  refusals: [invalidState],
  async handle({ id, expected_version }, call) {
    const { tx, changed } = call;
    await lockRow(tx, 'invoices', id);
    const row = await findInvoice(call, id);
    checkVersion(expected_version, row);
    refuseIssued(row, 'deleting it');
    const before = await storedInvoice(call, row);
    const { entries, expenses } = await releaseClaims(call, id);
    await tx.deleteFrom('invoices').where('id', '=', id).execute();
    changed({ id, before });
    return { deleted: id, released_entries: entries, released_expenses: expenses };
  },
});
