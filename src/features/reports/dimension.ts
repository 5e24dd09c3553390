import { type RawBuilder, sql } from 'kysely';
import type { Cell } from '#values/csv.ts';
import type { Scope } from '#operation/scopes.ts';
import type { Column, Dimension, Period } from './report.ts';

type WeekStart = 0 | 1 | 6;

/** SQL for the first day of the period that a day lies in. */
export const periodSql = (period: Period, day: RawBuilder<unknown>, weekStart: WeekStart) =>
  period === 'day'
    ? sql`${day}`
    : period === 'week'
      ? sql`(${day} - (extract(dow from ${day})::int - ${sql.raw(String(weekStart))} + 7) % 7)`
      : sql`date_trunc('month', (${day})::timestamp)::date`;

/** The first day of the period that a day lies in. */
export const periodOf = (
  period: Period,
  day: Temporal.PlainDate,
  weekStart: WeekStart,
): Temporal.PlainDate =>
  period === 'day'
    ? day
    : period === 'week'
      ? day.subtract({ days: ((day.dayOfWeek % 7) - weekStart + 7) % 7 })
      : day.with({ day: 1 });

/** SQL for the key that a record is grouped by: never null, '' for none. `e` has the columns of a time entry, `g` its tags. */
export const keySql = (dimension: Dimension, day: RawBuilder<unknown>, weekStart: WeekStart) => {
  switch (dimension) {
    case 'day':
    case 'week':
    case 'month':
      return periodSql(dimension, day, weekStart);
    case 'member':
      return sql`e.membership_id::text`;
    case 'client':
      return sql`coalesce(e.client_id::text, '')`;
    case 'project':
      return sql`coalesce(e.project_id::text, '')`;
    case 'task':
      return sql`coalesce(e.task_id::text, '')`;
    case 'tag':
      return sql`coalesce(g.tag_id::text, '')`;
    case 'billable':
      return sql`e.billable`;
  }
};

interface Named {
  readonly label: string;
  readonly scope: Scope;
  /** SQL for the join that finds the name of the key `k`, as the n-th dimension, and for the name. */
  readonly join: (n: string, k: RawBuilder<unknown>) => RawBuilder<unknown>;
  readonly name: (n: string) => RawBuilder<unknown>;
}

const plain = (label: string, scope: Scope, table: string, column = 'name'): Named => ({
  label,
  scope,
  join: (n, k) => sql`left join ${sql.table(table)} ${sql.ref(`r${n}`)} on ${sql.ref(`r${n}.id`)} = ${k}`,
  name: (n) => sql.ref(`r${n}.${column}`),
});

const named: Partial<Record<Dimension, Named>> = {
  member: {
    label: 'Member',
    scope: 'members:read',
    join: (n, k) => sql`left join memberships ${sql.ref(`r${n}`)} on ${sql.ref(`r${n}.id`)} = ${k}
      left join users ${sql.ref(`u${n}`)} on ${sql.ref(`u${n}.id`)} = ${sql.ref(`r${n}.user_id`)}`,
    name: (n) => sql`coalesce(${sql.ref(`r${n}.display_name`)}, ${sql.ref(`u${n}.name`)})`,
  },
  client: plain('Client', 'clients:read', 'clients'),
  project: plain('Project', 'projects:read', 'projects'),
  task: plain('Task', 'tasks:read', 'tasks', 'summary'),
  tag: plain('Tag', 'tags:read', 'tags'),
};

/** SQL that finds the names of the keys k0, k1 … of `alias`: joins, names n0, n1 …, and an order by what people read. */
export const namesSql = (dimensions: readonly Dimension[], alias: string) => {
  const parts = dimensions.map((dimension, index) => {
    const k = sql.ref(`${alias}.k${index}`);
    const found = named[dimension];
    return found === undefined
      ? { join: sql``, name: sql`null`, order: dimension === 'billable' ? sql`${k} desc` : k }
      : {
          join: found.join(String(index), k),
          name: found.name(String(index)),
          order: sql`lower(${found.name(String(index))}) nulls last, ${k}`,
        };
  });
  return {
    joins: sql.join(
      parts.map(({ join }) => join),
      sql` `,
    ),
    names: parts.map(({ name }) => name),
    order: parts.map(({ order }) => order),
  };
};

const labels: Record<string, string> = {
  day: 'Day',
  week: 'Week of',
  month: 'Month of',
  billable: 'Billable',
};

/** The columns of a dimension: an id and the name beside it, or the day or truth itself. */
export const dimensionColumns = (dimension: Dimension): Column[] => {
  const found = named[dimension];
  if (found === undefined) {
    const type = dimension === 'billable' ? 'boolean' : 'date';
    return [{ key: dimension, label: labels[dimension]!, type }];
  }
  const { label, scope } = found;
  return [
    // Whose time it is, is said with the time; their name is not.
    {
      key: `${dimension}_id`,
      label: `${label} id`,
      type: 'id',
      ...(dimension === 'member' ? {} : { needs: [scope] }),
    },
    { key: dimension, label, type: 'text', needs: [scope] },
  ];
};

/** The cells of a key, as many as `dimensionColumns` has. */
export const dimensionCells = (dimension: Dimension, key: string | boolean, name: string | null): Cell[] =>
  named[dimension] === undefined ? [key] : [key === '' ? null : key, name];
