import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { savepoint } from '#database/database.ts';
import { contentHash } from '#documents/content-hash.ts';
import { documentOf } from '#features/invoices/invoice-document.ts';
import type { SendRequest } from '#features/invoices/outgoing-invoice.ts';
import { findInvoice, storedInvoice } from '#features/invoices/invoice-view.ts';
import { nothingToInvoice } from '#features/invoices/invoice.ts';
import type { Call } from '#operation/call.ts';
import { operation } from '#operation/operation.ts';
import type { Id } from '#values/id.ts';
import { Refusal } from '#values/refusal.ts';
import { draftOf } from './recurring-draft.ts';
import {
  comingOn,
  findRecurring,
  recurringId,
  type RecurringRow,
  scheduleOf,
  todayIn,
} from './recurring-invoice.ts';

/** So many failures in a row pause a series, an hour apart. */
const mostFailures = 3;

/** What a series comes to on a day: an invoice, nothing to bill, or the reason why not. */
type Outcome = { invoice: Awaited<ReturnType<typeof draftOf>>['id'] } | { skipped: true } | { error: string };

const attempt = async (call: Call, row: RecurringRow, on: Temporal.PlainDate): Promise<Outcome> => {
  try {
    return await savepoint(call.tx, async () => ({ invoice: (await draftOf(call, row, on)).id }));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // A month without work is no fault of the series.
    if (error.definition === nothingToInvoice && row.source === 'unbilled_time') return { skipped: true };
    return { error: error.message };
  }
};

/** Leaves a draft to be sent by the clock, as one that somebody scheduled: it says on the invoice where that does not come off. */
const scheduleNow = async (call: Call, id: Id<'inv'>): Promise<void> => {
  const { tx, actor, now } = call;
  const content_hash = contentHash(await documentOf(tx, await findInvoice(call, id)));
  const request: SendRequest = { content_hash, user_id: actor.user.id };
  await tx
    .updateTable('invoices')
    .set({ status: 'scheduled', send_at: now, send_request: JSON.stringify(request) })
    .where('id', '=', id)
    .execute();
};

export const runRecurringInvoice = operation({
  name: 'recurring_invoices.run',
  title: 'Make the invoice that is due',
  summary: 'Make the invoice of a series whose day has come. The house does it by itself.',
  effect: 'create',
  needs: { scope: ['invoices:write', 'invoices:read'], role: 'manager', entitlement: 'recurring_invoices' },
  doors: [],
  input: z.object({ id: recurringId }),
  output: z.object({
    outcome: z.enum(['made', 'nothing_to_invoice', 'failed', 'not_due']).describe('What happened.'),
    invoice_id: z.string().nullable().describe('The invoice.'),
  }),
  async handle({ id }, call) {
    const { tx, now, changed } = call;
    const answer = (outcome: 'made' | 'nothing_to_invoice' | 'failed' | 'not_due', after: object) => {
      changed({ id, after: { outcome, ...after } });
      return { outcome, invoice_id: null };
    };
    await lockRow(tx, 'recurring_invoices', id);
    const row = await findRecurring(call, id);
    const { next_on: on, retry_at } = row;
    const waits = retry_at !== null && Temporal.Instant.compare(retry_at, now) > 0;
    const due = on !== null && Temporal.PlainDate.compare(on, todayIn(call, row.timezone)) <= 0;
    if (row.status !== 'active' || !due || waits) {
      return answer('not_due', {});
    }
    const outcome = await attempt(call, row, on);
    if ('error' in outcome) {
      const failures = row.failures + 1;
      await tx
        .updateTable('recurring_invoices')
        .set({
          failures,
          last_error: outcome.error,
          ...(failures >= mostFailures
            ? { status: 'paused' as const, retry_at: null }
            : { retry_at: now.add({ hours: 1 }) }),
        })
        .where('id', '=', id)
        .execute();
      return answer('failed', { failures, error: outcome.error });
    }
    const { starts_on: starts, ends_on: ends } = row;
    const next = comingOn(scheduleOf(row), { starts, ends, from: on.add({ days: 1 }) });
    await tx
      .updateTable('recurring_invoices')
      .set({
        next_on: next,
        status: next === null ? 'completed' : 'active',
        failures: 0,
        last_error: null,
        retry_at: null,
      })
      .where('id', '=', id)
      .execute();
    if ('skipped' in outcome) return answer('nothing_to_invoice', { period: on.toString() });
    if (row.auto_send) await scheduleNow(call, outcome.invoice);
    const made = await storedInvoice(call, await findInvoice(call, outcome.invoice));
    return {
      ...answer('made', { period: on.toString(), invoice: made }),
      invoice_id: outcome.invoice,
    };
  },
});
