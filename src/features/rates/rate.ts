import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { Transaction } from '#database/database.ts';
import type { RatesRow } from '#database/rows.ts';
import type { Call } from '#operation/call.ts';
import { type Id, newId } from '#values/id.ts';
import { dateInput } from '#values/local-time.ts';
import { amountText, moneyInput } from '#values/money.ts';
import { validationFailed } from '#values/refusal.ts';

export type RateLevel = RatesRow['level'];
export type RateKind = 'bill' | 'cost';

/** A rate that was found, and which level of the cascade gave it. */
export interface ResolvedRate {
  /** Minor units per hour. */
  readonly rateMinor: bigint;
  readonly currency: string;
  readonly source: RateLevel;
}

/** What a rate is looked up for. */
export interface RateQuestion {
  readonly membershipId: Id<'mem'>;
  readonly taskId: Id<'tsk'> | null;
  readonly projectId: Id<'prj'> | null;
  readonly clientId: Id<'cli'> | null;
  /** The day the work was done. */
  readonly on: Temporal.PlainDate;
  readonly kind: RateKind;
}

export const rateInput = moneyInput
  .refine((text) => !/^0*[1-9]\d{9}/.test(text), { error: 'must be less than 1000000000 per hour' })
  .describe('Billable rate per hour, decimal text like "85.00".');
export const rateText = amountText.describe('Billable rate per hour today.');

/** The columns or parameters that the cascade looks at, so that one row and many are answered by the same SQL. */
export interface CascadeTerms {
  readonly task: RawBuilder<unknown>;
  readonly project: RawBuilder<unknown>;
  readonly client: RawBuilder<unknown>;
  readonly membership: RawBuilder<unknown>;
  readonly on: RawBuilder<unknown>;
  readonly kind: RateKind;
}

/**
 * SQL for the one currency that a rate of this work can be in. Bill rates count only in the currency of the work (the project's, else the
 * client's, else the workspace's): a rate in another would make an entry that can never be invoiced to that client. Costs are in the
 * workspace's currency.
 */
export const workCurrency = ({ project, client, kind }: CascadeTerms) =>
  kind === 'cost'
    ? sql`(select w.currency from workspaces w)`
    : sql`coalesce((select p.currency from projects p where p.id = ${project}),
        (select c.currency from clients c where c.id = ${client}), (select w.currency from workspaces w))`;

/** The steps of the cascade, most particular first: rank, level, what the rate is of, whose it is there. */
export const cascadeSteps = ({ task, project, client, membership }: CascadeTerms) => sql`(values
  (1, 'task', ${task}, null), (2, 'project_member', ${project}, ${membership}), (3, 'project', ${project}, null),
  (4, 'client', ${client}, null), (5, 'member', ${membership}, null), (6, 'workspace', stint_workspace(), null)
  ) step (rank, level, target, person)`;

/** SQL for rate_minor, currency and level of work: the first step that has a rate. One whose row of the day says null has none. */
export const cascade = (terms: CascadeTerms) => sql`
  select found.rate_minor, found.currency, found.level from (
    select distinct on (step.rank) step.rank, r.rate_minor, r.currency, r.level
    from ${cascadeSteps(terms)}
    join rates r on r.level = step.level and r.target_id = step.target and r.membership_id is not distinct from step.person
    where r.kind = ${terms.kind} and r.currency = ${workCurrency(terms)} and r.valid_from <= ${terms.on}
    order by step.rank, r.valid_from desc
  ) found where found.rate_minor is not null order by found.rank limit 1`;

/** The parameters of a question as the cascade looks at them. */
export const termsOf = ({ taskId, projectId, clientId, membershipId, on }: Omit<RateQuestion, 'kind'>) => ({
  task: sql`${taskId}::text`,
  project: sql`${projectId}::text`,
  client: sql`${clientId}::text`,
  membership: sql`${membershipId}::text`,
  on: sql`${on}::date`,
});

interface CascadeRow {
  rate_minor: bigint;
  currency: string;
  level: RateLevel;
}

/**
 * The rate of a piece of work on its day, or null where no level has one: task, project member, project, client, member,
 * workspace, in this order, in the currency of the work. One statement.
 */
export const resolveRate = async (tx: Transaction, question: RateQuestion): Promise<ResolvedRate | null> => {
  const { rows } = await sql<CascadeRow>`${cascade({ ...termsOf(question), kind: question.kind })}`.execute(
    tx,
  );
  const [row] = rows;
  return row === undefined ? null : { rateMinor: row.rate_minor, currency: row.currency, source: row.level };
};

interface BothRow extends CascadeRow {
  kind: RateKind;
}

