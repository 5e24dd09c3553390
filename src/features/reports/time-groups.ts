import { type RawBuilder, sql } from 'kysely';
import { wholeSeconds } from '#values/local-time.ts';
import { worthOf } from '#values/money.ts';
import { keySql, namesSql } from './dimension.ts';
import { type Dimension, isPeriod, type Question } from './report.ts';
import { dayIn, timeFilter } from './report-filter.ts';

/** Seconds of one kind: all that is needed to say what they are worth and cost. */
export interface Part {
  /** Where days were asked for. */
  readonly day: string | null;
  readonly billable: boolean;
  readonly currency: string | null;
  readonly rateMinor: bigint | null;
  readonly costRateMinor: bigint | null;
  readonly seconds: bigint;
}

/** A group of time: its keys and names in the order of the dimensions. */
export interface TimeGroup {
  readonly keys: readonly (string | boolean)[];
  readonly names: readonly (string | null)[];
  readonly entries: number;
  readonly seconds: bigint;
  /** Its first day. */
  readonly oldest: string;
  readonly parts: readonly Part[];
}

/** The groups that were asked for, how many there are, and everything in one. */
export interface TimeGroups {
  readonly groups: readonly TimeGroup[];
  readonly count: number;
  readonly whole: { readonly entries: number; readonly parts: readonly Part[] };
}

/** What of a question decides the groups. */
export type TimeQuestion = Pick<Question, 'call' | 'from' | 'to' | 'filter' | 'split' | 'sort'> & {
  readonly groupBy: readonly Dimension[];
  /** Null for all of them. */
  readonly limit: number | null;
  /** Parts by day as well, or by what stands for the day. */
  readonly byDay?: boolean | ((day: RawBuilder<unknown>) => RawBuilder<unknown>);
  /** A condition on time_entries e beside the filter. */
  readonly only?: RawBuilder<boolean>;
};

const list = (parts: readonly RawBuilder<unknown>[]) => sql.join([...parts], sql`, `);
const hasDays = ({ byDay = false }: TimeQuestion): boolean => byDay !== false;
const keyNames = (question: TimeQuestion): RawBuilder<unknown>[] => [
  ...question.groupBy.map((_, index) => sql.ref(`k${index}`)),
  ...(hasDays(question) ? [sql.ref('d')] : []),
];
const kinds = [sql`billable`, sql`rate_minor`, sql`currency`, sql`cost_rate_minor`];
const kindsOfEntry = [sql`e.billable`, sql`e.rate_minor`, sql`e.currency`, sql`e.cost_rate_minor`];

/**
 * SQL for seconds by key and kind, from four sources: all entries of the days, summed from the index by day alone; the open stretch of
 * what runs; and where days are divided, less what lies over midnight, plus its pieces.
 */
