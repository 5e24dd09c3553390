import { sql } from 'kysely';
import type { z } from 'zod';
import { budgetExhausted } from '#features/projects/budget.ts';
import { seesTime } from '#features/rates/worth.ts';
import { keepBudget } from '#features/time-entries/entry-budget.ts';
import {
  factsOf,
  holdPlace,
  isElsewhere,
  momentOf,
  type Ruled,
  saveRuled,
  worldOf,
} from '#features/time-entries/entry-rules.ts';
import { type EntryRow, entries, entryRows, takeTurns } from '#features/time-entries/entry-view.ts';
import { lockOf } from '#features/time-entries/time-entry.ts';
import type { Call } from '#operation/call.ts';
import { insufficientScope } from '#operation/obstacle.ts';
import { refuseWithout } from '#operation/refuse-without.ts';
import { notFound, validationFailed } from '#values/refusal.ts';
import type { BackfillGiven, backfillView } from './rule.ts';
import { type Rule, runRules } from './run-rules.ts';

/** The most entries that one run over the past changes. */
export const mostChanged = 1_000;
/** How many are named in the answer, of each kind. */
const named = 20;
/** How many are looked at together. */
const pageSize = 1_000;

/** The refusals of `backfill`. */
export const backfillRefusals = [insufficientScope, budgetExhausted] as const;

/** The entries of these days that the rule may look at, in order, from after `after` on. */
const candidates = async (
  { tx, actor }: Call,
  { scope }: Rule,
  { from, to }: BackfillGiven,
  after: EntryRow | undefined,
) => {
  let chosen = entries(tx)
    .where('e.deleted_at', 'is', null)
    .where(sql<boolean>`e.local_date between ${from}::date and ${to}::date`)
    .where(seesTime(actor, 'e'));
  if (scope.member_ids !== undefined) chosen = chosen.where('e.membership_id', 'in', [...scope.member_ids]);
  if (scope.client_ids !== undefined) chosen = chosen.where('e.client_id', 'in', [...scope.client_ids]);
  if (after !== undefined) {
    chosen = chosen.where(sql<boolean>`(e.local_date, e.id) > (${after.local_date}::date, ${after.id})`);
  }
  const page = chosen.orderBy('e.local_date').orderBy('e.id').limit(pageSize);
  return entryRows(tx, page).orderBy('e.local_date').orderBy('e.id').execute();
};

/**
 * Runs one rule over the time of some days, as it would have run when that time was new: what a person set by hand stays unless the rule is
 * always enforced, and locked entries are left out and counted. A dry run does the same but for the writing, so that the later real run
 * does what it said. Refuses more than `mostChanged` changes, and what budgets do not allow. Also gives what the audit log keeps.
 */
export const backfill = async (
  call: Call,
  rule: Rule,
  given: BackfillGiven,
  { operation, enabled }: { operation: string; enabled: boolean },
): Promise<{ view: z.input<typeof backfillView>; facts: object }> => {
  const { tx, actor } = call;
  const { from, to, dry_run: dryRun } = given;
  refuseWithout(actor, [dryRun ? 'time:read' : 'time:write'], operation, 'backfill');
  if (from > to) throw validationFailed({ message: 'The last day is before the first.' }, 'backfill.to');
  if (!dryRun && !enabled) {
    throw validationFailed(
      {
        message:
          'A rule that is off changes nothing: set enabled true, or dry_run true to see what it would do.',
      },
      'backfill.dry_run',
    );
  }
  // Everybody whose time may change waits for us, as for any other write of theirs.
  const { member_ids: members } = rule.scope;
  await takeTurns(
    tx,
    sql`e.local_date between ${from}::date and ${to}::date and e.deleted_at is null
      and ${members === undefined ? sql`true` : sql`e.membership_id = any(${[...members]}::text[])`}`,
  );
  const counts = { looked_at: 0, matched: 0, unchanged: 0 };
  const skipped = new Map<string, { count: number; entry_ids: string[] }>();
  const skip = (reason: string, id: string): void => {
    const known = skipped.get(reason) ?? { count: 0, entry_ids: [] };
    skipped.set(reason, {
      count: known.count + 1,
      entry_ids: known.entry_ids.length < named ? [...known.entry_ids, id] : known.entry_ids,
    });
  };
  const ruled: Ruled[] = [];
  let rows: EntryRow[] = [];
  do {
    rows = await candidates(call, rule, given, rows.at(-1));
    const world = await worldOf(call, [rule], rows);
    for (const row of rows) {
      counts.looked_at += 1;
      const follows = row.state !== 'stopped';
      const outcome = runRules(factsOf(row), [rule], { moment: momentOf(row), world, follows });
      if (!outcome.matched) continue;
      counts.matched += 1;
      if (lockOf(row, actor) !== null) {
        skip('locked', row.id);
        continue;
      }
      const why = new Set(outcome.skipped.map(({ reason }) => reason));
      for (const reason of why) skip(reason, row.id);
      if (outcome.fired.length > 0) ruled.push({ row, outcome, follows });
      else if (why.size === 0) counts.unchanged += 1;
      if (ruled.length > mostChanged) {
        throw validationFailed(
          {
            message: `More than ${mostChanged} entries would change at once. Choose fewer days, or narrow the rule’s scope.`,
          },
          'backfill',
        );
      }
    }
  } while (rows.length === pageSize);
  const changes = ruled.map(({ row, outcome }) => ({
    entry_id: row.id,
    changes: outcome.fired[0]!.changes,
  }));
  if (ruled.length > 0) await save(call, ruled, dryRun);
  const view = {
    dry_run: dryRun,
    ...counts,
    changed: ruled.length,
    skipped: [...skipped].map(([reason, what]) => ({ reason, ...what })),
    entries: changes.slice(0, named),
  };
  return { view, facts: { from, to, dry_run: dryRun, changed: dryRun ? [] : changes } };
};

/** Writes what the rule made of the entries; budgets are looked at as after any write. A dry run writes all the same and takes it back, so that it refuses what the real run would. */
const save = async (call: Call, ruled: readonly Ruled[], dryRun: boolean): Promise<void> => {
  const { tx } = call;
  const moved = ruled.filter(({ row, outcome: { facts } }) => isElsewhere(row, facts));
  const places = new Map(
    moved.map(({ outcome: { facts } }) => [`${facts.projectId} ${facts.taskId}`, facts]),
  );
  for (const facts of places.values()) {
    // Deleted or archived this very moment.
    if (!(await holdPlace(call, facts))) throw notFound({}, 'then');
  }
  await sql.raw('savepoint backfill').execute(tx);
  await saveRuled(call, ruled);
  const before = new Map(ruled.map(({ row }) => [row.id, row]));
  const after = await entryRows(tx, entries(tx).where('e.id', 'in', [...before.keys()])).execute();
  for (const [project, same] of Map.groupBy(after, ({ project_id }) => project_id)) {
    await keepBudget(
      call,
      project,
      same.map((row) => ({ before: before.get(row.id)!, after: row })),
    );
  }
  await sql
    .raw(dryRun ? 'rollback to savepoint backfill; release savepoint backfill' : 'release savepoint backfill')
    .execute(tx);
};
