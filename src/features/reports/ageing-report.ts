import { sql } from 'kysely';
import { all } from '#database/sorted.ts';
import { formatAmount } from '#values/money.ts';
import { type AgeBucket, ageBuckets, bucketSql, owedSql } from './owed.ts';
import {
  columnTotals,
  currencyColumn,
  mixedMoney,
  type Question,
  type ReportKind,
  type Table,
} from './report.ts';
import { recordFilter } from './report-filter.ts';

type Found = Record<AgeBucket, string> & {
  client_id: string;
  client: string;
  currency: string;
  invoices: number;
  owed: string;
};

const labels: Record<AgeBucket, string> = {
  current: 'Not due',
  days_1_30: '1 to 30 days',
  days_31_60: '31 to 60 days',
  days_61_90: '61 to 90 days',
  days_over_90: 'Over 90 days',
};

/** What is owed at the end of a day, by client and currency and by how long it is overdue. */
const ageing = async ({ call, to, filter, limit }: Question): Promise<Table> => {
  const buckets = ageBuckets.map(
    (bucket) =>
      sql`coalesce(sum(o.open_minor) filter (where o.bucket = ${bucket}), 0)::text as ${sql.ref(bucket)}`,
  );
  const { rows: found } = await sql<Found>`
    select c.id as client_id, c.name as client, o.currency, count(*)::int as invoices, sum(o.open_minor)::text as owed, ${sql.join(buckets)}
    from (select i.*, ${bucketSql(sql`i.due_date`, to)} as bucket from (${owedSql(to)}) i where i.open_minor > 0) o
      join clients c on c.id = o.client_id
    where ${all(recordFilter(sql`null`, sql`c.id`, sql`null`, filter))}
    group by c.id, c.name, o.currency order by lower(c.name), c.id, o.currency`.execute(call.tx);
  return {
    columns: [
      { key: 'client_id', label: 'Client id', type: 'id', needs: ['clients:read'] },
      { key: 'client', label: 'Client', type: 'text', needs: ['clients:read'] },
      currencyColumn,
      { key: 'invoices', label: 'Invoices', type: 'number' },
      ...ageBuckets.map((bucket) => mixedMoney(bucket, labels[bucket])),
      mixedMoney('owed', 'Owed'),
    ],
    rows: found
      .slice(0, limit)
      .map((row) => [
        row.client_id,
        row.client,
        row.currency,
        row.invoices,
        ...ageBuckets.map((bucket) => formatAmount(BigInt(row[bucket]), row.currency)),
        formatAmount(BigInt(row.owed), row.currency),
      ]),
    rowCount: found.length,
    totals: { currencies: columnTotals(found, [...ageBuckets, 'owed']) },
    notes: [
      `Balances at the end of ${to.toString()}, by days after the due date; drafts, void and paid invoices are not in it.`,
    ],
  };
};

/** Who owes what, for managers. */
export const ageingReport: ReportKind = {
  takes: ['client_ids'],
  managers: true,
  scopes: ['billing:read'],
  ofDocuments: true,
  build: ageing,
};
