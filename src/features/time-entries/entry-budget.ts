import { type Budget, budgetOf, checkBudget } from '#features/projects/budget.ts';
import type { Call } from '#operation/call.ts';
import type { Id } from '#values/id.ts';
import { type EntryRow, entries, entryRows, liveSeconds } from './entry-view.ts';

/** A piece of time as it was, null where it was not there, and as it is. */
export interface Written {
  readonly before: EntryRow | null;
  readonly after: EntryRow;
}

const sameMonth = (one: Temporal.PlainDate, two: Temporal.PlainDate): boolean =>
  one.toPlainYearMonth().equals(two.toPlainYearMonth());

/** What an entry takes of a budget in the period of a day: so far, and with every further second. Of money in minor units times 3600, exactly. */
const takes = (row: EntryRow | null, budget: Budget, day: Temporal.PlainDate, now: Temporal.Instant) => {
  const counts =
    row !== null &&
    row.deleted_at === null &&
    row.project_id === budget.project_id &&
    (budget.period === 'total' || sameMonth(row.local_date, day));
  if (!counts) return { sofar: 0n, pace: 0n };
  const rate = row.billable && row.currency === budget.currency ? (row.rate_minor ?? 0n) : 0n;
  const second = budget.kind === 'seconds' ? 1n : rate;
  return {
    sofar: BigInt(liveSeconds(row, now)) * second,
    pace: row.state === 'running' ? second : 0n,
  };
};

const stops = ({ before, after }: Written): boolean =>
  before !== null && before.state !== 'stopped' && after.state === 'stopped';

/**
 * Keeps the budget of a project after time was written there: what adds to it, or begins to run, is refused beyond a hard stop
 * (`budget_exhausted`) and warned of from the first alert on. What takes away, and a timer that stops, never is refused; with `refuses`
 * false nothing is. Asked after every write of time, in its transaction.
 */
export const keepBudget = async (
  call: Call,
  project: Id<'prj'> | null,
  written: readonly Written[],
  { refuses = true } = {},
): Promise<void> => {
  if (project === null || written.length === 0) return;
  const budget = await budgetOf(call.tx, project);
  if (budget === null) return;
  const months = new Map(
    written.map(({ after: { local_date } }) => [local_date.toString().slice(0, 7), local_date]),
  );
  for (const day of budget.period === 'month' ? months.values() : [written[0]!.after.local_date]) {
    const sum = (of: 'sofar' | 'pace') =>
      written.reduce((total, { before, after }) => {
        const [was, is] = [takes(before, budget, day, call.now), takes(after, budget, day, call.now)];
        return total + is[of] - was[of];
      }, 0n);
    const starts = sum('pace') > 0n;
    const adds = starts || sum('sofar') > 0n;
    if (adds || written.some(stops))
      await checkBudget(call, budget, day, { refuses: refuses && adds, starts });
  }
};

/** Keeps the budget of a project after all this time was put into it at once. */
export const keepBudgetOf = async (
  call: Call,
  project: Id<'prj'> | null,
  added: readonly Id<'ten'>[],
): Promise<void> => {
  if (project === null || added.length === 0) return;
  const rows = await entryRows(call.tx, entries(call.tx).where('e.id', 'in', [...added])).execute();
  await keepBudget(
    call,
    project,
    rows.map((after) => ({ before: null, after })),
  );
};
