import { z } from 'zod';
import { excludedTime, billedClient, selectableTime, sumsOf } from '#features/billing-hub/selectable-time.ts';
import { clientId, currencyMismatch } from '#features/clients/client.ts';
import { exclusions } from '#features/invoices/invoice-time.ts';
import { projectId, projectRef } from '#features/projects/project.ts';
import { noRounding } from '#features/rates/rounding-policy.ts';
import { entryId } from '#features/time-entries/time-entry.ts';
import { operation } from '#operation/operation.ts';
import { visibleWith } from '#operation/visible.ts';
import { dateInput, refuseReversed } from '#values/local-time.ts';
import { amountText, currencyInput, currencyText, formatAmount } from '#values/money.ts';
import { notFound } from '#values/refusal.ts';
import { taskRef } from './task.ts';

/** The most entry ids in one answer: as many as one call puts on an invoice by id. */
const mostIds = 500;

const excluded = z
  .array(
    z.object({
      reason: z.enum(exclusions).describe('Why.'),
      count: z.number().int().describe('Entries.'),
    }),
  )
  .describe('Time that cannot be billed, by reason.');

export const invoiceImportCandidates = operation({
  name: 'tasks.invoice_import_candidates',
  title: 'Tasks to invoice',
  summary: 'Tasks of a client with billable time that is on no invoice, and what each would bill.',
  guidance: 'invoices.create takes task_ids or entry_ids. Amounts are before tax.',
  effect: 'read',
  needs: { scope: ['tasks:read', 'time:read', 'invoices:read'], role: 'manager' },
  input: z.object({
    client_id: clientId,
    project_ids: z.array(projectId).min(1).max(50).optional().describe('Only of these projects.'),
    from: dateInput.optional().describe('First day. Default: from the beginning.'),
    to: dateInput.optional().describe('Last day, inclusive.'),
    currency: currencyInput.optional().describe('Default: the client’s.'),
    rounding: z.enum(['preview', 'none']).default('preview').describe('none: seconds as worked.'),
    limit: z.coerce.number().int().min(1).max(100).default(50).describe('Tasks, 1 to 100.'),
  }),
  output: z.object({
    candidates: z
      .array(
        z.object({
          task: taskRef.nullable().describe('Null: time without a task.'),
          project: visibleWith('projects:read', projectRef.nullable().describe('Its project.')),
          entries_count: z.number().int().describe('Entries to bill.'),
          raw_seconds: z.number().int().describe('Worked.'),
          billed_seconds: z.number().int().describe('To bill, after rounding.'),
          amount: amountText.describe('To bill.'),
          currency: currencyText,
          entry_ids: z.array(entryId).describe('Its entries, as far as 500 go over all tasks.'),
          excluded,
        }),
      )
      .describe('Tasks, most to bill first.'),
    totals: z
      .object({
        tasks: z.number().int().describe('Candidates there are.'),
        entries_count: z.number().int().describe('Entries to bill.'),
        raw_seconds: z.number().int().describe('Worked.'),
        billed_seconds: z.number().int().describe('To bill.'),
        amount: amountText.describe('To bill.'),
        currency: currencyText,
      })
      .describe('Over all of them, also those not shown.'),
    excluded,
    excluded_from: z.string().describe('First day of what excluded counts.'),
    truncated: z.boolean().describe('Whether tasks or entries are missing here.'),
  }),
  refusals: [currencyMismatch],
  async handle({ client_id, project_ids, from, to, currency: wanted, rounding, limit }, call) {
    refuseReversed(from, to);
    const client = await billedClient(call, client_id);
    if (client === null) throw notFound({}, 'client_id');
    const currency = wanted ?? client.currency;
    const choice = { client: client.id, currency, projectIds: project_ids, from, to };
    const { time, more } = await selectableTime(
      call,
      choice,
      rounding === 'none' ? { rounding: noRounding } : {},
    );
    const since = from ?? time[0]?.local_date.toString() ?? call.today.subtract({ days: 365 }).toString();
    const left = to !== undefined && since > to ? [] : await excludedTime(call, { ...choice, from: since });
    const elsewhere = left.reduce(
      (sum, { reason, count }) => (reason === 'other_currency' ? sum + count : sum),
      0,
    );
    if (wanted !== undefined && wanted !== client.currency && time.length === 0 && elsewhere > 0) {
      const because = `No time of "${client.name}" is billed in ${wanted}. Leave currency out for ${client.currency}.`;
      throw currencyMismatch({ wanted: client.currency, given: wanted, because }, 'currency');
    }
    const tasks = [
      ...Map.groupBy(time, ({ task_id, project_id }) => JSON.stringify([task_id, project_id])).values(),
    ]
      .map((entries) => ({ entries, first: entries[0]!, sums: sumsOf(entries) }))
      .toSorted((one, other) =>
        one.sums.amountMinor === other.sums.amountMinor
          ? 0
          : one.sums.amountMinor > other.sums.amountMinor
            ? -1
            : 1,
      );
    const shown = tasks.slice(0, limit);
    let room = mostIds;
    const ids = shown.map(({ entries }) => {
      const few = entries.slice(0, room);
      room -= few.length;
      return few.map(({ id }) => id);
    });
    const whole = sumsOf(time);
    const reasonsOf = (rows: typeof left) =>
      [...Map.groupBy(rows, ({ reason }) => reason)].map(([reason, same]) => ({
        reason,
        count: same.reduce((sum, { count }) => sum + count, 0),
      }));
    return {
      candidates: shown.map(({ first, sums }, index) => ({
        task: first.task_id === null ? null : { id: first.task_id, summary: first.task_summary ?? '' },
        project: first.project_id === null ? null : { id: first.project_id, name: first.project_name ?? '' },
        entries_count: sums.entries,
        raw_seconds: sums.rawSeconds,
        billed_seconds: sums.billedSeconds,
        amount: formatAmount(sums.amountMinor, currency),
        currency,
        entry_ids: ids[index]!,
        excluded: reasonsOf(left.filter(({ task_id }) => task_id === first.task_id)),
      })),
      totals: {
        tasks: tasks.length,
        entries_count: whole.entries,
        raw_seconds: whole.rawSeconds,
        billed_seconds: whole.billedSeconds,
        amount: formatAmount(whole.amountMinor, currency),
        currency,
      },
      excluded: reasonsOf(left),
      excluded_from: since,
      truncated:
        more ||
        tasks.length > shown.length ||
        ids.flat().length < shown.reduce((sum, { sums }) => sum + sums.entries, 0),
    };
  },
});
