import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { taxArchived } from '#features/tax-rates/tax-rate.ts';
import { type Call, checkVersion, expectedVersion } from '#operation/call.ts';
import { insufficientScope } from '#operation/obstacle.ts';
import { operation } from '#operation/operation.ts';
import type { Id } from '#values/id.ts';
import { validationFailed } from '#values/refusal.ts';
import {
  changedRecurring,
  checkAutoSend,
  checkContent,
  checkTemplate,
  comingOn,
  findRecurring,
  recurringDetail,
  recurringEnded,
  recurringId,
  scheduleOf,
  seriesFields,
  type Template,
  templateFields,
  templateNames,
  todayIn,
} from './recurring-invoice.ts';

/** Today, or the day after the last one that has had its invoice, where that is later: no day of a series has two. */
const firstFreeDay = async (
  { tx }: Call,
  id: Id<'rec'>,
  today: Temporal.PlainDate,
): Promise<Temporal.PlainDate> => {
  const { last } = await tx
    .selectFrom('invoices')
    .select(({ fn }) => fn.max('recurring_period').as('last'))
    .where('recurring_id', '=', id)
    .executeTakeFirstOrThrow();
  return last === null || Temporal.PlainDate.compare(last, today) < 0 ? today : last.add({ days: 1 });
};

export const updateRecurringInvoice = operation({
  name: 'recurring_invoices.update',
  title: 'Change a recurring invoice',
  summary: 'Change a series; invoices that it made stay as they are.',
  effect: 'update',
  needs: { scope: ['invoices:write', 'invoices:read'], role: 'manager', entitlement: 'recurring_invoices' },
  input: z.object({
    id: recurringId,
    ...z.object(seriesFields).partial().shape,
    ...templateFields,
    expected_version: expectedVersion,
  }),
  output: z.object({ recurring_invoice: recurringDetail.describe('The series as it is now.') }),
  refusals: [recurringEnded, taxArchived, insufficientScope],
  async handle({ id, expected_version, ...given }, call) {
    const { tx } = call;
    await lockRow(tx, 'recurring_invoices', id);
    const row = await findRecurring(call, id);
    checkVersion(expected_version, row);
    if (row.status === 'completed' || row.status === 'canceled') {
      throw recurringEnded({ id, status: row.status });
    }
    checkAutoSend(call, given.auto_send ?? row.auto_send, 'recurring_invoices.update');
    const said = Object.fromEntries(
      templateNames.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])),
    );
    const template = { ...(row.template as Template), ...said };
    checkTemplate(row.source, template);
    const client = await tx
      .selectFrom('clients')
      .select(['id', 'currency'])
      .where('id', '=', row.client_id)
      .executeTakeFirstOrThrow();
    await checkContent(call, client, given);
    const rule = given.schedule ?? scheduleOf(row);
    const timezone = given.timezone ?? row.timezone;
    const ends =
      given.ends_on === undefined
        ? row.ends_on
        : given.ends_on === null
          ? null
          : Temporal.PlainDate.from(given.ends_on);
    const anew = given.schedule !== undefined || given.ends_on !== undefined;
    const starts = row.starts_on;
    const from = anew ? await firstFreeDay(call, id, todayIn(call, timezone)) : null;
    const next = from === null ? row.next_on : comingOn(rule, { starts, ends, from });
    if (next === null) {
      const message = 'The series would have no day left. Pause or delete it, or choose a later ends_on.';
      throw validationFailed({ message }, given.ends_on === undefined ? 'schedule' : 'ends_on');
    }
    await tx
      .updateTable('recurring_invoices')
      .set({
        ...(given.name === undefined ? {} : { name: given.name }),
        ...(given.auto_send === undefined ? {} : { auto_send: given.auto_send }),
        ...(given.terms_days === undefined ? {} : { terms_days: given.terms_days }),
        schedule: JSON.stringify(rule),
        timezone,
        ends_on: ends,
        next_on: next,
        template: JSON.stringify(template),
      })
      .where('id', '=', id)
      .execute();
    return { recurring_invoice: await changedRecurring(call, id, row) };
  },
});
