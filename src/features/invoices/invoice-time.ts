import { sql } from 'kysely';
import { z } from 'zod';
import { all } from '#database/sorted.ts';
import { projectId } from '#features/projects/project.ts';
import { roundingSql, storedRounding } from '#features/rates/rounding-policy.ts';
import { taskId } from '#features/tasks/task.ts';
import { entryId } from '#features/time-entries/time-entry.ts';
import type { Call } from '#operation/call.ts';
import { allocate } from '#values/allocate.ts';
import { type Id, newId } from '#values/id.ts';
import { dateInput, refuseReversed } from '#values/local-time.ts';
import { worthOf } from '#values/money.ts';
import { notFound, validationFailed } from '#values/refusal.ts';
import { billedSeconds, roundingPolicy } from '#values/rounding.ts';
import { alreadyInvoiced } from './invoice.ts';
import type { NewLine } from './invoice-line.ts';
import { type Grouping, groupings, lineKey, writeLine } from './invoice-grouping.ts';

/** The most pieces of time that one call puts on an invoice. */
export const mostEntries = 10_000;

/** Which time goes on an invoice, and how it is put into lines. */
export const fromTime = z
  .strictObject({
    entry_ids: z.array(entryId).min(1).max(500).optional().describe('Just these entries.'),
    task_ids: z.array(taskId).min(1).max(100).optional().describe('Unbilled time of these tasks.'),
    project_ids: z.array(projectId).min(1).max(100).optional().describe('Unbilled time of these projects.'),
    from: dateInput.optional().describe('First day.'),
    to: dateInput.optional().describe('Last day, inclusive.'),
    group_by: z.enum(groupings).default('task').describe('What makes a line.'),
    rounding: roundingPolicy.optional().describe('Instead of the project’s, client’s or workspace’s.'),
    description_template: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .optional()
      .describe('Text of the lines, with {task}, {project}, {person}, {date}, {week} or {description}.'),
  })
  .describe('Unbilled billable time of the client; all of it where nothing is chosen.');
export type FromTime = z.output<typeof fromTime>;

/** Why time was left out. */
export const exclusions = [
  'already_invoiced',
  'not_billable',
  'running',
  'without_rate',
  'other_currency',
  'other_client',
] as const;
export type Exclusion = (typeof exclusions)[number];

/** A piece of time that may be billed. */
export interface BillableTime {
  id: Id<'ten'>;
  membership_id: Id<'mem'>;
  member_name: string;
  task_id: Id<'tsk'> | null;
  task_summary: string | null;
  project_id: Id<'prj'> | null;
  project_name: string | null;
  description: string;
  local_date: Temporal.PlainDate;
  duration_seconds: number;
  rate_minor: bigint;
  rounding: unknown;
  excluded: Exclusion | null;
  invoice_id: Id<'inv'> | null;
}

/** SQL for why time e cannot go on an invoice of a client in a currency, null where it can. The first reason that holds is given. */
export const exclusionSql = ({ client, currency }: { client: Id<'cli'>; currency: string }) =>
  sql<Exclusion | null>`case when e.invoice_id is not null then 'already_invoiced'
    when e.client_id is distinct from ${client} then 'other_client' when not e.billable then 'not_billable'
    when e.state <> 'stopped' then 'running' when e.rate_minor is null then 'without_rate'
    when e.currency <> ${currency} then 'other_currency' end`;

/** SQL for time e as `BillableTime`, with the number of the invoice it is on. */
export const timeSql = (invoice: { client: Id<'cli'>; currency: string }) => sql`
  select e.id, e.membership_id, coalesce(m.display_name, u.name, '') as member_name, e.task_id, t.summary as task_summary,
    e.project_id, p.name as project_name, e.description, e.local_date, e.duration_seconds, e.rate_minor, e.invoice_id,
    (select i.number from invoices i where i.id = e.invoice_id) as invoice_number,
    ${roundingSql(sql`e.project_id`, sql`e.client_id`)} as rounding, ${exclusionSql(invoice)} as excluded
  from time_entries e join memberships m on m.id = e.membership_id left join users u on u.id = m.user_id
  left join tasks t on t.id = e.task_id left join projects p on p.id = e.project_id`;
/** The oldest first. */
export const timeOrder = sql`order by e.local_date, e.started_at nulls first, e.id`;

/**
 * The time that was chosen, of which each says whether it is left out and why. Whatever is answered stays as it is until the transaction
 * ends: the turns of everybody whose time it is are taken, and two who want the same time come one after the other.
 */
