import { sql } from 'kysely';
import { budgetUseSql } from '#features/projects/budget.ts';
import { seesProject } from '#features/projects/project.ts';
import { all } from '#database/sorted.ts';
import { formatAmount } from '#values/money.ts';
import { currencyColumn, mixedMoney, type Question, type ReportKind, type Table } from './report.ts';
import { recordFilter } from './report-filter.ts';

interface Found {
  project_id: string;
  project: string;
  client_id: string | null;
  client: string | null;
  kind: 'seconds' | 'money';
  amount: bigint;
  period: 'total' | 'month';
  hard_stop: boolean;
  currency: string;
  seconds: bigint;
  minor: string;
}

/** Every budget of a project that the caller sees, and what is used of it. */
const budget = async ({ call, to, filter, limit }: Question): Promise<Table> => {
  const chosen = all([
    sql`p.deleted_at is null and p.status = 'active'`,
    seesProject(call.actor, 'p'),
    ...recordFilter(sql`null`, sql`p.client_id`, sql`p.id`, filter),
  ]);
  const { rows: found } = await sql<Found>`
    select p.id as project_id, p.name as project, c.id as client_id, c.name as client, b.kind, b.amount, b.period, b.hard_stop,
      p.currency, u.seconds, u.minor::text as minor
    from budgets b join projects p on p.id = b.project_id left join clients c on c.id = p.client_id
      cross join lateral (${budgetUseSql(to)}) u
    where ${chosen} order by lower(p.name), p.id`.execute(call.tx);
  return {
    columns: [
      { key: 'project_id', label: 'Project id', type: 'id', needs: ['projects:read'] },
      { key: 'project', label: 'Project', type: 'text', needs: ['projects:read'] },
      { key: 'client_id', label: 'Client id', type: 'id', needs: ['clients:read'] },
      { key: 'client', label: 'Client', type: 'text', needs: ['clients:read'] },
      { key: 'kind', label: 'Kind', type: 'text' },
      { key: 'period', label: 'Period', type: 'text' },
      { key: 'hard_stop', label: 'Hard stop', type: 'boolean' },
      { key: 'budget_seconds', label: 'Budget seconds', type: 'seconds' },
      { key: 'used_seconds', label: 'Used seconds', type: 'seconds', needs: ['time:read'] },
      mixedMoney('budget', 'Budget'),
      mixedMoney('used', 'Used'),
      currencyColumn,
      { key: 'percent', label: 'Used %', type: 'percent', needs: ['time:read'] },
    ],
    rows: found.slice(0, limit).map((row) => {
      const money = row.kind === 'money';
      const used = money ? BigInt(row.minor) : row.seconds;
      return [
        row.project_id,
        row.project,
        row.client_id,
        row.client,
        row.kind,
        row.period,
        row.hard_stop,
        money ? null : Number(row.amount),
        Number(row.seconds),
        money ? formatAmount(row.amount, row.currency) : null,
        formatAmount(BigInt(row.minor), row.currency),
        row.currency,
        // Rounded down: a budget is used up when it is.
        String((used * 100n) / row.amount),
      ];
    }),
    rowCount: found.length,
    totals: {},
    notes: [
      `Use of a monthly budget is that of ${to.toPlainYearMonth().toString()}, of any other all there is. Percent is rounded down; everybody’s time counts.`,
    ],
  };
};

/** Budgets of active projects. */
export const budgetReport: ReportKind = { takes: ['client_ids', 'project_ids'], build: budget };
