import { sql } from 'kysely';
import type { Transaction } from '#database/database.ts';
import { resolveRates } from '#features/rates/rate.ts';
import { type Skip, skips } from '#features/rules/action.ts';
import { type Facts, type Moment, changedFields } from '#features/rules/condition.ts';
import { loadWorld, type World } from '#features/rules/rule-world.ts';
import { type Changes, type Outcome, type Rule, runRules } from '#features/rules/run-rules.ts';
import { enabledRules, namedIds } from '#features/rules/stored-rule.ts';
import { sees } from '#operation/actor.ts';
import type { Call } from '#operation/call.ts';
import { countedEntries } from '#values/counted.ts';
import { type EntryRow, loadEntry } from './entry-view.ts';
import { lockOf } from './time-entry.ts';

/** What rules look at in an entry and can change. */
export const factsOf = (row: EntryRow): Facts => ({
  description: row.description,
  taskId: row.task_id,
  taskSummary: row.task_summary,
  projectId: row.project_id,
  clientId: row.client_id,
  billable: row.billable,
  rate:
    row.rate_minor === null
      ? null
      : { minor: row.rate_minor, currency: row.currency!, source: row.rate_source },
  tags: row.tags.map(({ id }) => id).sort(),
  settled: [...row.settled].sort(),
});

/** What rules look at in an entry and cannot change. */
export const momentOf = (row: EntryRow): Moment => ({
  memberId: row.membership_id,
  weekday: row.local_date.dayOfWeek,
  hour: row.started_at?.toZonedDateTimeISO(row.timezone).hour ?? null,
  seconds: row.state === 'stopped' ? row.duration_seconds : null,
  source: row.source,
});

/** The records that rules and these entries have to do with. */
export const worldOf = (call: Call, rules: readonly Rule[], rows: readonly EntryRow[]): Promise<World> =>
  loadWorld(
    call.tx,
    [...namedIds(rules), ...rows.flatMap((row) => [row.task_id, row.project_id, row.client_id])],
    call.actor.workspace.currency,
  );

/** An entry and what rules make of it. */
export interface Ruled {
  readonly row: EntryRow;
  readonly outcome: Outcome;
  /** The time is new, or was a timer until now. */
  readonly follows: boolean;
}

/** The rates after rules: theirs, or those of the place they put the time into, as after an edit by hand. */
const ratesAfter = async (tx: Transaction, { row, outcome: { facts }, follows }: Ruled) => {
  const kept = { rate: facts.rate, cost: row.cost_rate_minor };
  const moved =
    row.project_id !== facts.projectId || row.client_id !== facts.clientId || row.task_id !== facts.taskId;
  if (!moved || !(follows || facts.rate === null)) return kept;
  const { bill, cost } = await resolveRates(tx, {
    membershipId: row.membership_id,
    taskId: facts.taskId,
    projectId: facts.projectId,
    clientId: facts.clientId,
    on: row.local_date,
  });
  const own =
    facts.rate?.source === 'rule' || facts.rate?.source === 'entry' || facts.settled.includes('rate');
  const found =
    bill === null ? null : { minor: bill.rateMinor, currency: bill.currency, source: bill.source };
  return { rate: own ? facts.rate : found, cost: follows ? (cost?.rateMinor ?? null) : kept.cost };
};

