import { type RawBuilder, type Selectable, sql } from 'kysely';
import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import type { RecurringInvoicesRow } from '#database/rows.ts';
import { clientRef, clientRefSql } from '#features/clients/client.ts';
import { draftFields } from '#features/invoices/invoice-input.ts';
import { groupings } from '#features/invoices/invoice-grouping.ts';
import { checkProjects, freeLines, lineInput, taxIds } from '#features/invoices/invoice-line.ts';
import { projectId } from '#features/projects/project.ts';
import { checkTaxes } from '#features/tax-rates/tax-rate.ts';
import type { Call } from '#operation/call.ts';
import { refuseWithout } from '#operation/refuse-without.ts';
import { visibleWith } from '#operation/visible.ts';
import { type Id, idSchema } from '#values/id.ts';
import { dateInput, momentText, zoneInput } from '#values/local-time.ts';
import { notFound, refusal, validationFailed } from '#values/refusal.ts';
import { nextDates, nextOn, schedule, type Schedule } from '#values/schedule.ts';

export const recurringId = idSchema('rec');

export const recurringEnded = refusal<{ id: string; status: string }>(
  'recurring_ended',
  'conflict',
  'The series has ended: it does not come round again.',
  ({ id, status }) =>
    `The series ${id} is ${status} and does not come round again. Make a new one with recurring_invoices.create.`,
  { fixTool: 'recurring_invoices.create' },
);

/** What every invoice of a series is made from. */
export const templateFields = {
  lines: z.array(lineInput).min(1).max(100).optional().describe('Its lines, with source lines.'),
  project_ids: z
    .array(projectId)
    .min(1)
    .max(100)
    .optional()
    .describe('Only time of these projects, with source unbilled_time.'),
  group_by: z.enum(groupings).optional().describe('What makes a line of time.'),
  tax_ids: taxIds.optional().describe('Tax codes of the lines; default: the client’s or workspace’s.'),
  discount: draftFields.discount,
  notes: draftFields.notes,
  purchase_order: draftFields.purchase_order,
};
export type Template = z.output<z.ZodObject<typeof templateFields>>;
export const templateNames = Object.keys(templateFields) as (keyof Template)[];

/** What a series is, beside its client, source and template. */
export const seriesFields = {
  name: z.string().trim().min(1).max(200).describe('Name, like "Retainer".'),
  schedule,
  timezone: zoneInput.optional().describe('Zone of its days; default the workspace’s.'),
  ends_on: dateInput.nullish().describe('No invoice after this day.'),
  auto_send: z
    .boolean()
    .optional()
    .describe('true: issue and e-mail each one; needs invoices:send. Else a draft.'),
  terms_days: z.number().int().min(0).max(365).optional().describe('Days from issue to due.'),
};

/** A series as every door shows it. */
export const recurringView = z.object({
  id: recurringId,
  name: z.string().describe('Its name.'),
  client: visibleWith('clients:read', clientRef.describe('Its client.')),
  status: z.enum(['active', 'paused', 'completed', 'canceled']).describe('Only active ones come round.'),
  schedule,
  timezone: z.string().describe('Zone of its days.'),
  starts_on: z.string().describe('First day it may come round.'),
  ends_on: z.string().nullable().describe('Last day.'),
  next_on: z.string().nullable().describe('When the next invoice is made.'),
  next_dates: z.array(z.string()).describe('Up to five days to come.'),
  source: z.enum(['lines', 'unbilled_time']).describe('What goes on it.'),
  auto_send: z.boolean().describe('Whether it is sent at once, or left as a draft.'),
  terms_days: z.number().int().describe('Days from issue to due.'),
  failures: z.number().int().describe('Failures in a row; three pause it.'),
  last_error: z.string().nullable().describe('Why it failed last.'),
  updated_at: z.string().describe('Last change.'),
  version: z.number().int().describe('Give it as expected_version.'),
});

/** A series with its template. */
export const recurringDetail = recurringView.extend({
  template: z.record(z.string(), z.unknown()).describe('Lines, time and texts of each invoice.'),
  invoices: z
    .array(
      z.object({
        id: z.string().describe('The invoice.'),
        number: z.string().nullable().describe('Null while it is a draft.'),
        period: z.string().describe('The day it was made for.'),
      }),
    )
    .describe('The last ten that it made.'),
});

export interface RecurringRow extends Selectable<RecurringInvoicesRow> {
  client: { id: Id<'cli'>; name: string };
  sort_key: string;
}

/** One that comes round again. */
type RunningRow = RecurringRow & { next_on: Temporal.PlainDate };

export const scheduleOf = (row: { schedule: unknown }): Schedule => row.schedule as Schedule;

/** The series that `chosen` selects (recurring_invoices.* and sort_key); `order` refers to them as r. */
export const recurringRows = async (
  { tx }: Call,
  chosen: RawBuilder<unknown>,
  order: RawBuilder<unknown>,
): Promise<RecurringRow[]> => {
  const { rows } = await sql<RecurringRow>`select r.*, ${clientRefSql('c')} as client
    from (${chosen}) r join clients c on c.id = r.client_id order by ${order}`.execute(tx);
  return rows;
};

