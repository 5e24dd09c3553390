import { z } from 'zod';
import { operation } from '#operation/operation.ts';
import { findRecurring, recurringDetail, recurringId, viewRecurringDetail } from './recurring-invoice.ts';

export const getRecurringInvoice = operation({
  name: 'recurring_invoices.get',
  title: 'Show a recurring invoice',
  summary: 'Show a series with its template and the invoices it made.',
  effect: 'read',
  needs: { scope: 'invoices:read', role: 'manager', entitlement: 'recurring_invoices' },
  input: z.object({ id: recurringId }),
  output: z.object({ recurring_invoice: recurringDetail.describe('The series.') }),
  async handle({ id }, call) {
    return { recurring_invoice: await viewRecurringDetail(call, await findRecurring(call, id)) };
  },
});
