import { sql } from 'kysely';
import { unbilledSql } from '#features/rates/worth.ts';
import { formatAmount } from '#values/money.ts';
import { dimensionCells, dimensionColumns } from './dimension.ts';
import {
  currencyTotals,
  dimensions,
  type Dimension,
  moneyColumn,
  moneyNeeds,
  type Question,
  type ReportArgument,
  type ReportKind,
  type Table,
  type Totals,
  worthNote,
} from './report.ts';
import {
  isBillable,
  type Part,
  secondsOf,
  type TimeGroup,
  timeGroups,
  type TimeGroups,
  worthByCurrency,
} from './time-groups.ts';

/** The filters of every report on time. */
export const timeArguments: readonly ReportArgument[] = [
  'from',
  'member_ids',
  'client_ids',
  'project_ids',
  'task_ids',
  'tag_ids',
  'billable',
];

const tagNote =
  'Time with several tags counts under each of them, and once in the totals; time without tags has a row of its own.';
const splitNote =
  'Time over midnight is divided at each midnight of its own zone; an entry with time on several days counts once on each.';
const daysNote =
  'A day is the day in the zone of each time entry; time over midnight counts on the day it began.';

/** What the reader of any report on time has to know. */
export const timeNotes = (groupBy: readonly Dimension[], split: boolean): string[] => [
  ...(groupBy.includes('tag') ? [tagNote] : []),
  split ? splitNote : daysNote,
];

/** Everything in one: seconds, and what they are worth. */
export const timeTotals = ({ whole }: TimeGroups): Totals => ({
  entries: whole.entries,
  seconds: Number(secondsOf(whole.parts)),
  billable_seconds: Number(secondsOf(whole.parts, isBillable)),
  currencies: currencyTotals(
    [...worthByCurrency(whole.parts)].map(([currency, amount]) => ({ currency, amounts: { amount } })),
  ),
});

/** The cells of a group that say what it is. */
export const keyCells = (groupBy: readonly Dimension[], { keys, names }: TimeGroup) =>
  groupBy.flatMap((dimension, index) => dimensionCells(dimension, keys[index]!, names[index] ?? null));

/** What parts are worth in each of these currencies; null where they have none of it. */
export const amountIn = (parts: readonly Part[], currencies: readonly string[]) => {
  const worth = worthByCurrency(parts);
  return currencies.map((currency) => {
    const minor = worth.get(currency);
    return minor === undefined ? null : formatAmount(minor, currency);
  });
};

const isUnrated = ({ billable, rateMinor }: Part): boolean => billable && rateMinor === null;

const summary = async (question: Question): Promise<Table> => {
  const { groupBy, split } = question;
  const time = await timeGroups(question);
  const currencies = [...worthByCurrency(time.whole.parts).keys()];
  return {
    columns: [
      ...groupBy.flatMap(dimensionColumns),
      { key: 'entries', label: 'Entries', type: 'number' },
      { key: 'seconds', label: 'Seconds', type: 'seconds' },
      { key: 'billable_seconds', label: 'Billable seconds', type: 'seconds' },
      ...currencies.map((currency) => moneyColumn('amount', 'Amount', currency)),
    ],
    rows: time.groups.map((group) => [
      ...keyCells(groupBy, group),
      group.entries,
      Number(group.seconds),
      Number(secondsOf(group.parts, isBillable)),
      ...amountIn(group.parts, currencies),
    ]),
    rowCount: time.count,
    totals: timeTotals(time),
    notes: [...timeNotes(groupBy, split), worthNote],
  };
};

/** Time by up to three things. */
export const summaryReport: ReportKind = {
  takes: [...timeArguments, 'group_by', 'split_at_midnight', 'sort'],
  dimensions,
  grouped: ['project'],
  build: summary,
};

const uninvoiced = async (question: Question): Promise<Table> => {
  const { groupBy, to } = question;
  const agedAt = to.subtract({ days: 30 });
  const time = await timeGroups({
    ...question,
    only: unbilledSql('e'),
    // Only whether it is older counts, and a part for each day would be a thousand.
    byDay: (day) => sql`case when ${day} < ${agedAt}::date then 'old' end`,
  });
  const currencies = [...worthByCurrency(time.whole.parts).keys()];
  const isOld = ({ day }: Part) => day === 'old';
  return {
    columns: [
      ...groupBy.flatMap(dimensionColumns),
      { key: 'entries', label: 'Entries', type: 'number' },
      { key: 'seconds', label: 'Seconds', type: 'seconds' },
      { key: 'oldest', label: 'Oldest day', type: 'date' },
      { key: 'seconds_over_30_days', label: 'Seconds older than 30 days', type: 'seconds' },
      { key: 'seconds_without_rate', label: 'Seconds without a rate', type: 'seconds', needs: moneyNeeds },
      ...currencies.map((currency) => moneyColumn('amount', 'Amount', currency)),
    ],
    rows: time.groups.map((group) => [
      ...keyCells(groupBy, group),
      group.entries,
      Number(group.seconds),
      group.oldest,
      Number(secondsOf(group.parts, isOld)),
      Number(secondsOf(group.parts, isUnrated)),
      ...amountIn(group.parts, currencies),
    ]),
    rowCount: time.count,
    totals: timeTotals(time),
    notes: [
      ...timeNotes(groupBy, false),
      'Billable finished time that is on no invoice and no draft, before rounding; billing_hub.invoice_selection says what would be billed.',
      worthNote,
    ],
  };
};

/** Time that waits to be billed. */
export const uninvoicedReport: ReportKind = {
  takes: [...timeArguments.filter((name) => name !== 'billable'), 'group_by', 'sort'],
  dimensions,
  grouped: ['client'],
  allTime: true,
  build: uninvoiced,
};
