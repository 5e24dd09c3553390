import { sql } from 'kysely';
import { entries, entryRows, liveSeconds } from '#features/time-entries/entry-view.ts';
import { momentText } from '#values/local-time.ts';
import { formatAmount, worthOf } from '#values/money.ts';
import { page, readCursor } from '#values/page.ts';
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
  const after = readCursor(cursor, ['date', 'instant?', 'text']);
  const order = [sql`e.local_date`, sql`coalesce(e.started_at, '-infinity')`, sql`e.id`];
  let query = entries(call.tx)
    .where(sql<boolean>`${timeFilter(call.actor, question.filter)} and ${dayIn(sql`e.local_date`, from, to)}`)
    .orderBy(order[0]!)
    .orderBy(order[1]!)
    .orderBy(order[2]!)
    .limit(limit + 1);
  if (after !== null) {
    query = query.where(
      sql<boolean>`(${sql.join(order)}) > (${after[0]}::date, coalesce(${after[1]}::timestamptz, '-infinity'), ${after[2]}::text)`,
    );
  }
  const found = await entryRows(call.tx, query)
    .orderBy(order[0]!)
    .orderBy(order[1]!)
    .orderBy(order[2]!)
    .execute();
  const time = await timeGroups({ ...question, groupBy: [], limit: null });
  const { data, meta } = page(found, limit, ({ local_date, started_at, id }) => [
    local_date.toString(),
    started_at?.toString() ?? null,
    id,
  ]);
  const moment = (at: Temporal.Instant | null, zone: string) => (at === null ? null : momentText(at, zone));
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
      const seconds = liveSeconds(row, call.now);
      const { currency, rate_minor: rate, timezone } = row;
      const rated = rate !== null && currency !== null;
      return [
        row.local_date.toString(),
        moment(row.started_at, timezone),
        moment(row.ended_at, timezone),
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
        seconds,
        rated ? formatAmount(rate, currency) : null,
        rated && row.billable ? formatAmount(worthOf(seconds, rate), currency) : null,
        currency,
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
