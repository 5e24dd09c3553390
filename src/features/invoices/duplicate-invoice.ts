import { sql } from 'kysely';
import { z } from 'zod';
import { clientArchived, openClient } from '#features/clients/client.ts';
import type { Call } from '#operation/call.ts';
import { operation } from '#operation/operation.ts';
import type { Id } from '#values/id.ts';
import { copyInvoice } from './copied-invoice.ts';
import { invalidState, invoiceId, workspaceToday } from './invoice.ts';
import { changedInvoice, findInvoice, invoiceDetail } from './invoice-view.ts';

/** Says so when a copy has a tax that new lines do not get any more: often the rate of another year. */
const warnOfArchived = async ({ tx, warn }: Call, id: Id<'inv'>): Promise<void> => {
  const { rows } = await sql<{ name: string }>`select distinct t.name from invoice_lines l
    join tax_codes t on t.id = any(l.tax_code_ids) and t.archived_at is not null where l.invoice_id = ${id} order by 1`.execute(
    tx,
  );
  if (rows.length === 0) return;
  const names = rows.map(({ name }) => `"${name}"`).join(', ');
  warn(`Lines of the copy have taxes that are archived: ${names}. invoices.update gives them others.`);
};

export const duplicateInvoice = operation({
  name: 'invoices.duplicate',
  title: 'Copy an invoice',
  summary: 'Make a draft with the same lines, dated today. Time is not billed again by it.',
  effect: 'create',
  needs: { scope: ['invoices:write', 'invoices:read'], role: 'manager', entitlement: 'invoicing' },
  input: z.object({ id: invoiceId }),
  output: z.object({ invoice: invoiceDetail.describe('The new draft.') }),
  refusals: [clientArchived, invalidState],
  async handle({ id }, call) {
    const source = await findInvoice(call, id);
    if (source.kind === 'credit_note') {
      const message = 'A credit note is not copied. Draft another one with invoices.credit.';
      throw invalidState({ id, status: source.display_status, message });
    }
    await openClient(call, source.client_id);
    const issued = workspaceToday(call);
    const due = issued.add({ days: source.issue_date.until(source.due_date).days });
    const made = await copyInvoice(call, source, { issued, due, sign: 1n, notes: source.notes });
    await warnOfArchived(call, made);
    return { invoice: await changedInvoice(call, await findInvoice(call, made)) };
  },
});
