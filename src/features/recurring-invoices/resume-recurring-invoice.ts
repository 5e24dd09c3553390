import { z } from 'zod';
import { insufficientScope } from '#operation/obstacle.ts';
import { operation } from '#operation/operation.ts';
import {
  changedRecurring,
  checkAutoSend,
  comingOn,
  holdRunning,
  recurringDetail,
  recurringEnded,
  recurringId,
  scheduleOf,
  todayIn,
} from './recurring-invoice.ts';

export const resumeRecurringInvoice = operation({
  name: 'recurring_invoices.resume',
  title: 'Resume a recurring invoice',
  summary: 'Let a paused series go on from today; what it missed is not made up for.',
  effect: 'update',
  needs: { scope: ['invoices:write', 'invoices:read'], role: 'manager', entitlement: 'recurring_invoices' },
  input: z.object({ id: recurringId }),
  output: z.object({ recurring_invoice: recurringDetail.describe('The series as it is now.') }),
  refusals: [recurringEnded, insufficientScope],
  async handle({ id }, call) {
    const row = await holdRunning(call, id);
    checkAutoSend(call, row.auto_send, 'recurring_invoices.resume');
    if (row.status === 'paused') {
      const today = todayIn(call, row.timezone);
      const { starts_on: starts, ends_on: ends } = row;
      const from = Temporal.PlainDate.compare(row.next_on, today) < 0 ? today : row.next_on;
      const next = comingOn(scheduleOf(row), { starts, ends, from });
      await call.tx
        .updateTable('recurring_invoices')
        .set({
          status: next === null ? 'completed' : 'active',
          next_on: next,
          failures: 0,
          last_error: null,
          retry_at: null,
        })
        .where('id', '=', id)
        .execute();
    }
    return { recurring_invoice: await changedRecurring(call, id, row) };
  },
});
