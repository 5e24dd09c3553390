import { sql } from 'kysely';
import { roleCovers } from '#operation/actor.ts';
import type { Id } from '#values/id.ts';
import { multiplyDivide } from '#values/money.ts';
import { all } from '#database/sorted.ts';
import { dimensionColumns, periodOf } from './dimension.ts';
import { type Dimension, isPeriod, percentOf, type Question, type ReportKind, type Table } from './report.ts';
import { recordFilter } from './report-filter.ts';
import { timeArguments, timeNotes, timeTotals } from './summary-report.ts';
import { isBillable, type Part, secondsOf, timeGroups } from './time-groups.ts';

interface Member {
  id: Id<'mem'>;
  name: string;
  active: boolean;
  capacity: number | null;
  working_days: number;
}

/** The people whom the caller may ask about, by name. */
const membersOf = async ({ call: { tx, actor }, filter }: Question): Promise<Member[]> => {
  const chosen = all([
    roleCovers(actor.membership.role, 'manager') ? sql`true` : sql`m.id = ${actor.membership.id}`,
    ...recordFilter(sql`m.id`, sql`null`, sql`null`, { member_ids: filter.member_ids }),
  ]);
  const { rows } = await sql<Member>`
    select m.id, coalesce(m.display_name, u.name, '') as name, m.status <> 'inactive' as active,
      m.capacity_seconds_week as capacity, m.working_days
    from memberships m left join users u on u.id = m.user_id where ${chosen} order by lower(coalesce(m.display_name, u.name, '')), m.id`.execute(
    tx,
  );
  return rows;
};

/** Bit 0 of working days is Monday. */
const worksOn = (workingDays: number, { dayOfWeek }: Temporal.PlainDate): boolean =>
  (workingDays & (1 << (dayOfWeek - 1))) !== 0;
const bits = (value: number): number => value.toString(2).replaceAll('0', '').length;

/** Working time of somebody in so many of their working days: the week's, by the days of a week. */
const capacityIn = ({ capacity, working_days }: Member, workedDays: number): bigint | null =>
  capacity === null || working_days === 0
    ? null
    : multiplyDivide(BigInt(capacity), BigInt(workedDays), BigInt(bits(working_days)));

const utilization = async (question: Question): Promise<Table> => {
  const { call, from, to, split } = question;
  const period = question.groupBy.find(isPeriod);
  const groupBy: readonly Dimension[] = period === undefined ? ['member'] : [period, 'member'];
  const members = await membersOf(question);
  const time = await timeGroups({ ...question, groupBy, sort: 'group', limit: null });
  const { week_start: weekStart } = call.actor.user;
  const days = Array.from({ length: to.since(from!).days + 1 }, (_, index) => from!.add({ days: index }));
  const periods = Map.groupBy(days, (day) =>
    period === undefined ? '' : periodOf(period, day, weekStart).toString(),
  );
  const tracked = new Map(time.groups.map(({ keys, parts }) => [keys.join(' '), parts]));
  const told = members.flatMap((member) => {
    const any = [...tracked.keys()].some((key) => key.endsWith(member.id));
    return member.active || any ? [member] : [];
  });
  const line = (parts: readonly Part[], capacity: bigint | null) => {
    const [seconds, billable] = [secondsOf(parts), secondsOf(parts, isBillable)];
    return [
      capacity === null ? null : Number(capacity),
      Number(seconds),
      Number(billable),
      capacity === null ? null : percentOf(seconds, capacity),
      percentOf(billable, seconds),
    ];
  };
  const rows = [...periods].flatMap(([start, within]) =>
    told.map((member) => {
      const worked = within.filter((day) => worksOn(member.working_days, day)).length;
      const parts = tracked.get([...(period === undefined ? [] : [start]), member.id].join(' ')) ?? [];
      return [
        ...(period === undefined ? [] : [start]),
        member.id,
        member.name,
        ...line(parts, capacityIn(member, worked)),
      ];
    }),
  );
  const capacity = told.reduce((sum, member) => {
    const worked = days.filter((day) => worksOn(member.working_days, day)).length;
    return sum + (capacityIn(member, worked) ?? 0n);
  }, 0n);
  return {
    columns: [
      ...groupBy.flatMap(dimensionColumns),
      { key: 'capacity_seconds', label: 'Capacity seconds', type: 'seconds' },
      { key: 'seconds', label: 'Tracked seconds', type: 'seconds' },
      { key: 'billable_seconds', label: 'Billable seconds', type: 'seconds' },
      { key: 'utilization_percent', label: 'Utilization %', type: 'percent' },
      { key: 'billable_percent', label: 'Billable %', type: 'percent' },
    ],
    rows: rows.slice(0, question.limit),
    rowCount: rows.length,
    totals: { ...timeTotals(time), capacity_seconds: Number(capacity), currencies: undefined },
    notes: [
      ...timeNotes(groupBy, split),
      'Capacity is the week’s capacity by working days; somebody without one has no utilization. Utilization is tracked by capacity, billable is the billable part of what was tracked.',
    ],
  };
};

/** Tracked time against working time, for every person, with those who tracked none. */
export const utilizationReport: ReportKind = {
  takes: [...timeArguments, 'group_by', 'split_at_midnight'],
  dimensions: ['day', 'week', 'month', 'member'],
  grouped: ['member'],
  build: utilization,
};
