import { sql } from 'kysely';
import type { Transaction } from '#database/database.ts';
import { lockRow } from '#database/lock-row.ts';
import { sees } from '#operation/actor.ts';
import type { Call } from '#operation/call.ts';
import { liveSecondsSql, worthSql } from '#features/rates/worth.ts';
import { formatDuration } from '#values/duration.ts';
import type { Id } from '#values/id.ts';
import { formatAmount } from '#values/money.ts';
import { refusal } from '#values/refusal.ts';

export const budgetExhausted = refusal<{
  project?: { id: string; name: string };
  /** Seconds or decimal text, as the budget is kept; only for those who may see it. */
  limit?: number | string;
  /** With what was refused. */
  used?: number | string;
  message: string;
}>(
  'budget_exhausted',
  'conflict',
  'The project has a budget with a hard stop, and this time would go beyond it.',
  ({ message }) => message,
  { fixTool: 'projects.update' },
);

/** SQL for what is used of the budget b of the project p in the period of a day: `seconds`, and `minor` of the project's currency, a numeric. */
export const budgetUseSql = (day: Temporal.PlainDate) => sql`
  select coalesce(sum(g.seconds), 0)::bigint as seconds, coalesce(sum(g.minor) filter (where g.counts), 0) as minor
  from (select e.billable and e.currency = p.currency as counts, sum(${liveSecondsSql('e')}) as seconds,
      ${worthSql(sql`sum(${liveSecondsSql('e')})`, sql`e.rate_minor`)} as minor
    from time_entries e where b.project_id is not null and e.project_id = p.id and e.deleted_at is null
      and (b.period = 'total' or e.local_date >= ${day.with({ day: 1 })}::date
        and e.local_date < ${day.with({ day: 1 }).add({ months: 1 })}::date)
    group by 1, e.rate_minor) g`;

/** What limits a project. */
export interface Budget {
  readonly id: Id<'bud'>;
  readonly project_id: Id<'prj'>;
  readonly name: string;
  readonly currency: string;
  readonly kind: 'seconds' | 'money';
  readonly amount: bigint;
  readonly period: 'total' | 'month';
  readonly hard_stop: boolean;
  readonly alert_percents: number[];
}

/** The budget of a project, or null. One with a hard stop is held until the transaction ends, so that nobody else takes the same rest. */
export const budgetOf = async (tx: Transaction, project: Id<'prj'>): Promise<Budget | null> => {
  const budget = await tx
    .selectFrom('budgets as b')
    .innerJoin('projects as p', 'p.id', 'b.project_id')
    .select(['b.id', 'b.project_id', 'b.kind', 'b.amount', 'b.period', 'b.hard_stop', 'b.alert_percents'])
    .select(['p.name', 'p.currency'])
    .where('b.project_id', '=', project)
    .executeTakeFirst();
  if (budget?.hard_stop === true) await lockRow(tx, 'budgets', budget.id);
  return budget ?? null;
};

const usedOf = async (tx: Transaction, budget: Budget, day: Temporal.PlainDate): Promise<bigint> => {
  const { rows } = await sql<{ seconds: bigint; minor: string }>`select u.seconds, u.minor::text as minor
    from budgets b join projects p on p.id = b.project_id cross join lateral (${budgetUseSql(day)}) u
    where b.project_id = ${budget.project_id}`.execute(tx);
  const { seconds, minor } = rows[0]!;
  return budget.kind === 'seconds' ? seconds : BigInt(minor);
};

const sizeText = ({ kind, currency }: Budget, size: bigint): string =>
  kind === 'money'
    ? `${formatAmount(size, currency)} ${currency}`
    : formatDuration(Number(size), 'text').replaceAll(/\d+/g, '$& ');

const periodText = ({ period }: Budget, day: Temporal.PlainDate, today: Temporal.PlainDate): string => {
  if (period === 'total') return '';
  const current = day.toPlainYearMonth().equals(today.toPlainYearMonth());
  return current ? ' this month' : ` in ${day.toLocaleString('en', { month: 'long', year: 'numeric' })}`;
};

/**
 * Looks at a budget after time was written that counts on `day`: with `refuses` throws `budget_exhausted` where a hard stop is passed
 * (`starts`: or reached, for a timer that would run on), else warns from the first alert on. Names and sizes are for those who may see
 * them. A second look in the same call replaces the first one’s warning.
 */
export const checkBudget = async (
  { tx, actor, today, warn }: Call,
  budget: Budget,
  day: Temporal.PlainDate,
  { refuses, starts }: { refuses: boolean; starts: boolean },
): Promise<void> => {
  const { id, project_id, name, kind, amount, currency, hard_stop } = budget;
  const { scopes } = actor.via;
  const named = scopes.has('projects:read');
  const sized = named && scopes.has('time:read') && (kind === 'seconds' || sees(actor, 'amounts'));
  const used = await usedOf(tx, budget, day);
  const beyond = hard_stop && used > amount;
  const period = periodText(budget, day, today);
  if (refuses && (beyond || (hard_stop && starts && used === amount))) {
    const project = named ? `the project "${name}"` : 'this project';
    const because = sized
      ? `With this, ${project} would have used ${sizeText(budget, used)} of its budget of ${sizeText(budget, amount)}${period}`
      : `The budget of ${project}${period} does not allow this`;
    const shown = (size: bigint) => (kind === 'seconds' ? Number(size) : formatAmount(size, currency));
    const running = starts ? ', with a timer running on' : '';
    throw budgetExhausted({
      ...(named ? { project: { id: project_id, name } } : {}),
      ...(sized ? { limit: shown(amount), used: shown(used) } : {}),
      message: `${because}${running}, and it has a hard stop. A manager can raise or clear the budget: projects.update.`,
    });
  }
  const percent = (used * 100n) / amount;
  if (!sized || !(beyond || Number(percent) >= Math.min(...budget.alert_percents))) return;
  warn(
    `"${name}" has used ${percent}% of its budget of ${sizeText(budget, amount)}${period}.`,
    `${id}${period}`,
  );
};
