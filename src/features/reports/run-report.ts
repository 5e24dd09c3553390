import { z } from 'zod';
import { clientId } from '#features/clients/client.ts';
import { projectId } from '#features/projects/project.ts';
import { tagId } from '#features/tags/tag.ts';
import { memberId, taskId } from '#features/tasks/task.ts';
import { refuseOthers } from '#features/time-entries/time-entry.ts';
import { insufficientScope } from '#operation/obstacle.ts';
import { operation } from '#operation/operation.ts';
import { omission } from '#operation/visible.ts';
import { writeCsv } from '#values/csv.ts';
import { dateInput, momentText } from '#values/local-time.ts';
import { currencyText } from '#values/money.ts';
import { dimensions, rangeTooLong, reportTypes, totalsView } from './report.ts';
import { readQuestion, reportKinds } from './report-kinds.ts';
import { visibleTable } from './visible-table.ts';

const few = <Schema extends z.ZodType>(id: Schema) => z.array(id).min(1).max(50).optional();

export const runReport = operation({
  name: 'reports.run',
  title: 'Run a report',
  summary:
    'Run a report on time, money owed, taxes, budgets or expenses; one’s own time unless a manager asks.',
  guidance:
    'totals always cover everything, also where rows are truncated: read them instead of adding up rows.',
  effect: 'read',
  needs: { scope: 'reports:read', role: 'viewer' },
  input: z.object({
    type: z
      .enum(reportTypes)
      .describe(
        'What to report. profitability, ageing and tax are for managers; ageing: what is owed on the day to.',
      ),
    from: dateInput.optional().describe('First day. Default: the first of the month of to.'),
    to: dateInput.optional().describe('Last day, inclusive. Default: today.'),
    group_by: z
      .array(z.enum(dimensions))
      .min(1)
      .max(3)
      .optional()
      .describe('Rows, up to three; weekly: what is in a week’s rows.'),
    member_ids: few(memberId).describe('Only time of these people; others’ for managers.'),
    client_ids: few(clientId).describe('Only for these clients.'),
    project_ids: few(projectId).describe('Only of these projects.'),
    task_ids: few(taskId).describe('Only of these tasks.'),
    tag_ids: few(tagId).describe('Only with one of these tags.'),
    billable: z.boolean().optional().describe('Only billable, or only the rest.'),
    split_at_midnight: z
      .boolean()
      .default(false)
      .describe('true: divide time over midnight between its days.'),
    sort: z.enum(['group', 'seconds']).optional().describe('By the groups in order, or most time first.'),
    format: z.enum(['json', 'csv']).default('json').describe('csv: the rows as text instead.'),
    limit: z.coerce.number().int().min(1).max(1000).default(100).describe('Rows, 1 to 1000.'),
    cursor: z.string().max(500).optional().describe('Of detailed: meta.next_cursor of the page before.'),
  }),
  output: z.object({
    type: z.enum(reportTypes).describe('What was reported.'),
    from: z.string().nullable().describe('First day; null: from the beginning.'),
    to: z.string().describe('Last day.'),
    group_by: z.array(z.enum(dimensions)).describe('By what rows are grouped.'),
    columns: z
      .array(
        z.object({
          key: z.string().describe('Its name.'),
          label: z.string().describe('Its heading.'),
          type: z
            .enum(['id', 'text', 'date', 'moment', 'boolean', 'number', 'seconds', 'percent', 'money'])
            .describe('Money and percent are decimal text.'),
          currency: currencyText.optional(),
        }),
      )
      .describe('What stands in each row, in order.'),
    rows: z
      .array(
        z
          .array(z.union([z.string(), z.number(), z.boolean()]).nullable().describe('A value.'))
          .describe('A row.'),
      )
      .optional()
      .describe('Values in the order of columns; with csv left out.'),
    csv: z.string().optional().describe('The same as CSV (RFC 4180) with a header.'),
    totals: totalsView,
    row_count: z.number().int().describe('All rows there are.'),
    truncated: z.boolean().describe('Whether rows are missing here.'),
    timezone: z.string().describe('Zone of today and generated_at.'),
    week_start: z.number().int().describe('First day of weeks: 0 Sunday, 1 Monday, 6 Saturday.'),
    generated_at: z.string().describe('When it was made.'),
    meta: z.object({
      next_cursor: z.string().nullable().describe('Of detailed: for the next page; null at the end.'),
      has_more: z.boolean().describe('Whether another page follows.'),
      returned: z.number().int().describe('Rows here.'),
      hint: z.string().optional().describe('How to see what is missing.'),
      notes: z.array(z.string()).describe('How to read it: days, tags, rounding.'),
      omitted: z.array(omission).optional(),
    }),
  }),
  refusals: [rangeTooLong, insufficientScope],
  async handle(input, call) {
    const { type, format } = input;
    const kind = reportKinds[type];
    const question = readQuestion(input, call);
    for (const id of input.member_ids ?? []) refuseOthers(call.actor, id, 'member_ids');
    const table = await kind.build(question);
    const { columns, rows, totals, omitted } = visibleTable(table, call.actor);
    const next = table.nextCursor ?? null;
    // A page is whole when another follows by its cursor, and the last one when it has its rows.
    const missing = table.nextCursor === undefined ? (rows?.length ?? 0) < table.rowCount : next !== null;
    const truncated = rows !== null && missing;
    const { from, to, groupBy } = question;
    return {
      type,
      from: from?.toString() ?? null,
      to: to.toString(),
      group_by: [...groupBy],
      columns: columns.map(({ needs: _, ...column }) => column),
      ...(rows === null
        ? {}
        : format === 'csv'
          ? {
              csv: writeCsv(
                columns.map(({ label }) => label),
                rows,
              ),
            }
          : { rows: rows.map((row) => [...row]) }),
      totals,
      row_count: table.rowCount,
      truncated,
      timezone: call.zone,
      week_start: call.actor.user.week_start,
      generated_at: momentText(call.now, call.zone),
      meta: {
        next_cursor: next,
        has_more: next !== null,
        returned: rows?.length ?? 0,
        ...(truncated
          ? {
              hint:
                next === null
                  ? 'More rows than limit: raise limit (1000), ask for fewer days, or group by less. totals are whole.'
                  : 'Give meta.next_cursor as cursor for the next rows. totals are whole.',
            }
          : {}),
        notes: [...table.notes],
        ...(omitted.length === 0 ? {} : { omitted }),
      },
    };
  },
});
