import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { checkVersion, expectedVersion } from '#operation/call.ts';
import { operation } from '#operation/operation.ts';
import { invoiceId } from './invoice.ts';
import { changedInvoice, findInvoice, invoiceDetail, storedInvoice } from './invoice-view.ts';
import { writeOff, writeOffRefusals } from './write-off.ts';

export const writeOffInvoice = operation({
  name: 'invoices.write_off',
  title: 'Write off an invoice',
  summary: 'Give up what is still owed of an issued invoice.',
  guidance: 'A deliberate act of the user. A payment that comes after all can still be recorded.',
  effect: 'delete',
  needs: { scope: ['invoices:write', 'invoices:read'], role: 'admin', entitlement: 'invoicing' },
  input: z.object({
    id: invoiceId,
    reason: z.string().trim().min(1).max(500).describe('Why.'),
    expected_version: expectedVersion,
  }),
  output: z.object({ invoice: invoiceDetail.describe('The invoice as it is now.') }),
  refusals: writeOffRefusals,
  async handle({ id, reason, expected_version }, call) {
    await lockRow(call.tx, 'invoices', id);
    const row = await findInvoice(call, id);
    checkVersion(expected_version, row);
    const before = await storedInvoice(call, row);
    await writeOff(call, row, { reason });
    return { invoice: await changedInvoice(call, await findInvoice(call, id), before) };
  },
});
