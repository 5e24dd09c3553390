import { sql } from 'kysely';
import { z } from 'zod';
import type { Call } from '#operation/call.ts';
import type { Id } from '#values/id.ts';
import { momentText, wholeSeconds } from '#values/local-time.ts';
import type { Stretch } from './entry-view.ts';
import { type Conflict, overlapRefused } from './time-entry.ts';

/** May make the workspace's policy stricter, never laxer. */
export const onOverlap = z
  .enum(['warn', 'forbid'])
  .optional()
  .describe('For overlapping time, stricter than the workspace.');
export type OnOverlap = z.output<typeof onOverlap>;

const policies = ['allow', 'warn', 'forbid'] as const;

/**
 * The entries of a person that take some of the same time, at most ten: half-open stretches, pauses do not count, one that runs
 * reaches to now, and a stretch of no length overlaps nothing.
 */
const conflictsOf = async (
  { tx, now: clock }: Call,
  member: Id<'mem'>,
  self: Id<'ten'> | null,
  stretches: readonly Stretch[],
): Promise<Conflict[]> => {
  const now = wholeSeconds(clock).toString();
  const starts = stretches.map(({ startedAt }) => startedAt.toString());
  const ends = stretches.map(({ endedAt }) => endedAt?.toString() ?? now);
  const { rows } = await sql<{
    id: Id<'ten'>;
    started_at: Temporal.Instant;
    ended_at: Temporal.Instant | null;
    timezone: string;
  }>`
    select e.id, e.started_at, e.ended_at, e.timezone from time_entries e
    where e.membership_id = ${member} and e.deleted_at is null and e.id is distinct from ${self}
      and e.started_at < ${ends.at(-1)}::timestamptz and (e.ended_at is null or e.ended_at > ${starts[0]}::timestamptz)
      and exists (select from time_segments s, unnest(${starts}::timestamptz[], ${ends}::timestamptz[]) n (started_at, ended_at)
        where s.entry_id = e.id and s.started_at < n.ended_at and coalesce(s.ended_at, ${now}::timestamptz) > n.started_at
          and s.started_at < coalesce(s.ended_at, ${now}::timestamptz) and n.started_at < n.ended_at)
    order by e.started_at, e.id limit 10`.execute(tx);
  return rows.map(({ id, started_at, ended_at, timezone }) => ({
    entry_id: id,
    started_at: momentText(started_at, timezone),
    ended_at: ended_at === null ? null : momentText(ended_at, timezone),
  }));
};

/** Looks for overlaps as far as the workspace's policy or the call want it: refuses, or (always, with `refuses` false) warns and answers them. */
export const checkOverlap = async (
  call: Call,
  {
    member,
    self,
    stretches,
    wanted,
    refuses = true,
  }: {
    member: Id<'mem'>;
    self: Id<'ten'> | null;
    stretches: readonly Stretch[];
    wanted: OnOverlap;
    refuses?: boolean;
  },
): Promise<Conflict[]> => {
  const { overlap_policy } = call.actor.workspace.settings;
  const policy = policies[Math.max(policies.indexOf(overlap_policy), policies.indexOf(wanted ?? 'allow'))]!;
  if (policy === 'allow' || stretches.length === 0) return [];
  const conflicts = await conflictsOf(call, member, self, stretches);
  if (conflicts.length === 0) return [];
  if (policy === 'forbid' && refuses) throw overlapRefused({ conflicts });
  call.warn(
    `This overlaps other time of the same person: ${conflicts.map(({ entry_id }) => entry_id).join(', ')}.`,
  );
  return conflicts;
};
