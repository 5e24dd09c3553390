import { sql } from 'kysely';
import { type RoundingPolicy, roundingPolicy } from '#values/rounding.ts';

/** A policy that changes nothing: what holds where nobody set one. */
export const noRounding: RoundingPolicy = { mode: 'none', increment_seconds: 1, scope: 'entry' };

/** SQL for the policy (jsonb) that holds for time of a project and client: the project's, else the client's, else the workspace's, or null. */
export const roundingSql = (project: unknown, client: unknown) => sql`coalesce(
  (select p.rounding from projects p where p.id = ${project}), (select c.rounding from clients c where c.id = ${client}),
  (select nullif(w.settings -> 'rounding', 'null') from workspaces w))`;

/** A stored policy as `billedSeconds` takes it. */
export const storedRounding = (stored: unknown): RoundingPolicy =>
  stored == null ? noRounding : roundingPolicy.parse(stored);
