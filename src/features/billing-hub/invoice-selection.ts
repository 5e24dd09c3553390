import { z } from 'zod';
import { clientId, clientRef } from '#features/clients/client.ts';
import { invoiceRef } from '#features/invoices/invoice.ts';
import { withMarkup } from '#features/invoices/invoice-expenses.ts';
import { groupings } from '#features/invoices/invoice-grouping.ts';
import { exclusions } from '#features/invoices/invoice-time.ts';
import { projectRef } from '#features/projects/project.ts';
import { memberId, taskRef } from '#features/tasks/task.ts';
import { entryId } from '#features/time-entries/time-entry.ts';
import { operation } from '#operation/operation.ts';
import { visibleWith } from '#operation/visible.ts';
import type { Id } from '#values/id.ts';
import { dateInput, refuseReversed } from '#values/local-time.ts';
import { amountText, currencyInput, currencyText, formatAmount } from '#values/money.ts';
import { notFound } from '#values/refusal.ts';
import { expenseNode, selectableExpenses, viewExpense } from './selectable-expenses.ts';
import {
  billedClient,
  type Choice,
  excludedTime,
  otherTime,
  type OtherTime,
  selectableTime,
  type SelectableTime,
  sumsOf,
} from './selectable-time.ts';

const sums = {
  entries_count: z.number().int().describe('Entries that can be chosen.'),
  raw_seconds: z.number().int().describe('Worked.'),
  billed_seconds: z.number().int().describe('To bill, after rounding.'),
  amount: amountText.describe('To bill.'),
};

const entryNode = z.object({
  id: entryId,
  date: z.string().describe('Its day.'),
  member_id: memberId.describe('Whose time.'),
  member_name: visibleWith('members:read', z.string().describe('Their name.')),
  description: z.string().describe('What was done.'),
  raw_seconds: z.number().int().describe('Worked.'),
  billed_seconds: z.number().int().nullable().describe('To bill; null where it cannot be chosen.'),
  rate: amountText.nullable().describe('Per hour.'),
  amount: amountText.nullable().describe('Its share of its line.'),
  selectable: z.boolean().describe('Whether it can be chosen; locked time can.'),
  reason: z.enum(exclusions).nullable().describe('Why not.'),
  invoice: visibleWith('invoices:read', invoiceRef.nullable().describe('The invoice it is on.')),
});
type Listed = SelectableTime | OtherTime;
const isSelectable = (entry: Listed): entry is SelectableTime => 'billedSeconds' in entry;

const viewEntry = (entry: Listed, currency: string): z.input<typeof entryNode> => {
  const chosen = isSelectable(entry) ? entry : null;
  const other = isSelectable(entry) ? null : entry;
  return {
    id: entry.id,
    date: entry.local_date.toString(),
    member_id: entry.membership_id,
    member_name: entry.member_name,
    description: entry.description,
    raw_seconds: entry.duration_seconds,
    billed_seconds: chosen?.billedSeconds ?? null,
    // Of another currency it would be a number without its unit.
    rate:
      entry.rate_minor === null || other?.excluded === 'other_currency'
        ? null
        : formatAmount(entry.rate_minor, currency),
    amount: chosen === null ? null : formatAmount(chosen.amountMinor, currency),
    selectable: chosen !== null,
    reason: other?.excluded ?? null,
    invoice:
      other?.excluded === 'already_invoiced' && entry.invoice_id !== null
        ? { id: entry.invoice_id, number: other.invoice_number }
        : null,
  };
};

const viewSums = (time: readonly SelectableTime[], currency: string) => {
  const { entries, rawSeconds, billedSeconds, amountMinor } = sumsOf(time);
  return {
    entries_count: entries,
    raw_seconds: rawSeconds,
    billed_seconds: billedSeconds,
    amount: formatAmount(amountMinor, currency),
  };
};

interface Branch {
  readonly tasks: readonly { readonly entries: readonly Listed[] }[];
  readonly expenses: readonly unknown[];
}

/** A tree of no more entries than `most`, in its own order, nor of more tasks or expenses; what is cut off stays in the sums. */
const pruned = <Project extends Branch>(tree: readonly Project[], most: number): Project[] => {
  let [tasks, entries, expenses] = [most, most, most];
  return tree.slice(0, most).map((project) => {
    const kept = {
      ...project,
      tasks: project.tasks.slice(0, tasks).map((task) => {
        const few = task.entries.slice(0, entries);
        entries -= few.length;
        return { ...task, entries: few };
      }),
      expenses: project.expenses.slice(0, expenses),
    };
    tasks -= kept.tasks.length;
    expenses -= kept.expenses.length;
    return kept;
  });
};
const sizeOf = (tree: readonly Branch[]): number =>
  tree.reduce((sum, { tasks, expenses }) => sum + 1 + tasks.length + expenses.length, 0);

/** Groups in the order of their names; what has none comes last. */
const grouped = <Row>(
  rows: readonly Row[],
  id: (row: Row) => string | null,
  name: (row: Row) => string | null,
) =>
  [...Map.groupBy(rows, id)]
    .map(([key, members]) => ({ key, name: name(members[0]!) ?? '', members }))
    .toSorted((one, other) =>
      one.key === null ? 1 : other.key === null ? -1 : one.name.localeCompare(other.name, 'en'),
    );

