import { type Actor, roleCovers, sees } from '#operation/actor.ts';
import type { Scope } from '#operation/scopes.ts';
import { formatAmount } from '#values/money.ts';
import type { Action } from './action.ts';
import type { Condition, ConditionField, ConditionOp } from './condition.ts';
import type { World } from './rule-world.ts';
import type { Rule } from './run-rules.ts';

const fieldWords: Record<ConditionField, string> = {
  text: 'the text',
  client: 'the client',
  project: 'the project',
  tag: 'a tag',
  weekday: 'the day',
  hour: 'the hour of its start',
  duration_seconds: 'the duration in seconds',
  source: 'the source',
};
const opWords: Record<ConditionOp, string> = {
  contains: 'contains',
  not_contains: 'does not contain',
  equals: 'is',
  starts_with: 'starts with',
  ends_with: 'ends with',
  is: 'is',
  is_not: 'is not',
  is_empty: 'is missing',
  at_least: 'is at least',
  less_than: 'is less than',
};

const quoted = (text: string): string =>
  `"${text.length > 80 ? `${text.slice(0, 79).toWellFormed()}…` : text}"`;

/** Names records where the actor may read them, else gives their ids; says what is archived or gone. */
const namer = (world: World, actor: Actor) => (noun: 'tag' | 'project' | 'task' | 'client', id: string) => {
  const record = world[`${noun}s`].get(id);
  const hidden =
    noun === 'project' &&
    world.projects.get(id)?.private === true &&
    !roleCovers(actor.membership.role, 'manager') &&
    !world.projects.get(id)!.members.includes(actor.membership.id);
  const readable = actor.via.scopes.has(`${noun}s:read` satisfies Scope) && !hidden && record !== undefined;
  const state = record?.state ?? 'gone';
  return `${readable ? quoted(record.name) : id}${state === 'open' || hidden ? '' : ` (${state})`}`;
};

const conditionText = ({ field, op, value }: Condition, name: ReturnType<typeof namer>): string => {
  if (op === 'is_empty') return `${fieldWords[field]} is ${value[0] === true ? 'missing' : 'there'}`;
  const shown = value.map((one) => {
    if (field === 'client' || field === 'project' || field === 'tag') return name(field, String(one));
    return field === 'text' ? quoted(String(one)) : String(one);
  });
  return `${fieldWords[field]} ${opWords[op]} ${shown.join(' or ')}`;
};

const actionText = (action: Action, name: ReturnType<typeof namer>, actor: Actor): string => {
  const { add_tag, remove_tag, set_project, set_task, set_billable, set_rate, currency, append_note } =
    action;
  if (add_tag !== undefined) return `add the tag ${name('tag', add_tag)}`;
  if (remove_tag !== undefined) return `take off the tag ${name('tag', remove_tag)}`;
  if (set_project !== undefined) return `put it into the project ${name('project', set_project)}`;
  if (set_task !== undefined) return `put it on the task ${name('task', set_task)}`;
  if (set_rate !== undefined) {
    const rate = sees(actor, 'amounts')
      ? ` to ${formatAmount(BigInt(set_rate), currency!)} ${currency!}`
      : '';
    return `set its rate${rate}`;
  }
  if (append_note !== undefined) return `add the line ${quoted(append_note)}`;
  return `make it ${set_billable === true ? 'billable' : 'not billable'}`;
};

/** What a rule does, in a sentence for people. */
export const sentenceOf = (
  { conditions, actions }: Pick<Rule, 'conditions' | 'actions'>,
  world: World,
  actor: Actor,
): string => {
  const name = namer(world, actor);
  const when =
    conditions.length === 0
      ? 'Always'
      : `When ${conditions.map((condition) => conditionText(condition, name)).join(' and ')}`;
  return `${when}: ${actions.map((action) => actionText(action, name, actor)).join(', ')}.`;
};
