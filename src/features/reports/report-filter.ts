import { type RawBuilder, sql } from 'kysely';
import { seesTime } from '#features/rates/worth.ts';
import { all } from '#database/sorted.ts';
import type { Actor } from '#operation/actor.ts';
import type { Filter } from './report.ts';

const anyOf = (column: RawBuilder<unknown>, ids: readonly string[] | undefined) =>
  ids === undefined ? [] : [sql<boolean>`${column} = any(${[...ids]}::text[])`];

/** SQL over time_entries e: what a filter chooses of what somebody may see, on whatever day. */
export const timeFilter = (actor: Actor, filter: Filter): RawBuilder<boolean> =>
  all([
    sql`e.deleted_at is null`,
    seesTime(actor, 'e'),
    ...recordFilter(sql`e.membership_id`, sql`e.client_id`, sql`e.project_id`, filter),
    ...anyOf(sql`e.task_id`, filter.task_ids),
    ...(filter.tag_ids === undefined
      ? []
      : [
          sql`exists (select from time_entry_tags f where f.entry_id = e.id and f.tag_id = any(${[...filter.tag_ids]}::text[]))`,
        ]),
    ...(filter.billable === undefined ? [] : [sql`e.billable = ${filter.billable}`]),
  ]);

/** SQL for the part of a filter that says whose, for whom and in which project. */
export const recordFilter = (
  member: RawBuilder<unknown>,
  client: RawBuilder<unknown>,
  project: RawBuilder<unknown>,
  { member_ids, client_ids, project_ids }: Filter,
): RawBuilder<boolean>[] => [
  ...anyOf(member, member_ids),
  ...anyOf(client, client_ids),
  ...anyOf(project, project_ids),
];

/** SQL that holds where a day lies in a range; one without a beginning has none. */
export const dayIn = (
  day: RawBuilder<unknown>,
  from: Temporal.PlainDate | null,
  to: Temporal.PlainDate,
): RawBuilder<boolean> =>
  from === null
    ? sql<boolean>`${day} <= ${to}::date`
    : sql<boolean>`${day} between ${from}::date and ${to}::date`;