export const invoiceSelection = operation({
  name: 'billing_hub.invoice_selection',
  title: 'Choose what to invoice',
  summary: 'What a new invoice for a client could bill: projects, tasks, time and expenses with amounts.',
  guidance: 'Sums are whole even where entries are not all listed. invoices.create takes the ids.',
  effect: 'read',
  needs: { scope: 'billing:read', role: 'manager' },
  input: z.object({
    client_id: clientId,
    from: dateInput.optional().describe('First day. Default: from the beginning.'),
    to: dateInput.optional().describe('Last day, inclusive.'),
    currency: currencyInput.optional().describe('Default: the client’s.'),
    group_by: z.enum(groupings).default('task').describe('What would make a line: rounding may follow it.'),
    unselectable: z
      .boolean()
      .default(false)
      .describe('true: list also time that cannot be chosen, with why.'),
    limit: z.coerce.number().int().min(1).max(500).default(100).describe('Entries listed, 1 to 500.'),
  }),
  output: z.object({
    client: visibleWith('clients:read', clientRef.describe('For whom.')),
    currency: currencyText,
    projects: z
      .array(
        z.object({
          project: visibleWith('projects:read', projectRef.nullable().describe('Null: without a project.')),
          ...sums,
          tasks: z
            .array(
              z.object({
                task: visibleWith('tasks:read', taskRef.nullable().describe('Null: without a task.')),
                ...sums,
                entries: visibleWith('time:read', z.array(entryNode).describe('Its time.')),
              }),
            )
            .describe('Its tasks.'),
          expenses: visibleWith('expenses:read', z.array(expenseNode).describe('Its expenses.')),
        }),
      )
      .describe('By name; time without a project last.'),
    totals: z
      .object({
        ...sums,
        expenses_amount: visibleWith('expenses:read', amountText.describe('Of all expenses.')),
      })
      .describe('Over everything that can be chosen.'),
    excluded: z
      .array(
        z.object({
          reason: z.enum(exclusions).describe('Why.'),
          count: z.number().int().describe('Entries.'),
          seconds: z.number().int().describe('Their time.'),
        }),
      )
      .describe('What cannot be chosen, from excluded_from on.'),
    excluded_from: z.string().describe('First day of what excluded counts.'),
    truncated: z.boolean().describe('Whether entries are missing here.'),
  }),
  async handle({ client_id, from, to, currency: wanted, group_by: by, unselectable, limit }, call) {
    refuseReversed(from, to);
    const client = await billedClient(call, client_id);
    if (client === null) throw notFound({}, 'client_id');
    const currency = wanted ?? client.currency;
    const choice: Choice = { client: client.id, currency, from, to };
    const { time, more } = await selectableTime(call, choice, { by });
    // From the first day on that something can be billed of; else of a year.
    const since = from ?? time[0]?.local_date.toString() ?? call.today.subtract({ days: 365 }).toString();
    const excluded =
      to !== undefined && since > to ? [] : await excludedTime(call, { ...choice, from: since });
    const others = unselectable ? await otherTime(call, { ...choice, from: since }, limit) : [];
    const expenses = await selectableExpenses(call, choice);
    const listed: Listed[] = [...time, ...others];
    const places = [
      ...listed.map((entry) => ({ id: entry.project_id, name: entry.project_name, entry, expense: null })),
      ...expenses.map((expense) => ({
        id: expense.project_id,
        name: expense.project_name,
        entry: null,
        expense,
      })),
    ];
    const tree = grouped(
      places,
      ({ id }) => id,
      ({ name }) => name,
    ).map(({ key, name, members }) => {
      const entries = members.flatMap(({ entry }) => (entry === null ? [] : [entry]));
      return {
        project: key === null ? null : { id: key as Id<'prj'>, name },
        ...viewSums(entries.filter(isSelectable), currency),
        tasks: grouped(
          entries,
          ({ task_id }) => task_id,
          ({ task_summary }) => task_summary,
        ).map((task) => ({
          task: task.key === null ? null : { id: task.key as Id<'tsk'>, summary: task.name },
          ...viewSums(task.members.filter(isSelectable), currency),
          entries: task.members,
        })),
        expenses: members.flatMap(({ expense }) =>
          expense === null ? [] : [viewExpense(expense, currency)],
        ),
      };
    });
    const projects = pruned(tree, limit);
    const excludedCount = excluded.reduce((sum, { count }) => sum + count, 0);
    return {
      client: { id: client.id, name: client.name },
      currency,
      projects: projects.map((project) => ({
        ...project,
        tasks: project.tasks.map((task) => ({
          ...task,
          entries: task.entries.map((entry) => viewEntry(entry, currency)),
        })),
      })),
      totals: {
        ...viewSums(time, currency),
        expenses_amount: formatAmount(
          expenses.reduce((sum, expense) => sum + withMarkup(expense), 0n),
          currency,
        ),
      },
      excluded: [...Map.groupBy(excluded, ({ reason }) => reason)].map(([reason, rows]) => ({
        reason,
        count: rows.reduce((sum, { count }) => sum + count, 0),
        seconds: Number(rows.reduce((sum, { seconds }) => sum + seconds, 0n)),
      })),
      excluded_from: since,
      truncated:
        more ||
        listed.length > limit ||
        sizeOf(projects) < sizeOf(tree) ||
        (unselectable && others.length < excludedCount),
    };
  },
});
