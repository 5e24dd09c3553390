import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { operation } from '#operation/operation.ts';
import {
  findRecurring,
  recurringDetail,
  recurringEnded,
  recurringId,
  storedRecurring,
  viewRecurringDetail,
} from './recurring-invoice.ts';

export const pauseRecurringInvoice = operation({
  name: 'recurring_invoices.pause',
  title: 'Pause a recurring invoice',
  summary: 'Let a series make no invoices until it is resumed.',
  effect: 'update',
  needs: { scope: ['invoices:write', 'invoices:read'], role: 'manager', entitlement: 'recurring_invoices' },
  input: z.object({ id: recurringId }),
  output: z.object({ recurring_invoice: recurringDetail.describe('The series as it is now.') }),
  refusals: [recurringEnded],
  async handle({ id }, call) {
    const { tx, zone, changed } = call;
    await lockRow(tx, 'recurring_invoices', id);
    const row = await findRecurring(call, id);
    if (row.next_on === null) throw recurringEnded({ id, status: row.status });
    await tx.updateTable('recurring_invoices').set({ status: 'paused' }).where('id', '=', id).execute();
    const after = await findRecurring(call, id);
    changed({ id, before: storedRecurring(row, zone), after: storedRecurring(after, zone) });
    return { recurring_invoice: await viewRecurringDetail(call, after) };
  },
});
