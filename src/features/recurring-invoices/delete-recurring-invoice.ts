import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { checkVersion, expectedVersion } from '#operation/call.ts';
import { operation } from '#operation/operation.ts';
import { findRecurring, recurringId, storedRecurring } from './recurring-invoice.ts';

export const deleteRecurringInvoice = operation({
  name: 'recurring_invoices.delete',
  title: 'End a recurring invoice',
  summary: 'End a series for good; invoices that it made stay.',
  guidance: 'A deliberate act of the user; recurring_invoices.pause can be undone.',
  effect: 'delete',
  needs: { scope: ['invoices:write', 'invoices:read'], role: 'manager', entitlement: 'recurring_invoices' },
  input: z.object({ id: recurringId, expected_version: expectedVersion }),
  output: z.object({ deleted: recurringId.describe('The series that is gone.') }),
  async handle({ id, expected_version }, call) {
    const { tx, zone, now, changed } = call;
    await lockRow(tx, 'recurring_invoices', id);
    const row = await findRecurring(call, id);
    checkVersion(expected_version, row);
    await tx
      .updateTable('recurring_invoices')
      .set({ status: 'canceled', next_on: null, deleted_at: now })
      .where('id', '=', id)
      .execute();
    changed({ id, before: storedRecurring(row, zone) });
    return { deleted: id };
  },
});
