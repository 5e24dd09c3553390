import type { Call } from '#operation/call.ts';
import type { Id } from '#values/id.ts';
import { makeDraft } from '#features/invoices/invoice-draft.ts';
import { nextOn } from '#values/schedule.ts';
import { type RecurringRow, scheduleOf, type Template } from './recurring-invoice.ts';

/** The draft that a series makes for a day: dated that day, its time up to the day before. */
export const draftOf = (call: Call, row: RecurringRow, on: Temporal.PlainDate) => {
  const { lines, project_ids, group_by, tax_ids, discount, notes, purchase_order } = row.template as Template;
  return makeDraft(call, {
    client_id: row.client_id as Id<'cli'>,
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

/** When the series comes round after a day, or null where it has ended then. */
export const dayAfter = (row: RecurringRow, day: Temporal.PlainDate): Temporal.PlainDate | null => {
  const next = nextOn(scheduleOf(row), row.starts_on, day);
  return row.ends_on !== null && Temporal.PlainDate.compare(next, row.ends_on) > 0 ? null : next;
};