/** Writes what rules made of entries, and which rules did: four statements, however many entries. */
export const saveRuled = async ({ tx }: Call, ruled: readonly Ruled[]): Promise<void> => {
  const changed = [];
  for (const one of ruled) {
    const { facts } = one.outcome;
    const { rate, cost } = await ratesAfter(tx, one);
    changed.push({
      id: one.row.id,
      task_id: facts.taskId,
      project_id: facts.projectId,
      client_id: facts.clientId,
      description: facts.description,
      billable: facts.billable,
      rate_minor: rate === null ? null : String(rate.minor),
      currency: rate?.currency ?? null,
      rate_source: rate?.source ?? 'none',
      cost_rate_minor: cost === null ? null : String(cost),
      settled: facts.settled,
    });
  }
  await sql`update time_entries e set task_id = x.task_id, project_id = x.project_id, client_id = x.client_id,
      description = x.description, billable = x.billable, rate_minor = x.rate_minor, currency = x.currency,
      rate_source = x.rate_source, cost_rate_minor = x.cost_rate_minor, settled = x.settled, version = e.version + 1
    from jsonb_to_recordset(${JSON.stringify(changed)}::jsonb) x (id text, task_id text, project_id text, client_id text,
      description text, billable boolean, rate_minor bigint, currency text, rate_source text, cost_rate_minor bigint, settled text[])
    where e.id = x.id`.execute(tx);
  const tags = (which: 'gone' | 'new') =>
    JSON.stringify(
      ruled.flatMap(({ row, outcome: { facts } }) => {
        const before = row.tags.map(({ id }) => id);
        const [from, to] = which === 'gone' ? [facts.tags, before] : [before, facts.tags];
        return to.filter((tag) => !from.includes(tag)).map((tag) => ({ entry_id: row.id, tag_id: tag }));
      }),
    );
  await sql`delete from time_entry_tags t using jsonb_to_recordset(${tags('gone')}::jsonb) x (entry_id text, tag_id text)
    where t.entry_id = x.entry_id and t.tag_id = x.tag_id`.execute(tx);
  // A tag that was deleted this very moment is put on nothing.
  await sql`insert into time_entry_tags (entry_id, tag_id)
    select x.entry_id, t.id from jsonb_to_recordset(${tags('new')}::jsonb) x (entry_id text, tag_id text)
      join tags t on t.id = x.tag_id for key share of t
    on conflict do nothing`.execute(tx);
  const firings = ruled.flatMap(({ row, outcome }) =>
    outcome.fired.map(({ rule, changes }) => ({ rule_id: rule.id, entry_id: row.id, changes })),
  );
  await sql`insert into rule_firings (rule_id, entry_id, changes)
    select x.rule_id, x.entry_id, x.changes from rows from (jsonb_to_recordset(${JSON.stringify(firings)}::jsonb)
      as (rule_id text, entry_id text, changes jsonb)) with ordinality x order by x.ordinality`.execute(tx);
};

/** Holds what rules put time into against being deleted or archived until the transaction ends; false where it just was. */
export const holdPlace = async (
  { tx }: Call,
  { projectId, taskId, clientId }: Pick<Facts, 'projectId' | 'taskId' | 'clientId'>,
): Promise<boolean> => {
  const task = sql`select from tasks where id = ${taskId} and deleted_at is null for share`;
  const client = sql`select from clients where id = ${clientId} and deleted_at is null and archived_at is null for share`;
  const project = sql`select from projects where id = ${projectId} and deleted_at is null and status = 'active' for share`;
  for (const [id, query] of [
    [taskId, task],
    [projectId, project],
    [clientId, client],
  ] as const) {
    if (id !== null && (await query.execute(tx)).rows.length === 0) return false;
  }
  return true;
};

/** Whether rules put an entry somewhere else. */
export const isElsewhere = (row: EntryRow, facts: Facts): boolean =>
  row.project_id !== facts.projectId || row.task_id !== facts.taskId;

/** What is kept of rules for the length of one call: the rules themselves, and what they did, for the sentence about it. */
interface Ledger {
  rules: Rule[] | undefined;
  readonly entries: Set<string>;
  readonly names: Map<string, Set<string>>;
}
const ledgers = new WeakMap<Transaction, Ledger>();
const ledgerOf = (tx: Transaction): Ledger => {
  const known = ledgers.get(tx) ?? { rules: undefined, entries: new Set<string>(), names: new Map() };
  ledgers.set(tx, known);
  return known;
};

const fieldNames: Record<keyof Changes, string> = {
  project_id: 'project',
  client_id: 'client',
  task_id: 'task',
  billable: 'billable',
  rate: 'rate',
  tags: 'tags',
  note: 'description',
};
// What a person did not ask for is said only as far as it matters: that a rule gives way to them is no news.
const silent: readonly Skip[] = ['set_by_hand', 'enforced_otherwise'];

