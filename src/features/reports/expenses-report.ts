import { sql } from 'kysely';
import { seesTime } from '#features/rates/worth.ts';
import { all } from '#database/sorted.ts';
import { formatAmount } from '#values/money.ts';
import { dimensionCells, dimensionColumns, keySql, namesSql } from './dimension.ts';
import {
  columnTotals,
  currencyColumn,
  mixedMoney,
  type Question,
  type ReportKind,
  type Table,
} from './report.ts';
import { dayIn, recordFilter } from './report-filter.ts';

interface Found {
  keys: (string | boolean)[];
  names: (string | null)[];
  category_id: string | null;
  category: string | null;
  currency: string;
  expenses: number;
  amount: string;
  tax: string;
  billable: string;
  unbilled: string;
}

/** Expenses by category, one's own unless a manager asks. */
const expenses = async ({ call, from, to, filter, groupBy, limit }: Question): Promise<Table> => {
  const { joins, names, order } = namesSql(groupBy, 'q');
  const keys = groupBy.map(
    (dimension, index) =>
      sql`${keySql(dimension, sql`e.spent_on`, call.actor.user.week_start)} as ${sql.ref(`k${index}`)}`,
  );
  const chosen = all([
    sql`e.deleted_at is null and e.status <> 'rejected'`,
    seesTime(call.actor, 'e'),
    dayIn(sql`e.spent_on`, from, to),
    ...recordFilter(sql`e.membership_id`, sql`e.client_id`, sql`e.project_id`, filter),
    ...(filter.billable === undefined ? [] : [sql`e.billable = ${filter.billable}`]),
  ]);
  const grouping = sql.raw(Array.from({ length: keys.length + 2 }, (_, index) => index + 1).join(', '));
  const { rows: found } = await sql<Found>`
    select json_build_array(${sql.join(groupBy.map((_, index) => sql.ref(`q.k${index}`)))}) as keys, json_build_array(${sql.join(names)}) as names,
      t.id as category_id, t.name as category, q.currency, q.expenses, q.amount::text, q.tax::text, q.billable::text, q.unbilled::text
    from (select ${sql.join([...keys, sql`e.category_id`, sql`e.currency`])}, count(*)::int as expenses, sum(e.amount_minor) as amount,
        sum(e.tax_minor) as tax, coalesce(sum(e.amount_minor) filter (where e.billable), 0) as billable,
        coalesce(sum(e.amount_minor) filter (where e.billable and e.invoice_id is null), 0) as unbilled
      from expenses e where ${chosen} group by ${grouping}) q
      left join expense_categories t on t.id = q.category_id ${joins}
    order by ${sql.join([...order, sql`lower(t.name) nulls last`, sql`t.id`, sql`q.currency`])}`.execute(
    call.tx,
  );
  const money = ['amount', 'tax', 'billable', 'unbilled'] as const;
  return {
    columns: [
      ...groupBy.flatMap(dimensionColumns),
      { key: 'category_id', label: 'Category id', type: 'id' },
      { key: 'category', label: 'Category', type: 'text' },
      currencyColumn,
      { key: 'expenses', label: 'Expenses', type: 'number' },
      mixedMoney('amount', 'Amount'),
      mixedMoney('tax', 'Tax in it'),
      mixedMoney('billable', 'Billable'),
      mixedMoney('unbilled', 'Unbilled'),
    ],
    rows: found
      .slice(0, limit)
      .map((row) => [
        ...groupBy.flatMap((dimension, index) =>
          dimensionCells(dimension, row.keys[index]!, row.names[index] ?? null),
        ),
        row.category_id,
        row.category,
        row.currency,
        row.expenses,
        ...money.map((name) => formatAmount(BigInt(row[name]), row.currency)),
      ]),
    rowCount: found.length,
    totals: { currencies: columnTotals(found, money) },
    notes: ['By the day they were spent, without what was rejected; amounts as spent, before any markup.'],
  };
};

/** Expenses by category. */
export const expensesReport: ReportKind = {
  takes: ['from', 'group_by', 'member_ids', 'client_ids', 'project_ids', 'billable'],
  dimensions: ['day', 'week', 'month', 'member', 'client', 'project', 'billable'],
  grouped: [],
  scopes: ['expenses:read'],
  build: expenses,
};
