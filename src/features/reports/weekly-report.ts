import { dimensionColumns } from './dimension.ts';
import {
  type Column,
  type Dimension,
  moneyColumn,
  type Question,
  type ReportKind,
  type Table,
  worthNote,
} from './report.ts';
import { amountIn, keyCells, timeArguments, timeNotes, timeTotals } from './summary-report.ts';
import { secondsOf, timeGroups, worthByCurrency } from './time-groups.ts';

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** The grid of a week: a row for each project or person, a column for each day as the user's week begins. */
const weekly = async (question: Question): Promise<Table> => {
  const { split, call } = question;
  const groupBy: readonly Dimension[] = ['week', ...question.groupBy];
  const time = await timeGroups({ ...question, groupBy, byDay: true });
  const currencies = [...worthByCurrency(time.whole.parts).keys()];
  const { week_start: first } = call.actor.user;
  const days = weekdays.map((_, index) => {
    const name = weekdays[(first + index) % 7]!;
    return {
      key: name,
      label: `${name[0]!.toUpperCase()}${name.slice(1)}`,
      type: 'seconds',
    } satisfies Column;
  });
  return {
    columns: [
      ...groupBy.flatMap(dimensionColumns),
      ...days,
      { key: 'seconds', label: 'Seconds', type: 'seconds' },
      ...currencies.map((currency) => moneyColumn('amount', 'Amount', currency)),
    ],
    rows: time.groups.map((group) => {
      const week = Temporal.PlainDate.from(group.keys[0] as string);
      return [
        ...keyCells(groupBy, group),
        ...days.map((_, index) => {
          const day = week.add({ days: index }).toString();
          return Number(secondsOf(group.parts, (part) => part.day === day));
        }),
        Number(group.seconds),
        ...amountIn(group.parts, currencies),
      ];
    }),
    rowCount: time.count,
    totals: timeTotals(time),
    notes: [...timeNotes(groupBy, split), worthNote],
  };
};

/** Time by week with its days. */
export const weeklyReport: ReportKind = {
  takes: [...timeArguments, 'group_by', 'split_at_midnight'],
  dimensions: ['member', 'client', 'project', 'task', 'tag', 'billable'],
  grouped: ['project'],
  build: weekly,
};
