import { sql } from 'kysely';
import { seesProject } from '#features/projects/project.ts';
import { knownTags, tagId, tagsByIdOrName } from '#features/tags/tag.ts';
import { seesTask } from '#features/tasks/task-view.ts';
import { roleCovers } from '#operation/actor.ts';
import type { Call } from '#operation/call.ts';
import type { Id } from '#values/id.ts';
import { parseAmount } from '#values/money.ts';
import { accessDenied, notFound, validationFailed } from '#values/refusal.ts';
import type { Action } from './action.ts';
import { type Condition, type ConditionOp, conditionOps, entrySources, weekdays } from './condition.ts';
import { ruleLoop, type ScopeGiven, type ThenGiven, type WhenGiven } from './rule.ts';
import type { RuleScope } from './run-rules.ts';

const wrong = (message: string, field: string) => validationFailed({ message }, field);

/** Refuses `not_found` unless all of these are there and seen by the caller. */
const refuseUnknown = async (
  { tx, actor }: Call,
  noun: 'client' | 'project' | 'task' | 'member',
  ids: readonly unknown[],
  field: string,
): Promise<void> => {
  const wanted = [...new Set(ids.map(String))];
  if (wanted.length === 0) return;
  const found = {
    client: sql`select from clients c where c.id = any(${wanted}::text[]) and c.deleted_at is null`,
    project: sql`select from projects p where p.id = any(${wanted}::text[]) and p.deleted_at is null and ${seesProject(actor, 'p')}`,
    task: sql`select from tasks t where t.id = any(${wanted}::text[]) and t.deleted_at is null and ${seesTask(actor)}`,
    member: sql`select from memberships m where m.id = any(${wanted}::text[])`,
  }[noun];
  if ((await found.execute(tx)).rows.length < wanted.length) throw notFound({}, field);
};

/** The scope of a rule as it is stored. Whoever is no manager makes rules for their own time, and for nobody else’s. */
export const readScope = async (call: Call, given: ScopeGiven = {}): Promise<RuleScope> => {
  const { membership } = call.actor;
  await refuseUnknown(call, 'member', given.member_ids ?? [], 'scope.member_ids');
  await refuseUnknown(call, 'client', given.client_ids ?? [], 'scope.client_ids');
  const members = given.member_ids === undefined ? undefined : [...new Set(given.member_ids)].sort();
  const clients = given.client_ids === undefined ? {} : { client_ids: [...new Set(given.client_ids)].sort() };
  if (roleCovers(membership.role, 'manager')) {
    return { ...(members === undefined ? {} : { member_ids: members }), ...clients };
  }
  if (members !== undefined && !(members.length === 1 && members[0] === membership.id)) {
    throw accessDenied(
      { because: 'rules for other people’s time are made by managers', requires: 'manager' },
      'scope.member_ids',
    );
  }
  return { member_ids: [membership.id], ...clients };
};

/** The tags that these conditions or actions name, by id or name; they must exist. */
const namedTags = async ({ tx }: Call, given: readonly unknown[], field: string): Promise<Id<'tag'>[]> => {
  const names = given.map(String);
  const known = new Map((await knownTags(tx, names)).map((row) => [row.given, row.id]));
  return names.map((name) => {
    const id = known.get(name);
    if (id !== undefined) return id;
    if (tagId.safeParse(name).success) throw notFound({}, field);
    throw wrong('There is no tag of that name. Use a tag that tags.list gives, or make it first.', field);
  });
};

const wholeNumber = (value: unknown, most: number): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;

/** What is wrong with the values of a condition, or null. References were looked up before. */
const valueFault = (
  field: keyof typeof conditionOps,
  op: ConditionOp,
  values: readonly unknown[],
): string | null => {
  if (op === 'is_empty') {
    return values.length === 1 && typeof values[0] === 'boolean'
      ? null
      : 'is_empty takes true or false, or no value.';
  }
  if (values.length === 0) return 'A value is missing: what to compare with.';
  const single = op === 'at_least' || op === 'less_than';
  if (single && values.length > 1) return `${op} takes one number.`;
  const every = (fits: (value: unknown) => boolean) => values.every(fits);
  switch (field) {
    case 'text':
      return every((value) => typeof value === 'string' && value.trim() !== '')
        ? null
        : 'The value is a text, or a list of texts.';
    case 'weekday':
      return every((value) => (weekdays as readonly unknown[]).includes(value))
        ? null
        : `A day is one of ${weekdays.join(', ')}.`;
    case 'source':
      return every((value) => (entrySources as readonly unknown[]).includes(value))
        ? null
        : `A source is one of ${entrySources.join(', ')}.`;
    case 'hour':
      return every((value) => wholeNumber(value, op === 'less_than' ? 24 : 23))
        ? null
        : 'An hour is a whole number, 0 to 23.';
    case 'duration_seconds':
      return every((value) => wholeNumber(value, 366 * 86_400)) ? null : 'Seconds are a whole number from 0.';
    default:
      return null;
  }
};

