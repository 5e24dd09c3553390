import { sql } from 'kysely';
import type { Transaction } from '#database/database.ts';
import { positionsBetween } from '#features/tasks/position.ts';
import { type Call, checkVersion } from '#operation/call.ts';
import type { Id } from '#values/id.ts';
import { findRule, refuseOthersRule } from './stored-rule.ts';

interface Place {
  readonly id: Id<'rul'>;
  readonly position: string;
}

/** The order of the rules, held until the transaction ends: whoever else changes rules of this workspace waits. */
export const takeRules = async (tx: Transaction): Promise<Place[]> => {
  await sql`select pg_advisory_xact_lock(hashtext('rules of ' || stint_workspace()))`.execute(tx);
  const { rows } =
    await sql<Place>`select id, position from rules where deleted_at is null order by position`.execute(tx);
  return rows;
};

/** A rule that the caller may change, at the version they read, and the order it stands in; nobody else changes any meanwhile. */
export const ruleToChange = async (call: Call, id: Id<'rul'>, expectedVersion: number | undefined) => {
  const order = await takeRules(call.tx);
  const row = await findRule(call, id);
  refuseOthersRule(call.actor, row);
  checkVersion(expectedVersion, row);
  return { row, order };
};

/** The position that makes a rule the `place`th of its order, from 1; null where it is there already. Beyond the end is the end. */
export const positionAt = (order: readonly Place[], id: Id<'rul'>, place: number): string | null => {
  const others = order.filter((rule) => rule.id !== id);
  const at = Math.min(place, others.length + 1) - 1;
  if (order[at]?.id === id) return null;
  return positionsBetween(others[at - 1]?.position ?? null, others[at]?.position ?? null, 1)[0]!;
};