/** Tells the caller which rules changed what, as far as they may know. */
const tell = (call: Call, row: EntryRow, { fired, skipped, loop }: Outcome): void => {
  const { actor, warn } = call;
  const named = actor.via.scopes.has('rules:read');
  const { entries, names } = ledgerOf(call.tx);
  for (const { rule, changes } of fired) {
    const fields = (Object.keys(changes) as (keyof Changes)[]).filter(
      (field) => field !== 'rate' || sees(actor, 'amounts'),
    );
    if (fields.length === 0) continue;
    entries.add(row.id);
    const known = names.get(rule.name) ?? new Set();
    names.set(rule.name, known);
    for (const field of fields) known.add(fieldNames[field]);
  }
  if (names.size > 0) {
    const what = entries.size === 1 ? 'this entry' : countedEntries(entries.size);
    const which = [...names].map(([name, fields]) => `"${name}" (${[...fields].join(', ')})`).join(', ');
    warn(named ? `Rules changed ${what}: ${which}.` : `Rules of the workspace changed ${what}.`, 'rules');
  }
  if (!named) return;
  for (const { rule, action, reason } of skipped) {
    if (silent.includes(reason) || (action.set_rate !== undefined && !sees(actor, 'amounts'))) continue;
    warn(`The rule "${rule.name}" was not followed in full: ${skips[reason]}.`);
  }
  if (loop.length > 0) {
    const which = loop.map(({ name }) => `"${name}"`).join(', ');
    warn(`These rules undo each other without end, so no rule changed anything: ${which}.`);
  }
};

/** The enabled rules, read once in a transaction. */
export const readRules = async (tx: Transaction): Promise<readonly Rule[]> => {
  const ledger = ledgerOf(tx);
  ledger.rules ??= await enabledRules(tx);
  return ledger.rules;
};

/**
 * Runs the workspace's rules over an entry that was just written, as the last part of every write of time. All of them where the time is
 * new (`before` null) or a timer was stopped; after another edit those that are always enforced and those that look at something that
 * changed, so that a new rule leaves old time alone until somebody says otherwise (backfill). Locked time is not touched. Gives the entry
 * as it is then. A rule is the workspace’s: it does what it says, whoever’s call it is in.
 *
 * `reRated`: the rate was asked for anew, so rules that set rates are asked as well.
 */
export const applyRules = async (
  call: Call,
  before: EntryRow | null,
  row: EntryRow,
  { reRated = false } = {},
): Promise<EntryRow> => {
  if (lockOf(row, call.actor) !== null) return row;
  const rules = (await readRules(call.tx)).filter(
    ({ scope }) => scope.member_ids === undefined || scope.member_ids.includes(row.membership_id),
  );
  const [start, moment] = [factsOf(row), momentOf(row)];
  const was = before === null ? null : { facts: factsOf(before), moment: momentOf(before) };
  const all = before === null || (before.state !== 'stopped' && row.state === 'stopped');
  const eligible = (rule: Rule, facts: Facts): boolean => {
    if (all || rule.always_enforce) return true;
    if (reRated && rule.actions.some(({ set_rate }) => set_rate !== undefined)) return true;
    const changed = changedFields(was!, { facts, moment });
    return rule.conditions.some(({ field }) => changed.has(field));
  };
  if (!rules.some((rule) => eligible(rule, start))) return row;
  const world = await worldOf(call, rules, [row]);
  const follows = before === null || before.state !== 'stopped';
  const known = { ...world, projects: new Map(world.projects), tasks: new Map(world.tasks) };
  let outcome = runRules(start, rules, { moment, world: known, follows, eligible });
  while (isElsewhere(row, outcome.facts) && !(await holdPlace(call, outcome.facts))) {
    // Deleted or archived this very moment: as if it had been before.
    known.projects.delete(outcome.facts.projectId ?? '');
    known.tasks.delete(outcome.facts.taskId ?? '');
    outcome = runRules(start, rules, { moment, world: known, follows, eligible });
  }
  tell(call, row, outcome);
  if (outcome.fired.length === 0) return row;
  await saveRuled(call, [{ row, outcome, follows }]);
  return loadEntry(call.tx, row.id);
};
