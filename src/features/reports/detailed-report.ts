import { sql } from 'kysely';
import { entryPage } from '#features/time-entries/entry-page.ts';
import { viewEntry } from '#features/time-entries/entry-view.ts';
import { dimensionColumns } from './dimension.ts';
import {
  currencyColumn,
  mixedMoney,
  type Question,
  type ReportKind,
  type Table,
  worthNote,
} from './report.ts';
import { dayIn, timeFilter } from './report-filter.ts';
import { timeArguments, timeNotes, timeTotals } from './summary-report.ts';
import { timeGroups } from './time-groups.ts';

const detailed = async (question: Question): Promise<Table> => {
  const { call, from, to, limit, cursor } = question;
  const chosen = sql<boolean>`${timeFilter(call.actor, question.filter)} and ${dayIn(sql`e.local_date`, from, to)}`;
  const { data, meta } = await entryPage(call.tx, chosen, { newestFirst: false, limit, cursor });
  const time = await timeGroups({ ...question, groupBy: [], limit: null });
  return {
    columns: [
      { key: 'date', label: 'Date', type: 'date' },
      { key: 'started_at', label: 'Start', type: 'moment' },
      { key: 'ended_at', label: 'End', type: 'moment' },
      ...(['member', 'client', 'project', 'task'] as const).flatMap(dimensionColumns),
      { key: 'description', label: 'Description', type: 'text' },
      { key: 'tags', label: 'Tags', type: 'text', needs: ['tags:read'] },
      { key: 'billable', label: 'Billable', type: 'boolean' },
      { key: 'seconds', label: 'Seconds', type: 'seconds' },
      mixedMoney('rate', 'Rate per hour'),
      mixedMoney('amount', 'Amount'),
      currencyColumn,
      { key: 'state', label: 'State', type: 'text' },
      { key: 'invoice_id', label: 'Invoice id', type: 'id', needs: ['invoices:read'] },
      { key: 'invoice', label: 'Invoice', type: 'text', needs: ['invoices:read'] },
      { key: 'entry_id', label: 'Entry id', type: 'id' },
    ],
    rows: data.map((row) => {
      const entry = viewEntry(row, call);
      return [
        entry.local_date,
        entry.started_at,
        entry.ended_at,
        row.membership_id,
        row.member_name,
        row.client_id,
        row.client_name,
        row.project_id,
        row.project_name,
        row.task_id,
        row.task_summary,
        row.description,
        row.tags.map(({ name }) => name).join(', '),
        row.billable,
        entry.duration_seconds,
        entry.rate ?? null,
        entry.amount ?? null,
        row.currency,
        row.state,
        row.invoice_id,
        row.invoice?.number ?? null,
        row.id,
      ];
    }),
    rowCount: time.whole.entries,
    totals: timeTotals(time),
    notes: [...timeNotes([], false), worthNote],
    nextCursor: meta.next_cursor,
    rowsNeed: ['time:read'],
  };
};

/** One row for each time entry, in the order of the days. */
export const detailedReport: ReportKind = {
  takes: [...timeArguments, 'cursor'],
  build: detailed,
};