/** The conditions of a rule as they are stored. Records that they name must exist. */
export const readConditions = async (call: Call, { all }: WhenGiven): Promise<Condition[]> => {
  const conditions: Condition[] = [];
  for (const [index, { field, op, value }] of all.entries()) {
    const place = `when.all[${index}]`;
    const allowed: readonly ConditionOp[] = conditionOps[field];
    let values: readonly (string | number | boolean)[] =
      value === undefined ? (op === 'is_empty' ? [true] : []) : Array.isArray(value) ? value : [value];
    if (op !== 'is_empty') {
      if (field === 'tag') values = await namedTags(call, values, `${place}.value`);
      if (field === 'client' || field === 'project')
        await refuseUnknown(call, field, values, `${place}.value`);
    }
    if (!allowed.includes(op)) throw wrong(`${field} takes ${allowed.join(', ')}, not ${op}.`, `${place}.op`);
    const fault = valueFault(field, op, values);
    if (fault !== null) throw wrong(fault, `${place}.value`);
    conditions.push({ field, op, value: [...new Set(values)] });
  }
  return conditions;
};

/** Refuses actions that undo each other: one after another they would never come to rest. */
const refuseLoop = (actions: readonly Action[]): void => {
  const chosen = (key: keyof Action) => actions.filter((action) => action[key] !== undefined);
  const places = [...chosen('set_project'), ...chosen('set_task')];
  if (places.length > 1)
    throw ruleLoop(
      { message: 'The rule puts time into one place: give one set_project or one set_task.' },
      'then',
    );
  for (const key of ['set_billable', 'set_rate'] as const) {
    if (chosen(key).length > 1)
      throw ruleLoop(
        { message: `The rule gives ${key} twice, with different values. Give it once.` },
        'then',
      );
  }
  const both = chosen('add_tag').find(({ add_tag }) =>
    actions.some(({ remove_tag }) => remove_tag === add_tag),
  );
  if (both !== undefined)
    throw ruleLoop(
      { message: `The rule adds the tag ${both.add_tag!} and takes it off. Keep one of them.` },
      'then',
    );
};

/** The actions of a rule as they are stored: one thing each. Records that they name must exist; a new tag is made where the caller may. */
export const readActions = async (call: Call, given: ThenGiven): Promise<Action[]> => {
  const { actor } = call;
  const read: Action[] = [];
  for (const [index, one] of given.entries()) {
    const place = `then[${index}]`;
    const { add_tag, remove_tag, set_project, set_task, set_billable, set_rate, append_note } = one;
    await refuseUnknown(
      call,
      'project',
      set_project === undefined ? [] : [set_project],
      `${place}.set_project`,
    );
    await refuseUnknown(call, 'task', set_task === undefined ? [] : [set_task], `${place}.set_task`);
    if (remove_tag !== undefined) {
      const [id] = await namedTags(call, [remove_tag], `${place}.remove_tag`);
      read.push({ remove_tag: id! });
    }
    if (add_tag !== undefined) read.push({ add_tag: (await tagsByIdOrName(call, [add_tag]))[0]! });
    if (set_project !== undefined) read.push({ set_project });
    if (set_task !== undefined) read.push({ set_task });
    if (set_billable !== undefined) read.push({ set_billable });
    if (one.currency !== undefined && set_rate === undefined) {
      throw wrong('currency is that of set_rate, which is missing.', `${place}.currency`);
    }
    if (set_rate !== undefined) {
      if (!roleCovers(actor.membership.role, 'manager')) {
        throw accessDenied(
          { because: 'rates are set by managers', requires: 'manager' },
          `${place}.set_rate`,
        );
      }
      const currency = one.currency ?? actor.workspace.currency;
      read.push({ set_rate: String(parseAmount(set_rate, currency, `${place}.set_rate`)), currency });
    }
    if (append_note !== undefined) read.push({ append_note });
  }
  const actions = [...new Map(read.map((action) => [JSON.stringify(action), action])).values()];
  if (actions.length === 0)
    throw wrong('The rule does nothing: say what it does, like {"set_billable": false}.', 'then');
  refuseLoop(actions);
  return actions;
};
