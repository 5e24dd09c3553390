import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Id } from '#values/id.ts';
import type { Action } from './action.ts';
import { type Condition, conditionOps, type Facts, type Moment, holds, weekdays } from './condition.ts';
import type { World } from './rule-world.ts';
import { type Rule, runRules } from './run-rules.ts';

// A world small enough that rules meet each other all the time.
const tags = ['tag_a', 'tag_b', 'tag_c', 'tag_old'] as Id<'tag'>[];
const projects = ['prj_p', 'prj_q', 'prj_old', 'prj_secret'] as Id<'prj'>[];
const tasks = ['tsk_p', 'tsk_loose'] as Id<'tsk'>[];
const clients = ['cli_x', 'cli_y'] as Id<'cli'>[];
const members = ['mem_1', 'mem_2'] as Id<'mem'>[];

const project = (client_id: Id<'cli'> | null, more: object = {}) => ({
  name: 'P',
  client_id,
  currency: 'EUR',
  billable: true,
  state: 'open' as const,
  private: false,
  members: [],
  ...more,
});
const world: World = {
  projects: new Map([
    ['prj_p', project(clients[0]!)],
    ['prj_q', project(clients[1]!, { billable: false, currency: 'JPY' })],
    ['prj_old', project(null, { state: 'archived' })],
    ['prj_secret', project(null, { private: true, members: [members[0]!] })],
  ]),
  tasks: new Map([
    ['tsk_p', { name: 'alpha', project_id: projects[0]!, client_id: clients[0]!, state: 'open' }],
    ['tsk_loose', { name: 'beta', project_id: null, client_id: null, state: 'open' }],
  ]),
  clients: new Map(clients.map((id) => [id, { name: id, currency: 'EUR', state: 'open' }])),
  tags: new Map(tags.map((id) => [id, { name: id, state: id === 'tag_old' ? 'archived' : 'open' }])),
  currency: 'EUR',
};

const words = fc.constantFrom('alpha', 'BETA', 'a', 'note', 'x');
const listOf = (value: fc.Arbitrary<string | number>) => fc.array(value, { minLength: 1, maxLength: 2 });
const values: Record<keyof typeof conditionOps, fc.Arbitrary<(string | number)[]>> = {
  text: listOf(words),
  client: listOf(fc.constantFrom(...clients)),
  project: listOf(fc.constantFrom(...projects)),
  tag: listOf(fc.constantFrom(...tags)),
  weekday: listOf(fc.constantFrom(...weekdays)),
  hour: listOf(fc.integer({ min: 0, max: 23 })),
  duration_seconds: listOf(fc.integer({ min: 0, max: 7200 })),
  source: listOf(fc.constantFrom('web', 'mcp')),
};
const condition: fc.Arbitrary<Condition> = fc
  .constantFrom(...(Object.keys(conditionOps) as (keyof typeof conditionOps)[]))
  .chain((field) =>
    fc.record({
      field: fc.constant(field),
      op: fc.constantFrom(...conditionOps[field]),
      value: values[field],
    }),
  )
  .chain((one) =>
    one.op === 'is_empty'
      ? fc.boolean().map((value) => ({ ...one, value: [value] }))
      : fc.constant<Condition>(one),
  );
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ add_tag: fc.constantFrom(...tags) }),
  fc.record({ remove_tag: fc.constantFrom(...tags) }),
  fc.record({ set_project: fc.constantFrom(...projects) }),
  fc.record({ set_task: fc.constantFrom(...tasks) }),
  fc.record({ set_billable: fc.boolean() }),
  fc.record({ set_rate: fc.constantFrom('100', '200'), currency: fc.constantFrom('EUR', 'JPY') }),
  fc.record({ append_note: words }),
);
const rules: fc.Arbitrary<Rule[]> = fc
  .array(
    fc.record({
      name: fc.constant('R'),
      always_enforce: fc.boolean(),
      conditions: fc.array(condition, { maxLength: 2 }),
      actions: fc.array(action, { minLength: 1, maxLength: 3 }),
      scope: fc.oneof(
        fc.constant({}),
        fc.record({ member_ids: fc.subarray(members, { minLength: 1 }) }),
        fc.record({ client_ids: fc.subarray(clients, { minLength: 1 }) }),
      ),
      own_of: fc.constantFrom(null, ...members),
    }),
    { maxLength: 8 },
  )
  .map((list) => list.map((rule, index) => ({ ...rule, id: `rul_${index}` as Id<'rul'> })));