const chosenTime = async (
  { tx }: Call,
  { client, currency, given }: { client: Id<'cli'>; currency: string; given: FromTime },
): Promise<BillableTime[]> => {
  const { entry_ids, task_ids, project_ids, from, to } = given;
  const chosen = all([
    sql`e.deleted_at is null`,
    entry_ids === undefined ? sql`e.client_id = ${client}` : sql`e.id = any(${entry_ids}::text[])`,
    ...(task_ids === undefined ? [] : [sql`e.task_id = any(${task_ids}::text[])`]),
    ...(project_ids === undefined ? [] : [sql`e.project_id = any(${project_ids}::text[])`]),
    ...(from === undefined ? [] : [sql`e.local_date >= ${from}::date`]),
    ...(to === undefined ? [] : [sql`e.local_date <= ${to}::date`]),
  ]);
  await sql`select from memberships where id in (select e.membership_id from time_entries e where ${chosen})
    order by id for no key update`.execute(tx);
  const { rows } = await sql<BillableTime>`${timeSql({ client, currency })} where ${chosen} ${timeOrder}
    limit ${mostEntries + 1}`.execute(tx);
  if (rows.length > mostEntries) {
    const message = `More than ${mostEntries} entries were chosen. Make several invoices: choose by from and to, or by project_ids.`;
    throw validationFailed({ message }, 'from_time');
  }
  if (entry_ids !== undefined && rows.length < new Set(entry_ids).size)
    throw notFound({}, 'from_time.entry_ids');
  return rows;
};

/** Time as it goes on lines: each entry with what is billed of it. */
export interface TimeOnLines {
  readonly lines: NewLine[];
  readonly claims: { entry: BillableTime; line: Id<'lin'>; billedSeconds: number }[];
  readonly excluded: BillableTime[];
}

/** The seconds to bill of each entry, by its id: by the policy given, else by that of its project, client or workspace; sums are rounded where a policy says so. */
export const billedOf = (
  time: readonly BillableTime[],
  given: Pick<FromTime, 'rounding'>,
  keyOf: (entry: BillableTime) => string,
): Map<string, number> => {
  const byPolicy = Map.groupBy(time, ({ rounding }) => JSON.stringify(given.rounding ?? rounding ?? null));
  const billed = [...byPolicy].flatMap(([text, entries]) => {
    const policy = storedRounding(JSON.parse(text));
    const worked = (group: readonly BillableTime[]) =>
      group.map((entry) => ({
        id: entry.id,
        seconds: entry.duration_seconds,
        day: entry.local_date.toString(),
        group: entry.project_id ?? entry.task_id ?? '',
      }));
    const sets = policy.scope === 'line' ? [...Map.groupBy(entries, keyOf).values()] : [entries];
    return sets.flatMap((set) => [...billedSeconds(worked(set), policy)]);
  });
  return new Map(billed);
};

/** What a line of time comes to, in the shares of its entries: their seconds at the one rate of the line, multiplied once. */
export const sharesOf = (billed: readonly number[], rateMinor: bigint): bigint[] => {
  const seconds = billed.map(BigInt);
  return allocate(
    worthOf(
      seconds.reduce((sum, each) => sum + each, 0n),
      rateMinor,
    ),
    seconds,
  );
};

/**
 * Puts the chosen time into lines: one for each group and rate, of which the sum of seconds is multiplied once.
 * Refuses `already_invoiced` where entries were named that are on another invoice.
 */
export const timeOnLines = async (
  call: Call,
  invoice: { client: Id<'cli'>; currency: string; language: 'en' | 'de' | 'fr'; taxes: readonly string[] },
  given: FromTime,
): Promise<TimeOnLines> => {
  refuseReversed(given.from, given.to, ['from_time.from', 'from_time.to']);
  const chosen = await chosenTime(call, { ...invoice, given });
  const taken = chosen.filter(({ excluded }) => excluded === 'already_invoiced');
  if (given.entry_ids !== undefined && taken.length > 0) {
    const entries = taken.slice(0, 20).map(({ id, invoice_id }) => ({ id, invoice_id: invoice_id! }));
    throw alreadyInvoiced({ entries, count: taken.length }, 'from_time.entry_ids');
  }
  const time = chosen.filter(({ excluded }) => excluded === null);
  const grouping: Grouping = {
    by: given.group_by,
    language: invoice.language,
    template: given.description_template,
  };
  const keyOf = (entry: BillableTime) => lineKey(entry, grouping.by);
  const billed = billedOf(time, given, keyOf);
  const groups = [...Map.groupBy(time, keyOf)].toSorted(([one], [other]) => (one < other ? -1 : 1));
  const made = groups.map(([, entries]) => {
    const first = entries[0]!;
    const seconds = entries.reduce((sum, { id }) => sum + billed.get(id)!, 0);
    const same = <Key extends 'project_id' | 'task_id' | 'membership_id'>(key: Key) =>
      entries.every((entry) => entry[key] === first[key]) ? first[key] : null;
    const line: NewLine = {
      id: newId('lin', call.now),
      kind: 'time',
      ...writeLine(entries, grouping),
      quantity_num: BigInt(seconds),
      quantity_den: 1n,
      unit: 'second',
      unit_price_minor: first.rate_minor,
      price_base: 3600,
      discount_kind: null,
      discount_value: null,
      tax_code_ids: [...invoice.taxes],
      raw_seconds: entries.reduce((sum, { duration_seconds }) => sum + duration_seconds, 0),
      billed_seconds: seconds,
      project_id: same('project_id'),
      task_id: same('task_id'),
      membership_id: same('membership_id'),
    };
    return { line, entries };
  });
  return {
    lines: made.map(({ line }) => line),
    claims: made.flatMap(({ line, entries }) =>
      entries.map((entry) => ({ entry, line: line.id, billedSeconds: billed.get(entry.id)! })),
    ),
    excluded: chosen.filter(({ excluded }) => excluded !== null),
  };
};