/** The series of that id, or `not_found`. */
export const findRecurring = async (call: Call, id: Id<'rec'>): Promise<RecurringRow> => {
  const chosen = sql`select *, '' as sort_key from recurring_invoices where id = ${id} and deleted_at is null`;
  const [row] = await recurringRows(call, chosen, sql`r.id`);
  if (row === undefined) throw notFound({});
  return row;
};

/** A row as a `recurringView`. */
export const viewRecurring = (row: RecurringRow, zone: string): z.input<typeof recurringView> => ({
  id: row.id,
  name: row.name,
  client: row.client,
  status: row.status,
  schedule: scheduleOf(row),
  timezone: row.timezone,
  starts_on: row.starts_on.toString(),
  ends_on: row.ends_on?.toString() ?? null,
  next_on: row.next_on?.toString() ?? null,
  next_dates:
    row.next_on === null
      ? []
      : nextDates(scheduleOf(row), row.starts_on, { from: row.next_on, end: row.ends_on, count: 5 }).map(
          String,
        ),
  source: row.source,
  auto_send: row.auto_send,
  terms_days: row.terms_days,
  failures: row.failures,
  last_error: row.last_error,
  updated_at: momentText(row.updated_at, zone),
  version: row.version,
});

/** A row as a `recurringDetail`. */
export const viewRecurringDetail = async (
  { tx, zone }: Call,
  row: RecurringRow,
): Promise<z.input<typeof recurringDetail>> => {
  const invoices = await tx
    .selectFrom('invoices')
    .select(['id', 'number', 'recurring_period'])
    .where('recurring_id', '=', row.id)
    .orderBy('recurring_period', 'desc')
    .limit(10)
    .execute();
  return {
    ...viewRecurring(row, zone),
    template: row.template as Record<string, unknown>,
    invoices: invoices.map(({ id, number, recurring_period: period }) => ({
      id,
      number,
      period: period?.toString() ?? '',
    })),
  };
};

/** The series of that id, held until the transaction ends. Refuses `not_found`, and `recurring_ended` where it does not come round again. */
export const holdRunning = async (call: Call, id: Id<'rec'>): Promise<RunningRow> => {
  await lockRow(call.tx, 'recurring_invoices', id);
  const row = await findRecurring(call, id);
  const { next_on } = row;
  if (next_on === null) throw recurringEnded({ id, status: row.status });
  return { ...row, next_on };
};

/** Says what was done with a series (`before`: as it was; left out of a new one), and gives it as a `recurringDetail`. */
export const changedRecurring = async (
  call: Call,
  id: Id<'rec'>,
  before?: RecurringRow,
): Promise<z.input<typeof recurringDetail>> => {
  const row = await findRecurring(call, id);
  const stored = (each: RecurringRow) => storedRecurring(each, call.zone);
  call.changed({ id, before: before === undefined ? null : stored(before), after: stored(row) });
  return viewRecurringDetail(call, row);
};

/** A series as the audit log keeps it. */
export const storedRecurring = (row: RecurringRow, zone: string) => {
  const { next_dates: _, ...facts } = viewRecurring(row, zone);
  return { ...facts, template: row.template };
};

/** Refuses a template that does not fit its source. */
export const checkTemplate = (source: 'lines' | 'unbilled_time', given: Template): void => {
  if (source === 'lines' && given.lines === undefined) {
    throw validationFailed({ message: 'A series with source lines needs lines.' }, 'lines');
  }
  const strange = source === 'lines' ? (['project_ids', 'group_by'] as const) : (['lines'] as const);
  const field = strange.find((name) => given[name] !== undefined);
  if (field !== undefined) {
    const message = `${field} does not go with source ${source}.`;
    throw validationFailed({ message }, field);
  }
};

/** Refuses what no invoice for this client could be made from: read once when it is said, so that it is not found out by the clock. */
export const checkContent = async (
  call: Call,
  client: { id: Id<'cli'>; currency: string },
  { lines = [], project_ids = [], tax_ids: ids = [] }: Template,
): Promise<void> => {
  await checkProjects(
    call,
    client.id,
    project_ids.map((id, at) => ({ id, field: `project_ids[${at}]` })),
  );
  await checkTaxes(call.tx, [{ ids, field: 'tax_ids' }]);
  await freeLines(call, lines, { client: client.id, currency: client.currency, taxes: [] });
};

/** Refuses to let somebody e-mail clients by a series, or say what it e-mails them, who may not do it by hand. */
export const checkAutoSend = ({ actor }: Call, autoSend: boolean | undefined, operation: string): void => {
  if (autoSend === true) refuseWithout(actor, ['invoices:send'], `${operation} with auto_send`, 'auto_send');
};

/** Today in the zone of a series. */
export const todayIn = ({ now }: Call, timezone: string): Temporal.PlainDate =>
  now.toZonedDateTimeISO(timezone).toPlainDate();

/** The day a series comes round next, not before `from`, or null where that is after its end. */
export const comingOn = (
  rule: Schedule,
  {
    starts,
    ends,
    from,
  }: { starts: Temporal.PlainDate; ends: Temporal.PlainDate | null; from: Temporal.PlainDate },
): Temporal.PlainDate | null => {
  const day = nextOn(rule, starts, from.subtract({ days: 1 }));
  return ends !== null && Temporal.PlainDate.compare(day, ends) > 0 ? null : day;
};