const facts: fc.Arbitrary<Facts> = fc.record({
  description: fc.constantFrom('', 'Alpha', 'beta x', 'y'.repeat(1999)),
  taskId: fc.constant(null),
  taskSummary: fc.constant(null),
  projectId: fc.constantFrom(null, projects[0]!, projects[1]!),
  clientId: fc.constantFrom(null, clients[0]!),
  billable: fc.boolean(),
  rate: fc.constantFrom(
    null,
    { minor: 100n, currency: 'EUR', source: 'project' },
    { minor: 5n, currency: 'EUR', source: 'entry' },
  ),
  tags: fc.subarray(tags),
  settled: fc.subarray(['billable', 'project', 'rate', 'tag:tag_a', 'task']),
});
const moment: fc.Arbitrary<Moment> = fc.record({
  memberId: fc.constantFrom(...members),
  weekday: fc.integer({ min: 1, max: 7 }),
  hour: fc.option(fc.integer({ min: 0, max: 23 })),
  seconds: fc.option(fc.integer({ min: 1, max: 7200 })),
  source: fc.constantFrom('web', 'mcp'),
});
const text = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each));

test('40 whatever the rules: they come to rest, say the same every time, and to run them again changes nothing', () => {
  let [fired, looped] = [0, 0];
  fc.assert(
    fc.property(rules, facts, moment, fc.boolean(), (list, start, when, follows) => {
      const running = { moment: when, world, follows };
      const outcome = runRules(start, list, running);
      expect(text(runRules(start, list, running))).toBe(text(outcome));
      const again = runRules(outcome.facts, list, running);
      expect(text(again.facts)).toBe(text(outcome.facts));
      expect(again.fired).toEqual([]);
      if (outcome.loop.length > 0) {
        looped += 1;
        expect(outcome.facts).toBe(start);
        expect(outcome.fired).toEqual([]);
      }
      fired += outcome.fired.length;
      // Who fired is said exactly where something changed.
      if (text(outcome.facts) === text(start)) return;
      expect(outcome.fired.length).toBeGreaterThan(0);
    }),
    { numRuns: 1_500 },
  );
  expect(fired).toBeGreaterThan(200);
  expect(looped).toBeLessThan(fired);
});

test('40 what a person set by hand stays, unless a rule is always enforced', () => {
  fc.assert(
    fc.property(rules, facts, moment, (list, start, when) => {
      const gentle = list.map((rule) => ({ ...rule, always_enforce: false }));
      const { facts: after } = runRules(start, gentle, { moment: when, world, follows: true });
      const hand = new Set(start.settled);
      if (hand.has('billable')) expect(after.billable).toBe(start.billable);
      if (hand.has('project')) expect(after.projectId).toBe(start.projectId);
      if (hand.has('task') && hand.has('project')) expect(after.taskId).toBe(start.taskId);
      if (hand.has('rate') || start.rate?.source === 'entry') expect(after.rate).toEqual(start.rate);
      if (hand.has('tag:tag_a')) expect(after.tags.includes(tags[0]!)).toBe(start.tags.includes(tags[0]!));
    }),
    { numRuns: 700 },
  );
});

test('40 nothing is put into what is archived, or what somebody’s own rule may not see', () => {
  fc.assert(
    fc.property(rules, facts, moment, (list, start, when) => {
      const { facts: after } = runRules(start, list, { moment: when, world, follows: true });
      expect(after.projectId).not.toBe('prj_old');
      expect(after.tags.includes('tag_old') && !start.tags.includes('tag_old')).toBe(false);
      const others = list.every(({ own_of }) => own_of === members[1]);
      if (others) expect(after.projectId).not.toBe('prj_secret');
      expect(after.description.length).toBeLessThanOrEqual(2000);
    }),
    { numRuns: 700 },
  );
});

const nothing: Facts = {
  description: 'Café meeting',
  taskId: null,
  taskSummary: 'Weekly',
  projectId: null,
  clientId: null,
  billable: true,
  rate: null,
  tags: [tags[0]!],
  settled: [],
};
const monday: Moment = { memberId: members[0]!, weekday: 1, hour: null, seconds: null, source: 'mcp' };

