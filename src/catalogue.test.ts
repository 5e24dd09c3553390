import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { makeToolbox } from '#doors/mcp/toolbox.ts';
import { toolName } from '#doors/mcp/tool-name.ts';
import { doorProblems } from '#doors/http/problem.ts';
import { roles } from '#operation/actor.ts';
import { docPages } from '#operation/docs.ts';
import { obstacle, requiredScopes } from '#operation/obstacle.ts';
import { hintsOf, type Operation } from '#operation/operation.ts';
import { isScope, readScopeOf, scopeNames, withReadScopes } from '#operation/scopes.ts';
import { imaginedActor, permissionMatrix } from '#testing/permission-matrix.ts';
import { refusals } from '#values/refusal.ts';
import { catalogue, operations } from './catalogue.ts';

interface Schema {
  type?: unknown;
  description?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  additionalProperties?: Schema | boolean;
  pattern?: string;
}

const toolbox = makeToolbox(operations);
const now = Temporal.Instant.from('2026-01-05T09:00:00Z');

/** A tool as a client receives it. */
const listed = toolbox.tools.map((tool) => ({
  name: toolName(tool.operation.name, 'wire'),
  title: tool.operation.title,
  description: tool.description.wire,
  inputSchema: tool.input.wire['~standard'].jsonSchema.input({ target: 'draft-2020-12' }),
  outputSchema: tool.output.wire['~standard'].jsonSchema.output({ target: 'draft-2020-12' }),
  annotations: tool.annotations,
}));

const folder = join(import.meta.dirname, 'features');
const isOperation = (value: unknown): value is Operation =>
  typeof value === 'object' && value !== null && 'handle' in value && 'effect' in value;
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
  .map((path) => join(folder, path));
const modules = await Promise.all(
  files.map(async (path) => ({ path, exported: (await import(path)) as Record<string, unknown> })),
);
const verbs = modules.flatMap(({ path, exported }) =>
  Object.entries(exported).flatMap(([key, value]) =>
    isOperation(value) ? [{ path, key, operation: value }] : [],
  ),
);

const kebab = (name: string): string =>
  name.replaceAll('_', '-').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const singular = (word: string): string => word.replace(/ies$/, 'y').replace(/s$/, '');

test('reads the whole catalogue, or these tests would pass on nothing', () => {
  expect(operations.length).toBeGreaterThan(20);
  expect(verbs.length).toBeGreaterThan(20);
});

test('every operation of a feature is on the menu, once, and the menu has no other', () => {
  const names = (list: readonly Operation[]) => list.map(({ name }) => name).sort();
  expect(names(operations)).toEqual(names(verbs.map(({ operation }) => operation)));
  expect(new Set(names(operations)).size).toBe(operations.length);
  expect(new Set(catalogue.map(({ toolset }) => toolset)).size).toBe(catalogue.length);
});

/** By a test file of its own, or one in its folder that names the operation. */
const isTested = (path: string, name: string): boolean =>
  existsSync(path.replace(/\.ts$/, '.test.ts')) ||
  readdirSync(dirname(path)).some(
    (file) =>
      file.endsWith('.test.ts') && readFileSync(join(dirname(path), file), 'utf8').includes(`'${name}'`),
  );

