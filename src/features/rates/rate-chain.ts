import { sql } from 'kysely';
import type { Transaction } from '#database/database.ts';
import type { Id } from '#values/id.ts';
import { cascadeSteps, type RateLevel, type RateQuestion, termsOf, workCurrency } from './rate.ts';

/** What one level of the cascade has for a piece of work. */
export interface RateStep {
  readonly level: RateLevel;
  /** Null where the work has none of that level: no task, no project. */
  readonly target: string | null;
  readonly person: Id<'mem'> | null;
  /** The currency of the work: of all rates looked at. */
  readonly currency: string;
  /** The rate of the day; null where there is none. */
  readonly rateId: Id<'rat'> | null;
  readonly rateMinor: bigint | null;
  readonly validFrom: Temporal.PlainDate | null;
  /** Other currencies in which there is a rate that day. */
  readonly others: string[];
}

/** Every level that `resolveRate` asks, in its order, and what it has: the first with a rate is the one that counts. */
export const rateChain = async (tx: Transaction, question: RateQuestion): Promise<RateStep[]> => {
  const terms = { ...termsOf(question), kind: question.kind };
  const { rows } = await sql<{
    level: RateLevel;
    target: string | null;
    person: Id<'mem'> | null;
    currency: string;
    rate_id: Id<'rat'> | null;
    rate_minor: bigint | null;
    valid_from: Temporal.PlainDate | null;
    others: string[];
  }>`
    with work as (select ${workCurrency(terms)} as currency),
      held as (select distinct on (step.rank, r.currency) step.rank, r.id, r.currency, r.rate_minor, r.valid_from
        from ${cascadeSteps(terms)} join rates r on r.level = step.level and r.target_id = step.target
          and r.membership_id is not distinct from step.person
        where r.kind = ${question.kind} and r.valid_from <= ${terms.on} order by step.rank, r.currency, r.valid_from desc)
    select step.level, step.target, step.person, work.currency, h.id as rate_id, h.rate_minor, h.valid_from,
      (select coalesce(json_agg(o.currency order by o.currency), '[]') from held o
        where o.rank = step.rank and o.currency <> work.currency and o.rate_minor is not null) as others
    from work cross join ${cascadeSteps(terms)} left join held h on h.rank = step.rank and h.currency = work.currency
    order by step.rank`.execute(tx);
  return rows.map((row) => ({
    level: row.level,
    target: row.target,
    person: row.person,
    currency: row.currency,
    rateId: row.rate_id,
    rateMinor: row.rate_minor,
    validFrom: row.valid_from,
    others: row.others,
  }));
};
