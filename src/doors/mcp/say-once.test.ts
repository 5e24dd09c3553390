import { expect, test } from 'vitest';
import { z } from 'zod';
import { catalogue, operations } from '#catalogue.ts';
import { roles } from '#operation/actor.ts';
import { hindrance } from '#operation/obstacle.ts';
import { operation } from '#operation/operation.ts';
import type { Scope } from '#operation/scopes.ts';
import { scopeNames, withReadScopes } from '#operation/scopes.ts';
import { imaginedActor } from '#testing/permission-matrix.ts';
import { isBeside, sayOnce } from './say-once.ts';

const words = z.string().optional().describe('What was done by whom.');
const record = z.object(
  Object.fromEntries(
    ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh'].map((name) => [
      `the_${name}_thing`,
      z.string().describe('A thing.'),
    ]),
  ),
);
const tool = (name: string, scope: Scope, toolset = 'catalog') => ({
  toolset,
  operation: operation({
    name,
    title: name,
    summary: `Does ${name}.`,
    effect: 'read',
    needs: { scope, role: 'viewer' },
    input: z.object({ words }),
    output: z.object({ record: record.describe('It.'), others: z.array(record).describe('More.') }),
    handle: (): Promise<never> => Promise.reject(new Error('never called')),
  }),
});

test('what an argument means and what a record looks like is said once, and found by those who see only a part', () => {
  const said = sayOnce([
    tool('tags.list', 'tags:read'),
    tool('tags.get', 'tags:read'),
    tool('tasks.get', 'tasks:read'),
    tool('tags.weigh', 'tags:read', 'reports'),
  ]);
  const [list, get, foreign, elsewhere] = said.map(({ input, output }) => ({
    words: (input['properties'] as Record<string, object>)['words'],
    answer: output['properties'] as Record<string, Record<string, unknown>>,
  }));
  expect(list?.words).toEqual({ type: 'string', description: 'What was done by whom.' });
  expect(get?.words).toEqual({ type: 'string' });
  for (const alone of [foreign, elsewhere]) expect(alone?.words).toEqual(list?.words);
  expect(Object.keys(list?.answer['record']?.['properties'] ?? {})).toHaveLength(7);
  expect(list?.answer['others']).toEqual({ type: 'array', items: { type: 'object' } });
  expect(get?.answer['record']).toEqual({ type: 'object', description: 'As in tags.list.' });
  expect(foreign?.answer['record']).toEqual(list?.answer['record']);
});

test('what is beside another tool is there for everybody who has that one', () => {
  const now = Temporal.Instant.from('2026-01-05T09:00:00Z');
  const listed = catalogue.flatMap(({ toolset, operations: all }) =>
    all.filter(({ doors }) => doors.has('mcp')).map((each) => ({ toolset, operation: each })),
  );
  const people = roles.flatMap((role) =>
    [...scopeNames.map((scope) => withReadScopes(['mcp', scope])), [...scopeNames]].flatMap((scopes) =>
      (['free', 'team'] as const).map((plan) => imaginedActor(role, { plan, scopes })),
    ),
  );
  const sees = new Map(
    listed.map((each) => [each, people.filter((one) => hindrance(one, each.operation, now) === null)]),
  );
  const pairs = listed.flatMap((one) =>
    listed.flatMap((two) => (isBeside(one, two) ? [[one, two] as const] : [])),
  );
  expect(pairs.length).toBeGreaterThan(listed.length);
  const alone = pairs.filter(([one, two]) => {
    const seen = new Set(sees.get(one));
    return sees.get(two)!.some((person) => !seen.has(person));
  });
  expect(alone.map(([one, two]) => `${two.operation.name} without ${one.operation.name}`)).toEqual([]);
});

test('a pointer names a tool that says it', () => {
  const listed = catalogue.flatMap(({ toolset, operations: all }) =>
    all.filter(({ doors }) => doors.has('mcp')).map((each) => ({ toolset, operation: each })),
  );
  const said = sayOnce(listed);
  const names = new Set(operations.map(({ name }) => name));
  const pointers = said.flatMap(({ output }) => [
    ...JSON.stringify(output).matchAll(/"As in ([a-z_.]+)\."/g),
  ]);
  expect(pointers.length).toBeGreaterThan(10);
  expect(pointers.filter(([, name]) => !names.has(name ?? ''))).toEqual([]);
});