const cellsSql = (question: TimeQuestion) => {
  const { call, from, to, groupBy, split, byDay = false, only } = question;
  const { week_start: weekStart } = call.actor.user;
  const now = sql`${wholeSeconds(call.now)}::timestamptz`;
  const filter =
    only === undefined
      ? timeFilter(call.actor, question.filter)
      : sql`${timeFilter(call.actor, question.filter)} and ${only}`;
  const tagged = groupBy.includes('tag') ? sql`left join time_entry_tags g on g.entry_id = e.id` : sql``;
  const keysAt = (day: RawBuilder<unknown>) => [
    ...groupBy.map(
      (dimension, index) => sql`${keySql(dimension, day, weekStart)} as ${sql.ref(`k${index}`)}`,
    ),
    ...(byDay === false ? [] : [sql`${byDay === true ? day : byDay(day)} as d`]),
  ];
  const columns = (day: RawBuilder<unknown>) => list([...keysAt(day), ...kindsOfEntry]);
  const grouping = sql.raw(
    Array.from({ length: keyNames(question).length + kinds.length }, (_, index) => index + 1).join(', '),
  );
  const ofDays = sql`select ${columns(sql`e.local_date`)}, sum(e.duration_seconds)::bigint as seconds,
      count(*) as entries, count(*) as once, min(e.local_date) as oldest
    from time_entries e ${tagged} where ${filter} and ${dayIn(sql`e.local_date`, from, to)} group by ${grouping}`;
  if (!split) {
    return sql`${ofDays} union all
      select ${columns(sql`e.local_date`)}, greatest(extract(epoch from ${now} - s.started_at), 0)::bigint, 0, 0, e.local_date
      from time_entries e join time_segments s on s.entry_id = e.id and s.ended_at is null ${tagged}
      where e.state = 'running' and ${filter} and ${dayIn(sql`e.local_date`, from, to)}`;
  }
  // A day begins at most 14 hours before it does in UTC.
  const over = sql`select e.* from time_entries e
    where e.over_midnight and (e.ended_at is null or e.ended_at >= ${`${from!.subtract({ days: 1 }).toString()}T00:00Z`}::timestamptz)
      and e.local_date <= ${to}::date and ${filter}`;
  // An entry counts once for each group it has a piece in: its pieces differ in their day alone.
  const periods = groupBy.filter(isPeriod).map((period) => keySql(period, sql`p.day`, weekStart));
  return sql`${ofDays} union all
    select ${columns(sql`e.local_date`)}, -e.duration_seconds::bigint, -1, -1, e.local_date
    from (${over}) e ${tagged} where ${dayIn(sql`e.local_date`, from, to)}
    union all
    select ${columns(sql`p.day`)}, p.seconds,
      case when row_number() over (partition by ${list([sql`e.id`, ...(groupBy.includes('tag') ? [sql`g.tag_id`] : []), ...periods])} order by p.day) = 1 then 1 else 0 end,
      case when row_number() over (partition by e.id order by p.day) = 1 then 1 else 0 end, p.day
    from (${over}) e cross join lateral (
      select x.day::date as day, sum(extract(epoch from
          least(coalesce(s.ended_at, ${now}), first_instant(x.day::date + 1, e.timezone))
          - greatest(s.started_at, first_instant(x.day::date, e.timezone))))::bigint as seconds
      from time_segments s cross join lateral generate_series(
        (s.started_at at time zone e.timezone)::date - 1, (coalesce(s.ended_at, ${now}) at time zone e.timezone)::date + 1, interval '1 day') x (day)
      where s.entry_id = e.id and least(coalesce(s.ended_at, ${now}), first_instant(x.day::date + 1, e.timezone))
        > greatest(s.started_at, first_instant(x.day::date, e.timezone))
      group by 1) p ${tagged}
    where ${dayIn(sql`p.day`, from, to)}`;
};

const summed = (
  question: TimeQuestion,
) => sql`select ${list([...keyNames(question), ...kinds])}, sum(seconds)::bigint as seconds,
    sum(entries)::bigint as entries, sum(once)::bigint as once, min(oldest) as oldest
  from (${cellsSql(question)}) y group by ${list([...keyNames(question), ...kinds])}`;

const partSql = (alias: string, day: RawBuilder<unknown>) => {
  const of = (column: string) => sql.ref(`${alias}.${column}`);
  return sql`json_build_array(${day}, ${of('billable')}, ${of('currency')}, ${of('rate_minor')}::text, ${of('cost_rate_minor')}::text, ${of('seconds')}::text)`;
};

type StoredPart = [string | null, boolean, string | null, string | null, string | null, string];
const readPart = ([day, billable, currency, rate, cost, seconds]: StoredPart): Part => ({
  day,
  billable,
  currency,
  rateMinor: rate === null ? null : BigInt(rate),
  costRateMinor: cost === null ? null : BigInt(cost),
  seconds: BigInt(seconds),
});

interface Answer {
  groups:
    | {
        keys: (string | boolean)[];
        names: (string | null)[];
        entries: number;
        seconds: string;
        oldest: string;
        parts: StoredPart[];
      }[]
    | null;
  count: number;
  whole: StoredPart[] | null;
  entries: number;
}

