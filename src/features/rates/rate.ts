import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { Transaction } from '#database/database.ts';
import type { RatesRow } from '#database/rows.ts';
import { type Id, newId } from '#values/id.ts';
import { amountText, moneyInput } from '#values/money.ts';
import { unlockedSql } from './worth.ts';

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
interface CascadeTerms {
  readonly task: RawBuilder<unknown>;
  readonly project: RawBuilder<unknown>;
  readonly client: RawBuilder<unknown>;
  readonly membership: RawBuilder<unknown>;
  readonly on: RawBuilder<unknown>;
  readonly kind: RateKind;
}

// Bill rates count only in the currency of the work (the project's, else the client's, else the workspace's): a rate in
// another would make an entry that can never be invoiced to that client. Costs are in the workspace's currency.
const currencyOf = ({ project, client, kind }: CascadeTerms) =>
  kind === 'cost'
    ? sql`(select w.currency from workspaces w)`
    : sql`coalesce((select p.currency from projects p where p.id = ${project}),
        (select c.currency from clients c where c.id = ${client}), (select w.currency from workspaces w))`;

// Task before person in the project before project before client before person before workspace. A level whose row of
// the day says null has no rate, and the next is asked.
const cascade = (terms: CascadeTerms) => sql`
  select found.rate_minor, found.currency, found.level from (
    select distinct on (step.rank) step.rank, r.rate_minor, r.currency, r.level
    from (values (1, 'task', ${terms.task}, null), (2, 'project_member', ${terms.project}, ${terms.membership}),
      (3, 'project', ${terms.project}, null), (4, 'client', ${terms.client}, null),
      (5, 'member', ${terms.membership}, null), (6, 'workspace', stint_workspace(), null)) step (rank, level, target, person)
    join rates r on r.level = step.level and r.target_id = step.target and r.membership_id is not distinct from step.person
    where r.kind = ${terms.kind} and r.currency = ${currencyOf(terms)} and r.valid_from <= ${terms.on}
    order by step.rank, r.valid_from desc
  ) found where found.rate_minor is not null order by found.rank limit 1`;

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
  const { rows } = await sql<CascadeRow>`${cascade({
    task: sql`${question.taskId}::text`,
    project: sql`${question.projectId}::text`,
    client: sql`${question.clientId}::text`,
    membership: sql`${question.membershipId}::text`,
    on: sql`${question.on}::date`,
    kind: question.kind,
  })}`.execute(tx);
  const [row] = rows;
  return row === undefined ? null : { rateMinor: row.rate_minor, currency: row.currency, source: row.level };
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

/** What `setRate` sets: null ends a rate, so that the next level of the cascade counts. */
export interface NewRate {
  readonly level: RateLevel;
  readonly targetId: string;
  readonly membershipId?: Id<'mem'>;
  readonly kind?: RateKind;
  readonly currency: string;
  readonly rateMinor: bigint | null;
  /** The first day it holds. The very first rate of a target holds for all days before as well. */
  readonly from: Temporal.PlainDate;
  readonly now: Temporal.Instant;
}

/** Sets a rate from a day on; what was said about later days of the same target and currency is replaced. */
export const setRate = async (tx: Transaction, rate: NewRate): Promise<void> => {
  const { level, targetId, membershipId = null, kind = 'bill', currency, rateMinor, from, now } = rate;
  const same = sql`level = ${level} and target_id = ${targetId} and kind = ${kind} and currency = ${currency}
    and membership_id is not distinct from ${membershipId}`;
  await sql`delete from rates where ${same} and valid_from >= ${from}::date`.execute(tx);
  await sql`insert into rates (id, level, target_id, membership_id, kind, currency, rate_minor, valid_from)
    select ${newId('rat', now)}, ${level}, ${targetId}, ${membershipId}, ${kind}, ${currency}, ${rateMinor}::bigint,
      case when exists (select from rates where ${same}) then ${from}::date else '-infinity' end`.execute(tx);
};

/** When a changed rate begins to count for work that is already logged. */
export const rateApply = z
  .string()
  .refine((text) => /^(new_only|unbilled_from:\d{4}-\d{2}-\d{2})$/.test(text), {
    error: 'must be new_only, or unbilled_from: and a date, like unbilled_from:2026-10-01',
  })
  .default('new_only')
  .describe('new_only, or unbilled_from:YYYY-MM-DD to re-rate unlocked, unbilled time since that day.');

/**
 * Gives the time of a project since a day the rate that the cascade now says, where it is billable, not locked and not
 * rated by hand. Answers which entries changed. (Invoiced time will be left alone here when there are invoices.)
 */
export const rerateProject = async (
  tx: Transaction,
  projectId: Id<'prj'>,
  from: Temporal.PlainDate,
  lockDate: Temporal.PlainDate | null,
): Promise<string[]> => {
  const found = cascade({
    task: sql`e.task_id`,
    project: sql`e.project_id`,
    client: sql`e.client_id`,
    membership: sql`e.membership_id`,
    on: sql`e.local_date`,
    kind: 'bill',
  });
  const { rows } = await sql<{ id: string }>`
    update time_entries t set rate_minor = x.rate_minor, currency = coalesce(x.currency, t.currency),
      rate_source = coalesce(x.level, 'none')
    from (select e.id, found.* from time_entries e left join lateral (${found}) found on true
      where e.project_id = ${projectId} and e.local_date >= ${from}::date and e.billable and e.deleted_at is null
        and e.rate_source not in ('entry', 'rule') and ${unlockedSql('e', lockDate)}) x
    where t.id = x.id and (t.rate_minor, t.rate_source) is distinct from (x.rate_minor, coalesce(x.level, 'none'))
    returning t.id`.execute(tx);
  return rows.map(({ id }) => id);
};