test.each([
  ['text', 'contains', ['CAFE\u0301 M'], true],
  ['text', 'contains', ['weekly'], true],
  ['text', 'not_contains', ['weekly', 'x'], false],
  ['text', 'not_contains', ['lunch'], true],
  ['text', 'equals', ['WEEKLY'], true],
  ['text', 'equals', ['caf'], false],
  ['text', 'starts_with', ['café'], true],
  ['text', 'ends_with', ['meeting'], true],
  ['text', 'is_empty', [true], false],
  ['text', 'is_empty', [false], true],
  ['client', 'is', ['cli_x'], false],
  ['client', 'is_not', ['cli_x'], true],
  ['project', 'is_empty', [true], true],
  ['tag', 'is', ['tag_b', 'tag_a'], true],
  ['tag', 'is_not', ['tag_b', 'tag_a'], false],
  ['tag', 'is_empty', [true], false],
  ['weekday', 'is', ['monday', 'tuesday'], true],
  ['weekday', 'is_not', ['saturday', 'sunday'], true],
  ['source', 'is', ['mcp'], true],
  // Of a running duration neither the hour nor the length is known, so nothing is said about them.
  ['hour', 'less_than', [24], false],
  ['hour', 'is_not', [3], false],
  ['duration_seconds', 'at_least', [0], false],
] as const)('%s %s %j', (field, op, value, expected) => {
  expect(holds({ field, op, value }, nothing, monday)).toBe(expected);
});

const rule = (more: Partial<Rule>, id = 'rul_1'): Rule => ({
  id: id as Id<'rul'>,
  name: id,
  always_enforce: false,
  conditions: [],
  actions: [],
  scope: {},
  own_of: null,
  ...more,
});
const running = { moment: monday, world, follows: true };

test('a later rule may make an earlier one hold: it still runs, so that nothing is left for the next time', () => {
  const first = rule({
    conditions: [{ field: 'tag', op: 'is', value: ['tag_b'] }],
    actions: [{ add_tag: tags[2]! }],
  });
  const second = rule({ actions: [{ add_tag: tags[1]! }] }, 'rul_2');
  const { facts: after, fired } = runRules(nothing, [first, second], running);
  expect(after.tags).toEqual(['tag_a', 'tag_b', 'tag_c']);
  expect(fired.map(({ rule: { id }, changes }) => [id, changes])).toEqual([
    ['rul_1', { tags: { added: ['tag_c'], removed: [] } }],
    ['rul_2', { tags: { added: ['tag_b'], removed: [] } }],
  ]);
});

test('of two rules for one field the later counts, but one that is always enforced counts first', () => {
  const p = rule({ actions: [{ set_project: projects[0]! }] });
  const q = rule({ actions: [{ set_project: projects[1]! }] }, 'rul_2');
  expect(runRules(nothing, [p, q], running).facts.projectId).toBe('prj_q');
  const enforced = { ...p, always_enforce: true };
  expect(runRules(nothing, [enforced, q], running).facts.projectId).toBe('prj_p');
  expect(runRules(nothing, [q, enforced], running).facts.projectId).toBe('prj_p');
});

test('rules that turn something over and over are a loop: none of them does anything, and they are named', () => {
  const has = (tag: string, op: 'is' | 'is_not'): Condition => ({ field: 'tag', op, value: [tag] });
  const list = [
    rule({
      conditions: [has('tag_a', 'is'), has('tag_c', 'is_not')],
      actions: [{ remove_tag: tags[0]! }, { add_tag: tags[1]! }, { add_tag: tags[2]! }],
    }),
    rule(
      {
        conditions: [has('tag_b', 'is'), has('tag_c', 'is_not')],
        actions: [{ remove_tag: tags[1]! }, { add_tag: tags[0]! }],
      },
      'rul_2',
    ),
    rule({ actions: [{ remove_tag: tags[2]! }] }, 'rul_3'),
  ];
  const { facts: after, loop, fired } = runRules(nothing, list, running);
  expect(after).toBe(nothing);
  expect(fired).toEqual([]);
  expect(loop.length).toBeGreaterThan(0);
});

test('a timer’s billing follows the project that a rule puts it into, time that is done keeps its own', () => {
  const q = rule({ actions: [{ set_project: projects[1]! }] });
  expect(runRules(nothing, [q], running).facts.billable).toBe(false);
  expect(runRules(nothing, [q], { ...running, follows: false }).facts.billable).toBe(true);
});
