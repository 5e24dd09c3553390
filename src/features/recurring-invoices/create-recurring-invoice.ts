import { z } from 'zod';
import { clientArchived, clientId, openClient } from '#features/clients/client.ts';
import { taxArchived } from '#features/tax-rates/tax-rate.ts';
import { insufficientScope } from '#operation/obstacle.ts';
import { operation } from '#operation/operation.ts';
import { newId } from '#values/id.ts';
import { dateInput, refuseReversed } from '#values/local-time.ts';
import { validationFailed } from '#values/refusal.ts';
import {
  changedRecurring,
  checkAutoSend,
  checkContent,
  checkTemplate,
  comingOn,
  recurringDetail,
  seriesFields,
  templateFields,
  todayIn,
} from './recurring-invoice.ts';

export const createRecurringInvoice = operation({
  name: 'recurring_invoices.create',
  title: 'Start a recurring invoice',
  summary: 'Make an invoice of the same kind come round by itself, from lines or from unbilled time.',
  guidance:
    'Unbilled time is taken up to the day before. Show the user next_dates; auto_send e-mails the client without asking again.',
  effect: 'create',
  needs: { scope: ['invoices:write', 'invoices:read'], role: 'manager', entitlement: 'recurring_invoices' },
  dryRun: true,
  input: z.object({
    client_id: clientId,
    ...seriesFields,
    starts_on: dateInput.optional().describe('First day it may come round; default today.'),
    source: z.enum(['lines', 'unbilled_time']).describe('What goes on each invoice.'),
    ...templateFields,
  }),
  output: z.object({ recurring_invoice: recurringDetail.describe('The new series.') }),
  refusals: [clientArchived, taxArchived, insufficientScope],
  async handle(given, call) {
    const { tx, actor, now } = call;
    const { client_id, name, schedule: rule, source, auto_send, terms_days } = given;
    const { lines, project_ids, group_by, tax_ids, discount, notes, purchase_order } = given;
    const template = { lines, project_ids, group_by, tax_ids, discount, notes, purchase_order };
    checkTemplate(source, template);
    checkAutoSend(call, auto_send, 'recurring_invoices.create');
    const client = await openClient(call, client_id);
    await checkContent(call, client, template);
    const timezone = given.timezone ?? actor.workspace.timezone;
    const today = todayIn(call, timezone);
    const starts = given.starts_on === undefined ? today : Temporal.PlainDate.from(given.starts_on);
    refuseReversed(starts.toString(), given.ends_on ?? undefined, ['starts_on', 'ends_on']);
    const ends = given.ends_on == null ? null : Temporal.PlainDate.from(given.ends_on);
    const from = Temporal.PlainDate.compare(starts, today) < 0 ? today : starts;
    const next = comingOn(rule, { starts, ends, from });
    if (next === null) {
      const message = `The schedule has no day from ${from.toString()} to ${ends!.toString()}. Choose a later ends_on, or another schedule.`;
      throw validationFailed({ message }, 'schedule');
    }
    const id = newId('rec', now);
    await tx
      .insertInto('recurring_invoices')
      .values({
        id,
        client_id,
        name,
        schedule: JSON.stringify(rule),
        timezone,
        starts_on: starts,
        ends_on: ends,
        next_on: next,
        source,
        auto_send: auto_send ?? false,
        ...(terms_days === undefined ? {} : { terms_days }),
        template: JSON.stringify(template),
        created_by: actor.membership.id,
      })
      .execute();
    return { recurring_invoice: await changedRecurring(call, id) };
  },
});
