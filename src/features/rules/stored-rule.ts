import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { z } from 'zod';
import type { Transaction } from '#database/database.ts';
import type { RulesRow } from '#database/rows.ts';
import { seesTime } from '#features/rates/worth.ts';
import { type Actor, type Role, roleCovers, sees } from '#operation/actor.ts';
import type { Call } from '#operation/call.ts';
import type { Id } from '#values/id.ts';
import { momentText } from '#values/local-time.ts';
import { formatAmount } from '#values/money.ts';
import { accessDenied, notFound } from '#values/refusal.ts';
import type { Action } from './action.ts';
import type { Condition } from './condition.ts';
import type { ruleView } from './rule.ts';
import { sentenceOf } from './rule-sentence.ts';
import { loadWorld } from './rule-world.ts';
import type { Rule, RuleScope } from './run-rules.ts';

/** A rule with what its view shows beside it. */
export interface RuleRow extends Selectable<RulesRow> {
  conditions: Condition[];
  actions: Action[];
  scope: RuleScope;
  author_role: Role;
  /** Among all rules, from 1. */
  place: number;
  fired: number;
  last_at: Temporal.Instant | null;
}

/** The rules that are there, in the order they run; `r`. */
const ranked = sql`select r.*, m.role as author_role, (row_number() over (order by r.position))::int as place
  from rules r join memberships m on m.id = r.created_by where r.deleted_at is null`;

const isOwn = ({ scope, created_by }: Pick<RuleRow, 'scope' | 'created_by'>): boolean =>
  scope.member_ids?.length === 1 && scope.member_ids[0] === created_by;

/** A row as it is run. */
export const ruleOf = (row: Omit<RuleRow, 'place' | 'fired' | 'last_at'>): Rule => ({
  id: row.id,
  name: row.name,
  always_enforce: row.always_enforce,
  conditions: row.conditions,
  actions: row.actions,
  scope: row.scope,
  own_of: isOwn(row) && !roleCovers(row.author_role, 'manager') ? row.created_by : null,
});

/** The rules that run, in their order. */
export const enabledRules = async (tx: Transaction): Promise<Rule[]> => {
  // Asked whenever time is written, so without the places, which only views show.
  const { rows } = await sql<Omit<RuleRow, 'place' | 'fired' | 'last_at'>>`
    select r.*, m.role as author_role from rules r join memberships m on m.id = r.created_by
    where r.deleted_at is null and r.enabled order by r.position`.execute(tx);
  return rows.map(ruleOf);
};

/** SQL that holds for rules that somebody may see: all for managers, else those that look at their time. */
const seesRule = ({ membership }: Actor): RawBuilder<boolean> =>
  roleCovers(membership.role, 'manager')
    ? sql<boolean>`true`
    : sql<boolean>`(not r.scope ? 'member_ids' or r.scope -> 'member_ids' ? ${membership.id})`;

/** The rules that `which` chooses of those the caller sees, in their order, with how often they fired on time that the caller sees. */
export const ruleRows = async (
  { tx, actor }: Call,
  which: RawBuilder<boolean>,
  limit: number,
): Promise<RuleRow[]> => {
  const { rows } = await sql<RuleRow>`
    select r.*, f.fired, f.last_at from (select * from (${ranked}) r where ${seesRule(actor)} and ${which}
      order by r.place limit ${limit}) r
    cross join lateral (select count(*)::int as fired, max(f.at) as last_at from rule_firings f
      join time_entries e on e.id = f.entry_id where f.rule_id = r.id and ${seesTime(actor, 'e')}) f order by r.place`.execute(
    tx,
  );
  return rows;
};

/** The rule of that id if the caller sees it, else `not_found`. */
export const findRule = async (call: Call, id: Id<'rul'>): Promise<RuleRow> => {
  const [row] = await ruleRows(call, sql<boolean>`r.id = ${id}`, 1);
  if (row === undefined) throw notFound({});
  return row;
};

/** Refuses to change a rule to whoever is no manager, unless they made it for their own time. */
export const refuseOthersRule = ({ membership }: Actor, row: RuleRow): void => {
  if (roleCovers(membership.role, 'manager')) return;
  if (row.created_by === membership.id && isOwn(row)) return;
  throw accessDenied({ because: 'this rule is the workspace’s', requires: 'manager' });
};

/** Every id that rules name. */
export const namedIds = (rules: readonly Pick<Rule, 'conditions' | 'actions' | 'scope'>[]): string[] =>
  rules.flatMap(({ conditions, actions, scope }) => [
    ...conditions.flatMap(({ value }) => value.filter((one) => typeof one === 'string')),
    ...actions.flatMap(({ add_tag, remove_tag, set_project, set_task }) =>
      [add_tag, remove_tag, set_project, set_task].filter((id) => id !== undefined),
    ),
    ...(scope.client_ids ?? []),
  ]);

const shownAction = ({ set_rate, ...action }: Action) => ({
  ...action,
  ...(set_rate === undefined ? {} : { set_rate: formatAmount(BigInt(set_rate), action.currency!) }),
});

/** A rule as the audit log keeps it. */
export const storedRule = (row: RuleRow) => ({
  id: row.id,
  name: row.name,
  enabled: row.enabled,
  position: row.place,
  when: { all: row.conditions },
  then: row.actions.map(shownAction),
  scope: row.scope,
  always_enforce: row.always_enforce,
});

/** Rows as `ruleView`s. */
export const viewRules = async (
  { tx, actor, zone }: Call,
  rows: readonly RuleRow[],
): Promise<z.input<typeof ruleView>[]> => {
  if (rows.length === 0) return [];
  const world = await loadWorld(tx, namedIds(rows), actor.workspace.currency);
  const amounts = sees(actor, 'amounts');
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    enabled: row.enabled,
    position: row.place,
    summary: sentenceOf(row, world, actor),
    when: {
      all: row.conditions.map(({ field, op, value }) => ({
        field,
        op,
        value: value.length === 1 ? value[0]! : (value as (string | number)[]),
      })),
    },
    then: row.actions.map(shownAction).map((action) => {
      // What a rate is in is said to those who see it.
      const { currency: _, ...rest } = action;
      return amounts ? action : rest;
    }),
    scope: { member_ids: row.scope.member_ids?.slice(), client_ids: row.scope.client_ids?.slice() },
    always_enforce: row.always_enforce,
    created_by: row.created_by,
    stats: { fired: row.fired, last_at: row.last_at === null ? null : momentText(row.last_at, zone) },
    version: row.version,
  }));
};
