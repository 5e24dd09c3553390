import { workspaceToday } from '#features/invoices/invoice.ts';
import { roleCovers } from '#operation/actor.ts';
import type { Call } from '#operation/call.ts';
import { refuseWithout } from '#operation/refuse-without.ts';
import { refuseReversed } from '#values/local-time.ts';
import { accessDenied, validationFailed } from '#values/refusal.ts';
import { ageingReport } from './ageing-report.ts';
import { budgetReport } from './budget-report.ts';
import { detailedReport } from './detailed-report.ts';
import { expensesReport } from './expenses-report.ts';
import { profitabilityReport } from './profitability-report.ts';
import {
  type Dimension,
  type Filter,
  isPeriod,
  mostDays,
  type Question,
  rangeTooLong,
  type ReportArgument,
  type ReportKind,
  type ReportType,
} from './report.ts';
import { summaryReport, uninvoicedReport } from './summary-report.ts';
import { taxReport } from './tax-report.ts';
import { utilizationReport } from './utilization-report.ts';
import { weeklyReport } from './weekly-report.ts';

/** Every kind of report there is. */
export const reportKinds: Record<ReportType, ReportKind> = {
  summary: summaryReport,
  detailed: detailedReport,
  weekly: weeklyReport,
  profitability: profitabilityReport,
  utilization: utilizationReport,
  budget: budgetReport,
  uninvoiced: uninvoicedReport,
  ageing: ageingReport,
  tax: taxReport,
  expenses: expensesReport,
};

/** What was asked for, as it came in. */
export interface Asked extends Filter {
  readonly type: ReportType;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly group_by?: readonly Dimension[] | undefined;
  readonly split_at_midnight: boolean;
  readonly sort?: 'group' | 'seconds' | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

const optional: readonly ReportArgument[] = [
  'from',
  'group_by',
  'member_ids',
  'client_ids',
  'project_ids',
  'task_ids',
  'tag_ids',
  'billable',
  'split_at_midnight',
  'sort',
  'cursor',
];

/** An argument that would be ignored would make a report of something else than was asked for. */
const refuseStrangeArguments = (asked: Asked): void => {
  const { takes } = reportKinds[asked.type];
  // "billable false" asks for something, "split_at_midnight false" does not.
  const given = { ...asked, split_at_midnight: asked.split_at_midnight || undefined };
  const wrong = optional.find((name) => given[name] !== undefined && !takes.includes(name));
  if (wrong === undefined) return;
  const list = takes.length === 0 ? 'none of the filters' : takes.join(', ');
  throw validationFailed(
    { message: `A report of type ${asked.type} does not take ${wrong}. It takes ${list}.` },
    wrong,
  );
};

const readGroups = ({ type, group_by }: Asked): readonly Dimension[] => {
  const { dimensions = [], grouped = [] } = reportKinds[type];
  const groups = group_by ?? grouped;
  const wrong = groups.find((dimension) => !dimensions.includes(dimension));
  if (wrong !== undefined) {
    const message = `A report of type ${type} is not grouped by ${wrong}, but by ${dimensions.join(', ')}.`;
    throw validationFailed({ message }, 'group_by');
  }
  const twice = groups.find((dimension, index) => groups.indexOf(dimension) !== index);
  if (twice !== undefined) throw validationFailed({ message: `group_by names ${twice} twice.` }, 'group_by');
  if (type === 'utilization' && groups.filter(isPeriod).length > 1) {
    throw validationFailed({ message: 'Utilization is grouped by one of day, week and month.' }, 'group_by');
  }
  return groups;
};

const readRange = (asked: Asked, call: Call) => {
  const { takes, allTime = false, ofDocuments = false } = reportKinds[asked.type];
  const today = ofDocuments ? workspaceToday(call) : call.today;
  const to = asked.to === undefined ? today : Temporal.PlainDate.from(asked.to);
  if (!takes.includes('from') || (allTime && asked.from === undefined)) return { from: null, to };
  const from = asked.from === undefined ? to.with({ day: 1 }) : Temporal.PlainDate.from(asked.from);
  refuseReversed(from.toString(), to.toString());
  const days = to.since(from).days + 1;
  if (days > mostDays && !allTime) throw rangeTooLong({ days, most: mostDays }, 'from');
  return { from, to };
};

/** What is asked, with every default; or refuses what the kind of report does not take, or the caller may not ask for. */
export const readQuestion = (asked: Asked, call: Call): Question => {
  const { managers = false, scopes = [] } = reportKinds[asked.type];
  refuseWithout(call.actor, ['reports:read', ...scopes], 'reports.run', 'type');
  if (managers && !roleCovers(call.actor.membership.role, 'manager')) {
    throw accessDenied(
      { because: `a report of type ${asked.type} is for managers`, requires: 'manager' },
      'type',
    );
  }
  refuseStrangeArguments(asked);
  const { member_ids, client_ids, project_ids, task_ids, tag_ids, billable } = asked;
  return {
    call,
    ...readRange(asked, call),
    groupBy: readGroups(asked),
    filter: { member_ids, client_ids, project_ids, task_ids, tag_ids, billable },
    split: asked.split_at_midnight,
    sort: asked.sort ?? 'group',
    limit: asked.limit,
    cursor: asked.cursor,
  };
};
