import type { Call } from '#operation/call.ts';
import { makeDraft } from '#features/invoices/invoice-draft.ts';
import type { RecurringRow, Template } from './recurring-invoice.ts';

/** The draft that a series makes for a day: dated that day, its time up to the day before. */
export const draftOf = (call: Call, row: RecurringRow, on: Temporal.PlainDate) => {
  const { lines, project_ids, group_by, tax_ids, discount, notes, purchase_order } = row.template as Template;
  return makeDraft(call, {
    client_id: row.client_id,
    issue_date: on.toString(),
    terms_days: row.terms_days,
    recurring: { id: row.id, period: on },
    tax_ids,
    discount,
    notes,
    purchase_order,
    ...(row.source === 'lines'
      ? { lines }
      : {
          from_time: { project_ids, to: on.subtract({ days: 1 }).toString(), group_by: group_by ?? 'task' },
        }),
  });
};
