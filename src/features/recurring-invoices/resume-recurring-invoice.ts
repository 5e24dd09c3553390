import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { operation } from '#operation/operation.ts';
import {
  comingOn,
  findRecurring,
  recurringDetail,
  recurringEnded,
  recurringId,
  scheduleOf,
  storedRecurring,
  todayIn,
  viewRecurringDetail,
} from './recurring-invoice.ts';

export const resumeRecurringInvoice = operation({
  name: 'recurring_invoices.resume',
  title: 'Resume a recurring invoice',
  summary: 'Let a paused series go on from today; what it missed is not made up for.',
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
    if (row.status === 'paused') {
      const today = todayIn(call, row.timezone);
      const { starts_on: starts, ends_on: ends } = row;
      const from = Temporal.PlainDate.compare(row.next_on, today) < 0 ? today : row.next_on;
      const next = comingOn(scheduleOf(row), { starts, ends, from });
      await tx
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
    const after = await findRecurring(call, id);
    changed({ id, before: storedRecurring(row, zone), after: storedRecurring(after, zone) });
    return { recurring_invoice: await viewRecurringDetail(call, after) };
  },
});
