import { type RawBuilder, sql } from 'kysely';
import { type Actor, roleCovers } from '#operation/actor.ts';
import { restorableSince } from '#values/restorable.ts';

/**
 * SQL for the seconds of an entry up to the call's instant: the closed stretches and, while it runs, the open one.
 * `e` is the alias of the time_entries row.
 */
export const liveSecondsSql = (
  e: string,
): RawBuilder<number> => sql<number>`(${sql.ref(`${e}.duration_seconds`)}
  + case when ${sql.ref(`${e}.state`)} = 'running' then coalesce((select greatest(0, floor(extract(epoch from stint_now() - s.started_at)))
      from time_segments s where s.entry_id = ${sql.ref(`${e}.id`)} and s.ended_at is null), 0)::bigint else 0 end)`;

/** SQL that holds for time that waits to be billed: billable, finished, not deleted, on no invoice. */
export const unbilledSql = (e: string): RawBuilder<boolean> =>
  sql<boolean>`(${sql.ref(`${e}.billable`)} and ${sql.ref(`${e}.state`)} = 'stopped' and ${sql.ref(`${e}.deleted_at`)} is null
    and ${sql.ref(`${e}.invoice_id`)} is null)`;

/** SQL that holds for time that somebody may see, so that sums tell no more than lists do: their own, and everybody’s for managers. */
export const seesTime = ({ membership }: Actor, e: string): RawBuilder<boolean> =>
  roleCovers(membership.role, 'manager')
    ? sql<boolean>`true`
    : sql<boolean>`(${sql.ref(`${e}.membership_id`)} = ${membership.id})`;

/** SQL that holds for time that is or will be billed in its currency: timers too, and what was deleted but can still come back. */
export const heldSql = (e: string, now: Temporal.Instant): RawBuilder<boolean> =>
  sql<boolean>`(${sql.ref(`${e}.billable`)} and (${sql.ref(`${e}.deleted_at`)} is null or ${sql.ref(`${e}.deleted_at`)} > ${restorableSince(now)}))`;

/**
 * SQL for what seconds are worth at an hourly rate, in minor units, rounded once, half away from zero: a numeric, because much time at a
 * high rate is more than a bigint holds. Select it (or a sum of it) as text, which `BigInt` reads.
 */
export const worthSql = (seconds: RawBuilder<unknown>, rate: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`round(${seconds}::numeric * ${rate} / 3600)`;

/** SQL that holds for time that may still change: on no invoice, not approved, and after the day that the workspace closed. */
export const unlockedSql = (e: string, lockDate: Temporal.PlainDate | null): RawBuilder<boolean> =>
  sql<boolean>`(${sql.ref(`${e}.invoice_id`)} is null and ${sql.ref(`${e}.approved_at`)} is null and ${sql.ref(`${e}.local_date`)} > coalesce(${lockDate}::date, '-infinity'))`;