test('a file is named after the operation it exports, in the folder of its noun, with its test beside it', () => {
  const wrong = verbs.flatMap(({ path, key, operation: { name } }) => {
    const file = basename(path, '.ts');
    const [noun = '', verb = ''] = name.split('.');
    const words = file.split('-').map(singular);
    return [
      ...(/^[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*$/.test(name) ? [] : [`${name} is not noun.verb`]),
      ...(kebab(key) === file ? [] : [`${path} exports ${key}`]),
      ...(basename(dirname(path)) === kebab(noun) ? [] : [`${name} is not in the folder of its noun`]),
      ...(verb.split('_').every((word) => words.includes(singular(word)))
        ? []
        : [`${file} does not say ${verb}`]),
      ...(isTested(path, name) ? [] : [`${file} has no test beside it`]),
    ];
  });
  expect(wrong).toEqual([]);
});

const isDescribed = ({ description, anyOf }: Schema): boolean =>
  (description !== undefined && description.length > 3) || anyOf?.some(isDescribed) === true;

/** Every property of a schema without a description, by its path. */
const undescribed = (schema: Schema, path: string): string[] => [
  ...Object.entries(schema.properties ?? {}).flatMap(([name, field]) => [
    ...(isDescribed(field) ? [] : [`${path}.${name}`]),
    ...undescribed(field, `${path}.${name}`),
  ]),
  ...(schema.items === undefined ? [] : undescribed(schema.items, `${path}[]`)),
  ...(schema.anyOf ?? []).flatMap((option) => undescribed(option, path)),
  ...(typeof schema.additionalProperties === 'object'
    ? undescribed(schema.additionalProperties, `${path}.*`)
    : []),
];

test('every argument and every field of an answer is described', () => {
  const gaps = operations.flatMap(({ name, input, output }) => [
    ...undescribed(z.toJSONSchema(input, { io: 'input' }) as Schema, name),
    ...undescribed(z.toJSONSchema(output, { io: 'output' }) as Schema, `${name} →`),
  ]);
  expect(gaps).toEqual([]);
});

test('every tool has both titles and all four hints, which follow from its effect', () => {
  for (const { title, annotations } of listed) {
    expect(title.length).toBeGreaterThan(3);
    expect(annotations).toEqual({
      title,
      readOnlyHint: expect.any(Boolean),
      destructiveHint: expect.any(Boolean),
      idempotentHint: expect.any(Boolean),
      openWorldHint: expect.any(Boolean),
    });
  }
  expect(hintsOf('read')).toEqual({
    readOnlyHint: true,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: false,
  });
  expect(hintsOf('delete').destructiveHint).toBe(true);
  expect(hintsOf('send').openWorldHint).toBe(true);
});

test('every schema is one that all clients take: an object at the root, no references, no looking around', () => {
  const wrong = listed.flatMap(({ name, inputSchema, outputSchema }) =>
    [inputSchema, outputSchema].flatMap((schema) => {
      const text = JSON.stringify(schema);
      return [
        ...(schema.type === 'object' ? [] : [`${name}: the root is no object`]),
        ...(['anyOf', 'oneOf', 'allOf', 'not'].some((key) => key in schema)
          ? [`${name}: a choice at the root`]
          : []),
        ...(/"\$(ref|defs|schema)":/.test(text) ? [`${name}: a reference`] : []),
        ...(/\(\?<?[=!]/.test(text) ? [`${name}: a pattern that looks around`] : []),
        ...(text.includes('9007199254740991') ? [`${name}: bounds that only JavaScript has`] : []),
      ];
    }),
  );
  expect(wrong).toEqual([]);
});

test('names on the wire have at most 40 characters that every client takes, and no two are the same', () => {
  const names = operations.map(({ name }) => toolName(name, 'wire'));
  expect(names.filter((name) => !/^[a-z_]{1,40}$/.test(name))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});

test('every refusal has a code in snake_case, a meaning, and a fix that exists', () => {
  const names = new Set(operations.map(({ name }) => name));
  const wrong = [...refusals].flatMap(([code, { about, fixTool }]) => [
    ...(/^[a-z]+(_[a-z]+)*$/.test(code) ? [] : [`${code} is not in snake_case`]),
    ...(about.length > 10 && about.endsWith('.') ? [] : [`${code} does not say what it means`]),
    ...(fixTool === undefined || names.has(fixTool)
      ? []
      : [`${code} sends to ${fixTool}, which is not there`]),
    ...(code in doorProblems ? [`${code} means something else at the HTTP door`] : []),
  ]);
  expect(refusals.size).toBeGreaterThan(15);
  expect(wrong).toEqual([]);
});

test('a scope that changes something has a scope that reads it, and an operation needs both', () => {
  const changing = scopeNames.filter((scope) => /:(write|send|approve)$/.test(scope));
  expect(changing.filter((scope) => readScopeOf(scope) === null)).toEqual([]);
  for (const operation of operations) {
    const needed = requiredScopes(operation);
    expect(withReadScopes(needed).sort()).toEqual([...needed].sort());
    expect(needed.every(isScope)).toBe(true);
  }
});

test('what must never be on MCP is not: no tool, schema or resource names it', () => {
  const never =
    /api[\s_-]*token|webhook|password|\bsession|zapier|browser[\s_-]*extension|integration[\s_-]*event|payment[\s_-]*provider|client[\s_-]*secret/i;
  expect(listed.filter((tool) => never.test(JSON.stringify(tool))).map(({ name }) => name)).toEqual([]);
  const pages = [...docPages(operations)];
  expect(pages.length).toBeGreaterThan(listed.length);
  expect(pages.filter(([path]) => never.test(path)).map(([path]) => path)).toEqual([]);
  const hidden = operations.filter(({ doors }) => !doors.has('mcp')).map(({ name }) => name);
  expect(hidden.filter((name) => /^(api_tokens|connections)\./.test(name)).length).toBeGreaterThan(5);
  expect(pages.filter(([, { markdown }]) => hidden.some((name) => markdown.includes(name)))).toEqual([]);
});

test('what reaches people outside asks the user where it can, is done once, and says that it is for the user to decide', () => {
  const sending = operations.filter(({ effect, doors }) => effect === 'send' && doors.has('mcp'));
  expect(sending.length).toBeGreaterThan(2);
  const wrong = sending.flatMap(({ name, asks, input, guidance = '', needs }) => {
    const { required = [] } = z.toJSONSchema(input, { io: 'input' });
    return [
      ...(asks === undefined ? [`${name} asks nobody`] : []),
      ...(required.includes('idempotency_key') ? [] : [`${name} can be done twice`]),
      ...(needs.scopes.some((scope) => scope.endsWith(':send')) ? [] : [`${name} needs no leave to send`]),
      ...(/deliberate act of the user/.test(guidance) ? [] : [`${name} does not say whose act it is`]),
    ];
  });
  expect(wrong).toEqual([]);
});

test('what deletes, and what an invoice is issued by, says that it is for the user to decide', () => {
  const grave = operations.filter(
    ({ name, effect, doors }) =>
      doors.has('mcp') && (effect === 'delete' || ['invoices.preview', 'invoices.finalize'].includes(name)),
  );
  expect(grave.length).toBeGreaterThan(10);
  const silent = grave.filter(({ guidance = '' }) => !/deliberate act of the user/i.test(guidance));
  expect(
    silent.map(({ name }) => name),
    'guidance without “deliberate act of the user”',
  ).toEqual([]);
});

/** What a list costs a model, about: four characters are a token. */
const tokens = (tools: readonly unknown[]): number => Math.ceil(JSON.stringify(tools).length / 4);

test('the tool list leaves a model room to think', () => {
  expect(tokens(listed)).toBeLessThan(40_000);
  const freelancer = imaginedActor('owner', {
    plan: 'team',
    // Somebody who ticks permissions one by one has no umbrella.
    coarse: null,
    scopes: withReadScopes(
      scopeNames.filter((scope) =>
        /^(mcp|profile|tasks|time|clients|projects|tags|invoices|workspace)\b/.test(scope),
      ),
    ),
  });
  // No client shows a model the schemas of answers: they are for programs.
  const visible = listed.flatMap(({ name, description, inputSchema }, index) =>
    obstacle(freelancer, toolbox.tools[index]!.operation, now) === null
      ? [{ name, description, input_schema: inputSchema }]
      : [],
  );
  expect(visible.length).toBeGreaterThan(20);
  expect(tokens(visible), 'tokens: shorten summaries, guidance or descriptions').toBeLessThan(15_000);
});

test('who may do what changes only on purpose', async () => {
  const lines = permissionMatrix(operations).map(([operation, may]) => {
    const letters = roles.map((role) => (may[role] ? role.slice(0, 2) : '··')).join(' ');
    const { entitlement, coarse, anyScope } = operation.needs;
    const needs = [...requiredScopes(operation), ...(anyScope ?? []).slice(0, 1), coarse, entitlement];
    return `${operation.name.padEnd(30)} ${letters}  ${[...operation.doors].join(',').padEnd(16)} ${needs.filter((need) => need !== undefined).join(' ')}`.trimEnd();
  });
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(
    'catalogue.permissions.txt',
    'on purpose: npm test -- src/catalogue.test.ts -u',
  );
});