/** Groups of time with everything in one, in one statement (after one that gives it room). */
export const timeGroups = async (question: TimeQuestion): Promise<TimeGroups> => {
  const { call, groupBy, sort, limit } = question;
  const keys = groupBy.map((_, index) => `k${index}`);
  const { joins, names, order } = namesSql(groupBy, 'q');
  const tagged = groupBy.includes('tag');
  const same = (one: string, other: string) =>
    sql.join(
      [sql`true`, ...keys.map((key) => sql`${sql.ref(`${one}.${key}`)} = ${sql.ref(`${other}.${key}`)}`)],
      sql` and `,
    );
  const keyList = (alias: string) => list(keys.map((key) => sql.ref(`${alias}.${key}`)));
  const wholeOf = sql`select ${list(kinds)}, sum(seconds)::bigint as seconds, sum(once)::bigint as once from`;
  // The planner cannot tell how few groups there are of what is computed; without room it would sort everything instead of hashing it.
  await sql`select set_config('work_mem', '64MB', true)`.execute(call.tx);
  const { rows } = await sql<Answer>`
    with cells as materialized (${summed(question)}),
    ${
      // Time with two tags is in two of the groups, and once in the whole.
      tagged
        ? sql`whole as (${wholeOf} (${cellsSql({ ...question, groupBy: [], byDay: false })}) y group by ${list(kinds)})`
        : sql`whole as (${wholeOf} cells group by ${list(kinds)})`
    }
    ${
      keys.length === 0
        ? sql`, shown as (select 1 as place, '[]'::json as keys, '[]'::json as names, 0 as entries, '0' as seconds, '' as oldest, '[]'::json as parts where false),
          counted as (select 0 as count)`
        : sql`, groups as (select ${keyList('c')}, sum(c.entries)::int as entries, sum(c.seconds)::bigint as seconds, min(c.oldest) as oldest
            from cells c group by ${keyList('c')} having sum(c.entries) <> 0 or sum(c.seconds) <> 0),
          counted as (select count(*)::int as count from groups),
          chosen as (select q.*, json_build_array(${list(names)}) as names,
              row_number() over (order by ${list(sort === 'seconds' ? [sql`q.seconds desc`, ...order] : order)}) as place
            from groups q ${joins} order by place limit ${limit}),
          shown as (select h.place, json_build_array(${keyList('h')}) as keys, h.names::text::json as names, h.entries, h.seconds::text as seconds,
              h.oldest, json_agg(${partSql('c', hasDays(question) ? sql`c.d` : sql`null`)}) as parts
            from chosen h join cells c on ${same('h', 'c')}
            group by h.place, ${keyList('h')}, h.names::text, h.entries, h.seconds, h.oldest)`
    }
    select (select json_agg(json_build_object('keys', t.keys, 'names', t.names, 'entries', t.entries, 'seconds', t.seconds, 'oldest', t.oldest,
        'parts', t.parts) order by t.place) from shown t) as groups,
      (select count from counted) as count,
      (select json_agg(${partSql('w', sql`null`)}) from whole w) as whole,
      (select coalesce(sum(once), 0)::int from whole) as entries`.execute(call.tx);
  const { groups, count, whole, entries } = rows[0]!;
  return {
    groups: (groups ?? []).map((group) => ({
      ...group,
      seconds: BigInt(group.seconds),
      parts: group.parts.map(readPart),
    })),
    count,
    whole: { entries, parts: (whole ?? []).map(readPart) },
  };
};

/** Seconds of parts. */
export const secondsOf = (parts: readonly Part[], counts: (part: Part) => boolean = () => true): bigint =>
  parts.reduce((sum, part) => (counts(part) ? sum + part.seconds : sum), 0n);
export const isBillable = ({ billable }: Part): boolean => billable;

/** Seconds by rate, then multiplied, each product rounded once. */
const valueOf = (parts: readonly { rate: bigint; seconds: bigint }[]): bigint =>
  [...Map.groupBy(parts, ({ rate }) => rate)].reduce(
    (sum, [rate, same]) =>
      sum +
      worthOf(
        same.reduce((all, { seconds }) => all + seconds, 0n),
        rate,
      ),
    0n,
  );

/** What the billable ones of parts are worth, by currency: rounded once per rate. Without a rate nothing. */
export const worthByCurrency = (parts: readonly Part[]): Map<string, bigint> => {
  const rated = parts.flatMap(({ billable, currency, rateMinor: rate, seconds }) =>
    billable && currency !== null && rate !== null ? [{ currency, rate, seconds }] : [],
  );
  const byCurrency = [...Map.groupBy(rated, ({ currency }) => currency)];
  return new Map(
    byCurrency
      .map(([currency, same]) => [currency, valueOf(same)] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
};

/** What parts cost, in the currency of the workspace: rounded once per rate. Time without a cost rate costs nothing. */
export const costOf = (parts: readonly Part[]): bigint =>
  valueOf(parts.flatMap(({ costRateMinor: rate, seconds }) => (rate === null ? [] : [{ rate, seconds }])));
