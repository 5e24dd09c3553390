import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { Call } from '#operation/call.ts';
import { worthSql } from '#features/rates/worth.ts';
import { operation } from '#operation/operation.ts';
import { visibleWith } from '#operation/visible.ts';
import { localTimeRefusals, momentInput, readMoment, wholeSeconds } from '#values/local-time.ts';
import { amountText, currencyText, formatAmount } from '#values/money.ts';
import { pageInput, pageMeta } from '#values/page.ts';
import { entryFilter, filterInput } from './entry-filter.ts';
import { entryPage } from './entry-page.ts';
import { viewEntry } from './entry-view.ts';
import { entryView } from './time-entry.ts';

const totalsView = z.object({
  entries: z.number().int().describe('How many there are.'),
  seconds: z.number().int().describe('All their time.'),
  billable_seconds: z.number().int().describe('The billable part.'),
  amounts: visibleWith(
    'amounts',
    z
      .array(z.object({ currency: currencyText, amount: amountText }))
      .describe('Worth of the billable part by currency, rounded per rate.'),
  ),
});

/**
 * Seconds, and what they are worth, rounded once per rate, of everything that `chosen` selects. What runs counts up to now, and is
 * added apart: the first part then needs nothing that is not in the index by day.
 */
const totalsOf = async (
  { tx, now }: Call,
  chosen: RawBuilder<boolean>,
): Promise<z.output<typeof totalsView>> => {
  const { rows } = await sql<{
    currency: string | null;
    entries: number;
    seconds: bigint;
    billable_seconds: bigint;
    worth: string;
  }>`
    select case when y.billable and y.rate_minor is not null then y.currency end as currency,
      sum(y.entries)::int as entries, sum(y.seconds)::bigint as seconds,
      coalesce(sum(y.seconds) filter (where y.billable), 0)::bigint as billable_seconds,
      coalesce(sum(${worthSql(sql`y.seconds`, sql`y.rate_minor`)}) filter (where y.billable), 0)::text as worth
    from (
      select x.currency, x.billable, x.rate_minor, sum(x.entries) as entries, sum(x.seconds) as seconds
      from (
        select e.currency, e.billable, e.rate_minor, count(*) as entries, sum(e.duration_seconds)::bigint as seconds
        from time_entries e where ${chosen} group by 1, 2, 3
        union all
        select e.currency, e.billable, e.rate_minor, 0, greatest(extract(epoch from ${wholeSeconds(now)}::timestamptz - s.started_at), 0)::bigint
        from time_entries e join time_segments s on s.entry_id = e.id and s.ended_at is null
        where e.state = 'running' and ${chosen}
      ) x
      group by 1, 2, 3
    ) y
    group by 1 order by 1`.execute(tx);
  const sum = (value: (row: (typeof rows)[number]) => bigint): number =>
    Number(rows.reduce((total, row) => total + value(row), 0n));
  return {
    entries: rows.reduce((total, { entries }) => total + entries, 0),
    seconds: sum(({ seconds }) => seconds),
    billable_seconds: sum((row) => row.billable_seconds),
    amounts: rows.flatMap(({ currency, worth }) =>
      currency === null ? [] : [{ currency, amount: formatAmount(BigInt(worth), currency) }],
    ),
  };
};

export const listTimeEntries = operation({
  name: 'time_entries.list',
  title: 'List time entries',
  summary:
    'List time entries, the user’s own unless a manager asks for others, with totals over the whole filter.',
  effect: 'read',
  needs: { scope: 'time:read', role: 'viewer' },
  input: z.object({
    ...filterInput,
    deleted: z.boolean().default(false).describe('true: only deleted ones that can still be restored.'),
    updated_since: momentInput.optional().describe('Only changed since then.'),
    sort: z.enum(['newest', 'oldest']).default('newest').describe('By day, then by start.'),
    ...pageInput,
  }),
  output: z.object({
    data: z.array(entryView).describe('The entries.'),
    meta: pageMeta.extend({ totals: totalsView.describe('Over the whole filter, not the page.') }),
  }),
  refusals: localTimeRefusals,
  async handle({ deleted, updated_since, sort, limit, cursor, ...filter }, call) {
    const { tx, now, zone } = call;
    const since =
      updated_since === undefined ? null : readMoment(updated_since, { zone, now, field: 'updated_since' });
    const matching = entryFilter(call, filter, { deleted });
    const chosen = since === null ? matching : sql<boolean>`${matching} and e.updated_at >= ${since}`;
    const { data, meta } = await entryPage(tx, chosen, { newestFirst: sort === 'newest', limit, cursor });
    const totals = await totalsOf(call, chosen);
    return { data: data.map((row) => viewEntry(row, call)), meta: { ...meta, totals } };
  },
});
