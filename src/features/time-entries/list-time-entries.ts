import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { Call } from '#operation/call.ts';
import { operation } from '#operation/operation.ts';
import { visibleWith } from '#operation/visible.ts';
import { localTimeRefusals, momentInput, readMoment, wholeSeconds } from '#values/local-time.ts';
import { amountText, currencyText, formatAmount, multiplyDivide } from '#values/money.ts';
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
      .describe('Worth of the billable part by currency, rounded once.'),
  ),
});

/**
 * Seconds, and what they are worth, of everything that `chosen` selects. What runs counts up to now, and is added apart: the first part
 * then needs nothing that is not in the index by day.
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
    select x.currency, sum(x.entries)::int as entries, sum(x.seconds)::bigint as seconds,
      coalesce(sum(x.seconds) filter (where x.billable), 0)::bigint as billable_seconds,
      coalesce(sum(x.seconds::numeric * x.rate_minor) filter (where x.billable), 0)::text as worth
    from (
      select 1 as entries, e.duration_seconds::bigint as seconds, e.billable, e.rate_minor,
        case when e.billable and e.rate_minor is not null then e.currency end as currency
      from time_entries e where ${chosen}
      union all
      select 0, greatest(extract(epoch from ${wholeSeconds(now)}::timestamptz - s.started_at), 0)::bigint, e.billable, e.rate_minor,
        case when e.billable and e.rate_minor is not null then e.currency end
      from time_entries e join time_segments s on s.entry_id = e.id and s.ended_at is null
      where e.state = 'running' and ${chosen}
    ) x
    group by x.currency order by x.currency`.execute(tx);
  const sum = (value: (row: (typeof rows)[number]) => bigint): number =>
    Number(rows.reduce((total, row) => total + value(row), 0n));
  return {
    entries: rows.reduce((total, { entries }) => total + entries, 0),
    seconds: sum(({ seconds }) => seconds),
    billable_seconds: sum((row) => row.billable_seconds),
    amounts: rows.flatMap(({ currency, worth }) =>
      currency === null
        ? []
        : [
            {
              currency,
              amount: formatAmount(multiplyDivide(BigInt(worth.split('.')[0]!), 1n, 3600n), currency),
            },
          ],
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
