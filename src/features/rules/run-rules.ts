import { formatAmount } from '#values/money.ts';
import type { Id } from '#values/id.ts';
import { type Action, type Skip, perform } from './action.ts';
import { type Condition, type Facts, type Moment, holds } from './condition.ts';
import type { World } from './rule-world.ts';

/** A rule as it is run. */
export interface Rule {
  readonly id: Id<'rul'>;
  readonly name: string;
  readonly always_enforce: boolean;
  readonly conditions: readonly Condition[];
  readonly actions: readonly Action[];
  readonly scope: RuleScope;
  /** Whose own rule it is, where somebody made it who is no manager; else null. */
  readonly own_of: Id<'mem'> | null;
}
/** Whose time a rule looks at, and for which clients; everything where nothing is said. */
export interface RuleScope {
  readonly member_ids?: readonly Id<'mem'>[];
  readonly client_ids?: readonly Id<'cli'>[];
}

/** What a rule changed in a piece of time, as it is kept with the firing. Rates are like "85.00 EUR". */
export interface Changes {
  project_id?: { from: string | null; to: string | null };
  client_id?: { from: string | null; to: string | null };
  task_id?: { from: string | null; to: string | null };
  billable?: { from: boolean; to: boolean };
  rate?: { from: string | null; to: string | null };
  tags?: { added: string[]; removed: string[] };
  note?: string;
}
export interface Firing {
  readonly rule: Rule;
  readonly changes: Changes;
}
/** An action that a matching rule could not do. */
export interface Skipped {
  readonly rule: Rule;
  readonly action: Action;
  readonly reason: Skip;
}

/** What rules make of a piece of time. */
export interface Outcome {
  readonly facts: Facts;
  readonly fired: readonly Firing[];
  readonly skipped: readonly Skipped[];
  /** Whether any rule's conditions held. */
  readonly matched: boolean;
  /** Rules that undo each other without end: then none of them has changed anything. */
  readonly loop: readonly Rule[];
}

/** Whether a rule looks at this piece of time and all its conditions hold. */
const applies = ({ scope, conditions }: Rule, facts: Facts, moment: Moment): boolean =>
  (scope.member_ids === undefined || scope.member_ids.includes(moment.memberId)) &&
  (scope.client_ids === undefined ||
    (facts.clientId !== null && scope.client_ids.includes(facts.clientId))) &&
  conditions.every((condition) => holds(condition, facts, moment));

/** What the run is about. */
export interface Running {
  readonly moment: Moment;
  readonly world: World;
  readonly follows: boolean;
  /** Which rules may run at all, given the facts that earlier ones have made. */
  readonly eligible?: (rule: Rule, facts: Facts) => boolean;
}

interface Step {
  readonly rule: Rule;
  readonly before: Facts;
  readonly after: Facts;
}

/** Every rule once, in order; each sees what the earlier ones did. */
const pass = (start: Facts, rules: readonly Rule[], running: Running) => {
  const [claimed, ruled] = [new Set<string>(), new Set<string>()];
  const steps: Step[] = [];
  const skipped: Skipped[] = [];
  let matched = false;
  let facts = start;
  for (const rule of rules) {
    if (running.eligible?.(rule, facts) === false || !applies(rule, facts, running.moment)) continue;
    matched = true;
    const before = facts;
    for (const action of rule.actions) {
      const done = perform(action, facts, {
        ruleId: rule.id,
        enforced: rule.always_enforce,
        ownOf: rule.own_of,
        world: running.world,
        follows: running.follows,
        claimed,
        ruled,
      });
      if (typeof done === 'string') skipped.push({ rule, action, reason: done });
      else facts = done;
    }
    if (facts !== before) steps.push({ rule, before, after: facts });
  }
  return { facts, steps, skipped, matched };
};

const textOf = (facts: Facts): string =>
  JSON.stringify(facts, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));

const rateText = ({ rate }: Facts): string | null =>
  rate === null ? null : `${formatAmount(rate.minor, rate.currency)} ${rate.currency}`;

