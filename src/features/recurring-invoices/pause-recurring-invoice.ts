import { z } from 'zod';
import { operation } from '#operation/operation.ts';
import {
  changedRecurring,
  holdRunning,
  recurringDetail,
  recurringEnded,
  recurringId,
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
    const row = await holdRunning(call, id);
    await call.tx.updateTable('recurring_invoices').set({ status: 'paused' }).where('id', '=', id).execute();
    return { recurring_invoice: await changedRecurring(call, id, row) };
  },
});
