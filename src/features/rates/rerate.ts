import { type RawBuilder, sql } from 'kysely';
import type { Transaction } from '#database/database.ts';
import { takeTurns } from '#features/time-entries/entry-view.ts';
import type { Id } from '#values/id.ts';
import { cascade, type RateKind, type RateLevel } from './rate.ts';
import { unlockedSql } from './worth.ts';

/** A rate by what it is of. */
export interface RateTarget {
  readonly level: RateLevel;
  readonly targetId: string;
  readonly membershipId: Id<'mem'> | null;
  readonly kind: RateKind;
}

/** Which logged time a change counts for. */
interface Since {
  readonly from: Temporal.PlainDate;
  readonly lockDate: Temporal.PlainDate | null;
}

/** SQL over `e` for the time that a rate can be of. */
const reachOf = ({ level, targetId, membershipId }: RateTarget): RawBuilder<unknown> => {
  switch (level) {
    case 'task':
      return sql`e.task_id = ${targetId}`;
    case 'project_member':
      return sql`e.project_id = ${targetId} and e.membership_id = ${membershipId}`;
    case 'project':
      return sql`e.project_id = ${targetId}`;
    case 'client':
      return sql`e.client_id = ${targetId}`;
    case 'member':
      return sql`e.membership_id = ${targetId}`;
    case 'workspace':
      return sql`true`;
  }
};

const found = (kind: RateKind) =>
  cascade({
    task: sql`e.task_id`,
    project: sql`e.project_id`,
    client: sql`e.client_id`,
    membership: sql`e.membership_id`,
    on: sql`e.local_date`,
    kind,
  });

// That it is unlocked is asked of the row that is written, too: an invoice may have taken it while we waited for its lock.
const rebill = async (
  tx: Transaction,
  { from, lockDate }: Since,
  reach: RawBuilder<unknown>,
  decided: RawBuilder<unknown>,
): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    update time_entries t set rate_minor = x.rate_minor, currency = coalesce(x.currency, t.currency),
      rate_source = coalesce(x.level, 'none')
    from (select e.id, f.* from time_entries e left join lateral (${found('bill')}) f on true
      where ${reach} and e.local_date >= ${from}::date and e.billable and e.deleted_at is null
        and e.rate_source not in ('entry', 'rule') and ${unlockedSql('e', lockDate)}) x
    where t.id = x.id and ${unlockedSql('t', lockDate)} and ${decided}
      and (t.rate_minor, t.rate_source) is distinct from (x.rate_minor, coalesce(x.level, 'none'))
    returning t.id`.execute(tx);
  return rows.map(({ id }) => id);
};

const recost = async (
  tx: Transaction,
  { from, lockDate }: Since,
  reach: RawBuilder<unknown>,
  decided: RawBuilder<unknown>,
): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    update time_entries t set cost_rate_minor = x.rate_minor
    from (select e.id, f.* from time_entries e left join lateral (${found('cost')}) f on true
      where ${reach} and e.local_date >= ${from}::date and e.deleted_at is null and ${unlockedSql('e', lockDate)}) x
    where t.id = x.id and ${unlockedSql('t', lockDate)} and ${decided}
      and t.cost_rate_minor is distinct from x.rate_minor
    returning t.id`.execute(tx);
  return rows.map(({ id }) => id);
};

/** Takes the turns of everybody whose time a rate can be of: before the rate is written, as a change of a project does. */
export const takeTurnsOf = (tx: Transaction, target: RateTarget): Promise<void> =>
  takeTurns(tx, reachOf(target));

/**
 * Gives logged time since a day what a changed rate now says, where that rate decides it or did so before: what other levels say is left
 * as it was snapshot. Time that is locked (invoiced, approved, in a closed period), deleted or rated by hand or by a rule keeps its rate.
 * `ended` says that there is no such rate any more. The turns of its people are taken. Answers which entries changed.
 */
export const rerateTarget = async (
  tx: Transaction,
  target: RateTarget,
  since: Since,
  ended: boolean,
): Promise<string[]> => {
  const reach = reachOf(target);
  const decides = sql`x.level is not distinct from ${target.level}::text`;
  if (target.kind === 'bill') {
    return rebill(tx, since, reach, sql`(${decides} or t.rate_source = ${target.level}::text)`);
  }
  // Which level a cost came from is not kept: when one ends, all that it can have been of is looked at again.
  return recost(tx, since, reach, ended ? sql`true` : decides);
};

/**
 * Gives the time of a project since a day the rate that the cascade now says, whichever level that is, where it is billable, not locked
 * and not rated by hand. Answers which entries changed.
 */
export const rerateProject = (
  tx: Transaction,
  projectId: Id<'prj'>,
  from: Temporal.PlainDate,
  lockDate: Temporal.PlainDate | null,
): Promise<string[]> => rebill(tx, { from, lockDate }, sql`e.project_id = ${projectId}`, sql`true`);