/** What a piece of work is billed at and what it costs, as `resolveRate` finds each. One statement. */
export const resolveRates = async (
  tx: Transaction,
  question: Omit<RateQuestion, 'kind'>,
): Promise<Record<RateKind, ResolvedRate | null>> => {
  const terms = termsOf(question);
  const { rows } = await sql<BothRow>`
    select 'bill' as kind, b.* from (${cascade({ ...terms, kind: 'bill' })}) b
    union all select 'cost', c.* from (${cascade({ ...terms, kind: 'cost' })}) c`.execute(tx);
  const of = (kind: RateKind): ResolvedRate | null => {
    const row = rows.find((each) => each.kind === kind);
    return row === undefined
      ? null
      : { rateMinor: row.rate_minor, currency: row.currency, source: row.level };
  };
  return { bill: of('bill'), cost: of('cost') };
};

/** SQL for the rate of a client or project on a day: minor units per hour, or null. */
export const rateOn = (
  level: 'client' | 'project',
  target: RawBuilder<unknown>,
  currency: RawBuilder<unknown>,
  on: Temporal.PlainDate,
) => sql<bigint | null>`(select r.rate_minor from rates r
  where r.level = ${level} and r.target_id = ${target} and r.membership_id is null and r.kind = 'bill'
    and r.currency = ${currency} and r.valid_from <= ${on}::date order by r.valid_from desc limit 1)`;

/** What `putRate` sets. */
export interface NewRate {
  readonly level: RateLevel;
  readonly targetId: string;
  readonly membershipId?: Id<'mem'> | null;
  readonly kind?: RateKind;
  readonly currency: string;
  /** Minor units per hour; null: none, so that the next level of the cascade counts. */
  readonly rateMinor: bigint | null;
  /** The first day it holds; default today. */
  readonly from?: Temporal.PlainDate;
  /** Whether it is set for the days from then on as they were asked for; else it is the rate of today. */
  readonly exactly?: boolean;
}

/**
 * Sets a rate from a day on, until the day of the next one that is set; that day's own is replaced, and given as `before`. Unless it is to
 * be `exactly` from that day, it is the rate of today: what was set for the days up to today goes, what is planned for days to come stays,
 * and where none began before, it holds for all days before as well.
 */
export const putRate = async (
  { tx, now, today }: Pick<Call, 'tx' | 'now' | 'today'>,
  rate: NewRate,
): Promise<{ id: Id<'rat'>; before: { rate_minor: bigint | null } | null }> => {
  const { level, targetId, membershipId = null, kind = 'bill', currency, rateMinor } = rate;
  const { from = today, exactly = false } = rate;
  const same = sql`level = ${level} and target_id = ${targetId} and kind = ${kind} and currency = ${currency}
    and membership_id is not distinct from ${membershipId}`;
  const start = exactly
    ? sql`${from}::date`
    : sql`case when exists (select from rates where ${same} and valid_from <= ${from}::date) then ${from}::date else '-infinity' end`;
  const { rows: before } = await sql<{ rate_minor: bigint | null }>`
    select rate_minor from rates where ${same} and valid_from = ${start}`.execute(tx);
  const { rows: written } = await sql<{ id: Id<'rat'> }>`
    insert into rates (id, level, target_id, membership_id, kind, currency, rate_minor, valid_from)
    values (${newId('rat', now)}, ${level}, ${targetId}, ${membershipId}, ${kind}, ${currency}, ${rateMinor}::bigint, ${start})
    on conflict on constraint one_rate_at_a_time do update set rate_minor = excluded.rate_minor returning id`.execute(
    tx,
  );
  if (!exactly)
    await sql`delete from rates where ${same} and valid_from > ${from}::date and valid_from <= ${today}::date`.execute(
      tx,
    );
  return { id: written[0]!.id, before: before[0] ?? null };
};

/** When a changed rate begins to count for work that is already logged. */
export const rateApply = z
  .string()
  .refine((text) => /^(new_only|unbilled_from:\d{4}-\d{2}-\d{2})$/.test(text), {
    error: 'must be new_only, or unbilled_from: and a date, like unbilled_from:2026-10-01',
  })
  .default('new_only')
  .describe('new_only, or unbilled_from:YYYY-MM-DD to re-rate unlocked, unbilled time since that day.');

/** Since when a changed rate counts for logged time, or null where it does not. `field` is the argument's name. */
export const appliesFrom = (
  apply: string,
  today: Temporal.PlainDate,
  field: string,
): Temporal.PlainDate | null => {
  if (apply === 'new_only') return null;
  const text = apply.slice('unbilled_from:'.length);
  const from = dateInput.safeParse(text).success ? Temporal.PlainDate.from(text) : null;
  if (from === null || Temporal.PlainDate.compare(from, today) > 0) {
    throw validationFailed(
      { message: `${field}: "${text}" is not a day that has been. Use unbilled_from:YYYY-MM-DD.` },
      field,
    );
  }
  return from;
};
