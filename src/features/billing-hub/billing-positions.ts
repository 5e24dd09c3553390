import { sql } from 'kysely';
import { unbilledSql } from '#features/rates/worth.ts';
import { type AgeBucket, ageBuckets, bucketSql, owedSql } from '#features/reports/owed.ts';
import type { Call } from '#operation/call.ts';
import type { Id } from '#values/id.ts';
import { worthOf } from '#values/money.ts';

/** Where a client stands in one currency: minor units, seconds, and how many. */
export interface PositionSums extends Record<AgeBucket, bigint> {
  seconds: bigint;
  unbilled: bigint;
  draft: bigint;
  received: bigint;
  credit: bigint;
  overdueCount: number;
  oldCount: number;
  oldMinor: bigint;
  unratedCount: number;
}

/** A client (null: none) in one currency. */
export interface Position {
  readonly client: { id: Id<'cli'>; name: string } | null;
  readonly currency: string;
  readonly sums: PositionSums;
}

const nothing = (): PositionSums => ({
  seconds: 0n,
  unbilled: 0n,
  draft: 0n,
  current: 0n,
  days_1_30: 0n,
  days_31_60: 0n,
  days_61_90: 0n,
  days_over_90: 0n,
  received: 0n,
  credit: 0n,
  overdueCount: 0,
  oldCount: 0,
  oldMinor: 0n,
  unratedCount: 0,
});

/** Positions of one currency in one. */
export const sumPositions = (positions: readonly Position[]): PositionSums => {
  const all = nothing();
  for (const { sums } of positions) {
    for (const key of [
      'seconds',
      'unbilled',
      'draft',
      'received',
      'credit',
      'oldMinor',
      ...ageBuckets,
    ] as const)
      all[key] += sums[key];
    for (const key of ['overdueCount', 'oldCount', 'unratedCount'] as const) all[key] += sums[key];
  }
  return all;
};

interface Found {
  kind: 'time' | 'draft' | 'owed' | 'received' | 'credit';
  client_id: Id<'cli'> | null;
  name: string | null;
  currency: string;
  /** Of owed: its bucket. */
  bucket: AgeBucket | null;
  /** Of time: its rate, and whether it is older than 30 days. */
  rate: string | null;
  old: boolean | null;
  count: number;
  amount: string;
}

/**
 * What every client has unbilled, on drafts, owed, paid and in credit on a day, in one statement. Time is by rate, so that its worth is
 * rounded once per client and rate; without a rate it counts in the client's currency, else in the workspace's.
 */
export const billingPositions = async (
  { tx, actor }: Call,
  day: Temporal.PlainDate,
  client?: Id<'cli'>,
): Promise<Position[]> => {
  const { rows } = await sql<Found>`
    select f.kind, f.client_id, c.name, coalesce(f.currency, c.currency, ${actor.workspace.currency}) as currency, f.bucket, f.rate::text, f.old,
      f.count, f.amount::text
    from (
      select 'time' as kind, e.client_id, e.currency, null as bucket, e.rate_minor as rate, e.local_date < ${day}::date - 30 as old,
        count(*)::int as count, sum(e.duration_seconds)::numeric as amount
      from time_entries e where ${unbilledSql('e')} and e.local_date <= ${day}::date group by 2, 3, 5, 6
      union all
      select 'draft', i.client_id, i.currency, null, null, null, count(*)::int, sum(i.total_minor)
      from invoices i where i.status in ('draft', 'scheduled') group by 2, 3
      union all
      select 'owed', o.client_id, o.currency, ${bucketSql(sql`o.due_date`, day)}, null, null, count(*)::int, sum(o.open_minor)
      from (${owedSql(day)}) o where o.open_minor > 0 group by 2, 3, 4
      union all
      select 'received', i.client_id, p.currency, null, null, null, count(*)::int,
        sum(case p.kind when 'refund' then -p.amount_minor else p.amount_minor end)
      from invoice_payments p join invoices i on i.id = p.invoice_id
      where p.reversed_at is null and p.kind in ('payment', 'refund')
        and p.paid_on between ${day.with({ day: 1 })}::date and ${day}::date group by 2, 3
      union all
      select 'credit', b.client_id, b.currency, null, null, null, 1, b.balance_minor from client_credit_balances b where b.balance_minor > 0
    ) f left join clients c on c.id = f.client_id
    where ${client ?? null}::text is null or f.client_id = ${client ?? null}`.execute(tx);
  const positions = Map.groupBy(rows, ({ client_id, currency }) => `${currency} ${client_id ?? ''}`);
  return [...positions.values()].map((found) => {
    const { client_id: id, name, currency } = found[0]!;
    return { client: id === null ? null : { id, name: name ?? '' }, currency, sums: sumsOf(found) };
  });
};

const sumsOf = (found: readonly Found[]): PositionSums => {
  const sums = nothing();
  for (const { kind, bucket, rate, old, count, amount } of found) {
    const minor = BigInt(amount);
    if (kind === 'draft') sums.draft += minor;
    if (kind === 'received') sums.received += minor;
    if (kind === 'credit') sums.credit += minor;
    if (kind === 'owed') {
      sums[bucket!] += minor;
      if (bucket !== 'current') sums.overdueCount += count;
    }
    if (kind === 'time') {
      sums.seconds += minor;
      if (old === true) sums.oldCount += count;
      if (rate === null) sums.unratedCount += count;
    }
  }
  const rated = found.flatMap(({ kind, rate, old, amount }) =>
    kind === 'time' && rate !== null ? [{ rate, old, seconds: BigInt(amount) }] : [],
  );
  const worth = (parts: readonly { rate: string; seconds: bigint }[]) =>
    [...Map.groupBy(parts, ({ rate }) => rate)].reduce(
      (sum, [rate, same]) =>
        sum +
        worthOf(
          same.reduce((all, { seconds }) => all + seconds, 0n),
          BigInt(rate),
        ),
      0n,
    );
  sums.unbilled = worth(rated);
  sums.oldMinor = worth(rated.filter(({ old }) => old === true));
  return sums;
};
