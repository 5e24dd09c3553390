import { z } from 'zod';
import type { Call } from '#operation/call.ts';
import type { Scope } from '#operation/scopes.ts';
import type { omission, Sight } from '#operation/visible.ts';
import type { Cell } from '#values/csv.ts';
import { amountText, currencyText, formatAmount } from '#values/money.ts';
import { refusal } from '#values/refusal.ts';

export const reportTypes = [
  'summary',
  'detailed',
  'weekly',
  'profitability',
  'utilization',
  'budget',
  'uninvoiced',
  'ageing',
  'tax',
  'expenses',
] as const;
export type ReportType = (typeof reportTypes)[number];

/** By what rows can be grouped. */
export const dimensions = [
  'day',
  'week',
  'month',
  'member',
  'client',
  'project',
  'task',
  'tag',
  'billable',
] as const;
export type Dimension = (typeof dimensions)[number];
export type Period = 'day' | 'week' | 'month';
export const isPeriod = (dimension: Dimension): dimension is Period =>
  dimension === 'day' || dimension === 'week' || dimension === 'month';

/** The days that one report covers at most. */
export const mostDays = 400;

export const rangeTooLong = refusal<{ days: number; most: number }>(
  'range_too_long',
  'invalid',
  'A report covers at most 400 days.',
  ({ days, most }) =>
    `These are ${days} days, and a report covers at most ${most}. Ask for a year at a time.`,
);

/** A column of a report, and what somebody needs to see it. */
export interface Column {
  readonly key: string;
  readonly label: string;
  readonly type: 'id' | 'text' | 'date' | 'moment' | 'boolean' | 'number' | 'seconds' | 'percent' | 'money';
  readonly currency?: string;
  readonly needs?: readonly Sight[];
}

/** What holds for everything, whatever is shown of it. Money by currency, and by the name of its column. */
export interface Totals {
  entries?: number;
  seconds?: number;
  billable_seconds?: number;
  capacity_seconds?: number;
  currencies?: { currency: string; amounts: Record<string, string> }[];
}

/** A finished report, with everything that anybody may see of it. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** All rows there are, shown or not. */
  readonly rowCount: number;
  readonly totals: Totals;
  /** What the reader has to know to read it rightly. */
  readonly notes: readonly string[];
  readonly nextCursor?: string | null;
  /** What it takes to see the rows at all. */
  readonly rowsNeed?: readonly Sight[];
}

/** What is asked, with every default filled in. */
export interface Question {
  readonly call: Call;
  readonly from: Temporal.PlainDate | null;
  readonly to: Temporal.PlainDate;
  readonly groupBy: readonly Dimension[];
  readonly filter: Filter;
  readonly split: boolean;
  readonly sort: 'group' | 'seconds';
  readonly limit: number;
  readonly cursor: string | undefined;
}

/** Which records are meant; a list means any of them. */
export interface Filter {
  readonly member_ids?: readonly string[] | undefined;
  readonly client_ids?: readonly string[] | undefined;
  readonly project_ids?: readonly string[] | undefined;
  readonly task_ids?: readonly string[] | undefined;
  readonly tag_ids?: readonly string[] | undefined;
  readonly billable?: boolean | undefined;
}

/** The arguments that only some reports take. */
export type ReportArgument = keyof Filter | 'from' | 'group_by' | 'split_at_midnight' | 'sort' | 'cursor';

/** One kind of report. */
export interface ReportKind {
  readonly takes: readonly ReportArgument[];
  /** What `group_by` may name, and what it is when not given. */
  readonly dimensions?: readonly Dimension[];
  readonly grouped?: readonly Dimension[];
  /** What it cannot be asked without. */
  readonly scopes?: readonly Scope[];
  readonly managers?: boolean;
  /** Whether it begins at the beginning where `from` is not given; else with the month of `to`. */
  readonly allTime?: boolean;
  /** Whether today is the workspace's, where documents are issued and due; else the user's. */
  readonly ofDocuments?: boolean;
  readonly build: (question: Question) => Promise<Table>;
}

/** What money in a report takes: the scope, and a role that sees amounts. */
export const moneyNeeds: readonly Sight[] = ['billing:read', 'amounts'];

/** A column of money in one currency; its key is the name and the currency. */
export const moneyColumn = (
  name: string,
  label: string,
  currency: string,
  needs: readonly Sight[] = moneyNeeds,
): Column => ({ key: `${name}_${currency}`, label: `${label} ${currency}`, type: 'money', currency, needs });

/** A column of money whose currency stands in the row. */
export const mixedMoney = (key: string, label: string): Column => ({
  key,
  label,
  type: 'money',
  needs: moneyNeeds,
});
export const currencyColumn: Column = {
  key: 'currency',
  label: 'Currency',
  type: 'text',
  needs: moneyNeeds,
};

/** A share as a percentage with one decimal, rounded; null of nothing. */
export const percentOf = (part: bigint, whole: bigint): string | null => {
  if (whole === 0n) return null;
  const tenths = (2n * 1000n * (part < 0n ? -part : part) + whole) / (2n * whole);
  return `${part < 0n && tenths > 0n ? '-' : ''}${tenths / 10n}.${tenths % 10n}`;
};

/** Sums by currency and name, as totals show them. */
export const currencyTotals = (
  sums: readonly { currency: string; amounts: Readonly<Record<string, bigint>> }[],
): NonNullable<Totals['currencies']> =>
  sums.map(({ currency, amounts }) => ({
    currency,
    amounts: Object.fromEntries(
      Object.entries(amounts).map(([name, minor]) => [name, formatAmount(minor, currency)]),
    ),
  }));

/** The sums of columns of money, by the currency of their rows. */
export const columnTotals = <Name extends string>(
  rows: readonly ({ currency: string } & Record<Name, string>)[],
  names: readonly Name[],
): NonNullable<Totals['currencies']> =>
  currencyTotals(
    [...Map.groupBy(rows, ({ currency }) => currency)]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([currency, same]) => ({
        currency,
        amounts: Object.fromEntries(
          names.map((name) => [name, same.reduce((sum, row) => sum + BigInt(row[name]), 0n)]),
        ),
      })),
  );

/** What is said about amounts of time. */
export const worthNote =
  'Amounts: for each row, seconds are summed per hourly rate, and each sum is multiplied and rounded once, half away from zero, before they are added; totals the same over everything, so they may differ from the sum of rows by a cent. Nothing is converted between currencies.';

export const totalsView = z
  .object({
    entries: z.number().int().optional().describe('How many time entries.'),
    seconds: z.number().int().optional().describe('All their time.'),
    billable_seconds: z.number().int().optional().describe('The billable part.'),
    capacity_seconds: z.number().int().optional().describe('Working time there was.'),
    currencies: z
      .array(
        z.object({
          currency: currencyText,
          amounts: z.record(z.string(), amountText).describe('By the name of the column.'),
        }),
      )
      .optional()
      .describe('Money, one item per currency.'),
  })
  .describe('Over everything, never only the rows shown.');

export type Omission = z.output<typeof omission>;
