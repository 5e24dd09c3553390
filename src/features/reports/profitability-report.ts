import { formatAmount, multiplyDivide } from '#values/money.ts';
import { dimensionColumns } from './dimension.ts';
import {
  type Column,
  currencyTotals,
  dimensions,
  moneyColumn,
  percentOf,
  type Question,
  type ReportKind,
  type Table,
  worthNote,
} from './report.ts';
import { keyCells, timeArguments, timeNotes, timeTotals } from './summary-report.ts';
import { costOf, isBillable, type Part, secondsOf, timeGroups, worthByCurrency } from './time-groups.ts';

const costNeeds = ['billing:read', 'costs'] as const;

/** What time brings and costs. Costs are in the workspace's currency, so a margin is one of work that was billed in it alone. */
const economyOf = (parts: readonly Part[], own: string) => {
  const revenue = worthByCurrency(parts);
  const cost = costOf(parts);
  const comparable = [...revenue.keys()].every((currency) => currency === own);
  const earned = revenue.get(own) ?? 0n;
  return { revenue, cost, margin: comparable ? earned - cost : null, earned };
};

const perHour = (minor: bigint, seconds: bigint): bigint | null =>
  seconds === 0n ? null : multiplyDivide(minor, 3600n, seconds);

const profitability = async (question: Question): Promise<Table> => {
  const { groupBy, split, call } = question;
  const own = call.actor.workspace.currency;
  const time = await timeGroups(question);
  const whole = economyOf(time.whole.parts, own);
  const currencies = [...new Set([own, ...whole.revenue.keys()])];
  const text = (minor: bigint | null | undefined, currency: string) =>
    minor == null ? null : formatAmount(minor, currency);
  const costColumn = (name: string, label: string): Column => moneyColumn(name, label, own, costNeeds);
  const totals = timeTotals(time);
  return {
    columns: [
      ...groupBy.flatMap(dimensionColumns),
      { key: 'seconds', label: 'Seconds', type: 'seconds' },
      { key: 'billable_seconds', label: 'Billable seconds', type: 'seconds' },
      ...currencies.flatMap((currency) => [
        moneyColumn('revenue', 'Revenue', currency),
        moneyColumn('effective_rate', 'Effective rate', currency),
      ]),
      costColumn('cost', 'Cost'),
      costColumn('margin', 'Margin'),
      { key: 'margin_percent', label: 'Margin %', type: 'percent', needs: costNeeds },
    ],
    rows: time.groups.map((group) => {
      const { revenue, cost, margin, earned } = economyOf(group.parts, own);
      return [
        ...keyCells(groupBy, group),
        Number(group.seconds),
        Number(secondsOf(group.parts, isBillable)),
        ...currencies.flatMap((currency) => {
          const minor = revenue.get(currency);
          const rate = minor === undefined ? null : perHour(minor, group.seconds);
          return [text(minor, currency), text(rate, currency)];
        }),
        text(cost, own),
        text(margin, own),
        margin === null ? null : percentOf(margin, earned),
      ];
    }),
    rowCount: time.count,
    totals: {
      ...totals,
      currencies: currencyTotals(
        currencies.map((currency) => ({
          currency,
          amounts: {
            revenue: whole.revenue.get(currency) ?? 0n,
            ...(currency === own
              ? { cost: whole.cost, ...(whole.margin === null ? {} : { margin: whole.margin }) }
              : {}),
          },
        })),
      ),
    },
    notes: [
      ...timeNotes(groupBy, split),
      worthNote,
      `Revenue is the worth of billable time, billed or not, whatever a fixed fee says. Costs are in ${own}; time without a cost rate costs nothing, and there is no margin where revenue is in another currency. The effective rate is revenue by all hours.`,
    ],
  };
};

/** Revenue, cost and margin of time, for managers. */
export const profitabilityReport: ReportKind = {
  takes: [...timeArguments, 'group_by', 'split_at_midnight', 'sort'],
  dimensions,
  grouped: ['project'],
  managers: true,
  scopes: ['billing:read'],
  build: profitability,
};