const moved = <Value>(from: Value, to: Value) => (from === to ? undefined : { from, to });

/** What changed from one to the other; null where nothing did. */
const difference = (from: Facts, to: Facts): Changes | null => {
  const added = to.tags.filter((tag) => !from.tags.includes(tag));
  const removed = from.tags.filter((tag) => !to.tags.includes(tag));
  const note =
    to.description === from.description ? undefined : to.description.slice(from.description.length).trim();
  const rated = from.rate?.source === to.rate?.source && rateText(from) === rateText(to);
  const changes = {
    project_id: moved(from.projectId, to.projectId),
    client_id: moved(from.clientId, to.clientId),
    task_id: moved(from.taskId, to.taskId),
    billable: moved(from.billable, to.billable),
    rate: rated ? undefined : { from: rateText(from), to: rateText(to) },
    tags: added.length + removed.length === 0 ? undefined : { added, removed },
    note,
  };
  const said = Object.entries(changes).filter(([, change]) => change !== undefined);
  return said.length === 0 ? null : Object.fromEntries(said);
};

type Span<Value> = { from: Value; to: Value } | undefined;
const across = <Value>(one: Span<Value>, two: Span<Value>): Span<Value> =>
  one === undefined || two === undefined ? (one ?? two) : moved(one.from, two.to);

/** One change after another, as one. */
const together = (one: Changes, two: Changes): Changes => {
  const [first, second] = [one.tags ?? { added: [], removed: [] }, two.tags ?? { added: [], removed: [] }];
  const added = [...first.added.filter((tag) => !second.removed.includes(tag)), ...second.added].filter(
    (tag) => !first.removed.includes(tag),
  );
  const removed = [...first.removed.filter((tag) => !second.added.includes(tag)), ...second.removed].filter(
    (tag) => !first.added.includes(tag),
  );
  const changes = {
    project_id: across(one.project_id, two.project_id),
    client_id: across(one.client_id, two.client_id),
    task_id: across(one.task_id, two.task_id),
    billable: across(one.billable, two.billable),
    rate: across(one.rate, two.rate),
    tags: added.length + removed.length === 0 ? undefined : { added, removed },
    note: one.note ?? two.note,
  };
  return Object.fromEntries(Object.entries(changes).filter(([, change]) => change !== undefined));
};

/** What each rule did over all passes, in the order of the rules. */
const firingsOf = (steps: readonly Step[], rules: readonly Rule[]): Firing[] =>
  rules.flatMap((rule) => {
    const changes = steps.reduce<Changes>((sum, step) => {
      const change = step.rule === rule ? difference(step.before, step.after) : null;
      return change === null ? sum : together(sum, change);
    }, {});
    return Object.keys(changes).length === 0 ? [] : [{ rule, changes }];
  });

/**
 * Runs rules over a piece of time, in the order given. A pass takes every rule once, and each sees what those before it did; passes are
 * made until one changes nothing, because a later rule may have made an earlier one hold. So to run the same rules again changes
 * nothing. Where two rules say different things about one field the later one counts, but a rule that is always enforced counts before
 * any other. Rules that still undo each other after as many passes as there are rules are a loop: then nothing is changed at all.
 * Pure: the same in a dry run, and it always ends.
 */
export const runRules = (start: Facts, rules: readonly Rule[], running: Running): Outcome => {
  const steps: Step[] = [];
  let facts = start;
  for (let round = 0; round <= rules.length + 1; round += 1) {
    const done = pass(facts, rules, running);
    if (textOf(done.facts) === textOf(facts)) {
      const { skipped, matched } = done;
      return {
        facts,
        fired: firingsOf(steps, rules),
        skipped,
        matched: matched || steps.length > 0,
        loop: [],
      };
    }
    steps.push(...done.steps);
    facts = done.facts;
  }
  const last = new Set(pass(facts, rules, running).steps.map(({ rule }) => rule));
  return { facts: start, fired: [], skipped: [], matched: true, loop: [...last] };
};
