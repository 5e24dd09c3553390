import { z } from 'zod';
import { findInvoice, invoiceDetail, viewInvoiceDetail } from '#features/invoices/invoice-view.ts';
import { alreadyInvoiced, nothingToInvoice } from '#features/invoices/invoice.ts';
import { clientArchived } from '#features/clients/client.ts';
import { taxArchived } from '#features/tax-rates/tax-rate.ts';
import { operation } from '#operation/operation.ts';
import { draftOf } from './recurring-draft.ts';
import { findRecurring, recurringEnded, recurringId } from './recurring-invoice.ts';

export const previewRecurringInvoice = operation({
  name: 'recurring_invoices.preview',
  title: 'Preview a recurring invoice',
  summary: 'Show the next invoice of a series as it would be made now; nothing is kept.',
  effect: 'read',
  needs: { scope: 'invoices:read', role: 'manager', entitlement: 'recurring_invoices' },
  input: z.object({ id: recurringId }),
  output: z.object({ invoice: invoiceDetail.describe('The invoice to come; its id will be another.') }),
  rehearses: true,
  refusals: [recurringEnded, nothingToInvoice, alreadyInvoiced, clientArchived, taxArchived],
  async handle({ id }, call) {
    const row = await findRecurring(call, id);
    if (row.next_on === null) throw recurringEnded({ id, status: row.status });
    const { id: made } = await draftOf(call, row, row.next_on);
    return { invoice: await viewInvoiceDetail(call, await findInvoice(call, made)) };
  },
});
