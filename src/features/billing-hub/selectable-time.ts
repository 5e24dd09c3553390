import { sql } from 'kysely';
import { all } from '#database/sorted.ts';
import { lineKey, type groupings } from '#features/invoices/invoice-grouping.ts';
import {
  type BillableTime,
  billedOf,
  type Exclusion,
  exclusionSql,
  type FromTime,
  mostEntries,
  sharesOf,
  timeOrder,
  timeSql,
} from '#features/invoices/invoice-time.ts';
import type { Call } from '#operation/call.ts';
import type { Id } from '#values/id.ts';

/** Which time of a client is looked at. */
export interface Choice {
  readonly client: Id<'cli'>;
  readonly currency: string;
  readonly projectIds?: readonly string[] | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** A piece of time with what an invoice would bill of it; `amountMinor` is its share of its line. */
export interface SelectableTime extends BillableTime {
  readonly billedSeconds: number;
  readonly amountMinor: bigint;
}

/** A piece of time that cannot be chosen, and why. */
export interface OtherTime extends Omit<BillableTime, 'rate_minor'> {
  readonly rate_minor: bigint | null;
  readonly excluded: Exclusion;
  readonly invoice_number: string | null;
}

const chosenSql = ({ client, projectIds, from, to }: Choice) =>
  all([
    sql`e.deleted_at is null and e.client_id = ${client}`,
    ...(projectIds === undefined ? [] : [sql`e.project_id = any(${[...projectIds]}::text[])`]),
    ...(from === undefined ? [] : [sql`e.local_date >= ${from}::date`]),
    ...(to === undefined ? [] : [sql`e.local_date <= ${to}::date`]),
  ]);

/**
 * The time of a client that an invoice could bill, the oldest first, each with its share of the line it would be on; as many as one
 * invoice takes, and `more` where there is more than that.
 */
export const selectableTime = async (
  { tx }: Call,
  choice: Choice,
  { by = 'task', rounding }: { by?: (typeof groupings)[number]; rounding?: FromTime['rounding'] } = {},
): Promise<{ time: SelectableTime[]; more: boolean }> => {
  const { rows } = await sql<BillableTime>`${timeSql(choice)}
    where ${chosenSql(choice)} and e.billable and e.state = 'stopped' and e.invoice_id is null
      and e.rate_minor is not null and e.currency = ${choice.currency} ${timeOrder} limit ${mostEntries + 1}`.execute(
    tx,
  );
  const time = rows.slice(0, mostEntries);
  const keyOf = (entry: BillableTime) => lineKey(entry, by);
  const billed = billedOf(time, { rounding }, keyOf);
  const shares = new Map(
    [...Map.groupBy(time, keyOf).values()].flatMap((line) => {
      const amounts = sharesOf(
        line.map(({ id }) => billed.get(id)!),
        line[0]!.rate_minor,
      );
      return line.map(({ id }, index) => [id, amounts[index]!] as const);
    }),
  );
  return {
    time: time.map((entry) => ({
      ...entry,
      billedSeconds: billed.get(entry.id)!,
      amountMinor: shares.get(entry.id)!,
    })),
    more: rows.length > mostEntries,
  };
};

/** Time of a client that cannot be chosen, the latest first, at most so many. */
export const otherTime = async ({ tx }: Call, choice: Choice, limit: number): Promise<OtherTime[]> => {
  const { rows } = await sql<OtherTime>`${timeSql(choice)}
    where ${chosenSql(choice)} and ${exclusionSql(choice)} is not null
    order by e.local_date desc, e.started_at desc nulls last, e.id desc limit ${limit}`.execute(tx);
  return rows;
};

/** What cannot be chosen, counted by reason and task. */
export interface ExcludedCount {
  readonly reason: Exclusion;
  readonly task_id: Id<'tsk'> | null;
  readonly count: number;
  readonly seconds: bigint;
}

/** How much time cannot be chosen, and why. */
export const excludedTime = async ({ tx }: Call, choice: Choice): Promise<ExcludedCount[]> => {
  const { rows } = await sql<ExcludedCount>`
    select ${exclusionSql(choice)} as reason, e.task_id, count(*)::int as count, sum(e.duration_seconds)::bigint as seconds
    from time_entries e where ${chosenSql(choice)} and ${exclusionSql(choice)} is not null
    group by 1, e.task_id order by 1, e.task_id`.execute(tx);
  return rows;
};

/** Sums of time: of entries, seconds worked and billed, and their shares. */
export const sumsOf = (time: readonly SelectableTime[]) => ({
  entries: time.length,
  rawSeconds: time.reduce((sum, { duration_seconds }) => sum + duration_seconds, 0),
  billedSeconds: time.reduce((sum, { billedSeconds }) => sum + billedSeconds, 0),
  amountMinor: time.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
});

/** The client of that id with its currency, or null; an archived one too, for it may still owe. */
export const billedClient = async ({ tx }: Call, id: Id<'cli'>) =>
  (await tx
    .selectFrom('clients')
    .select(['id', 'name', 'currency'])
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()) ?? null;
