import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { refusals } from '#values/refusal.ts';
import { requiredScopes } from './obstacle.ts';
import type { Effect, Operation } from './operation.ts';
import { type Scope, scopes } from './scopes.ts';

/** A page of the docs that a client reads: as a resource `stint://docs/PATH`, or with docs.read. */
export interface DocPage {
  readonly title: string;
  readonly markdown: string;
}

// The written pages. Everything else is made from the operations, so that it cannot be stale.
const guides = [
  { path: 'overview', file: 'overview.md', title: 'Stint in one page' },
  { path: 'workflows/time-tracking', file: 'time-tracking.md', title: 'Tracking time' },
  { path: 'workflows/invoicing', file: 'invoicing.md', title: 'Invoicing' },
  { path: 'workflows/month-end', file: 'month-end.md', title: 'Closing a month' },
] as const;

const guideFolder = new URL('../../docs/guides/', import.meta.url);

const readGuides = (): Map<string, DocPage> =>
  new Map(
    guides.map(({ path, file, title }) => [
      path,
      { title, markdown: readFileSync(new URL(file, guideFolder), 'utf8') },
    ]),
  );

const effects: Record<Effect, string> = {
  read: 'Only reads.',
  create: 'Makes something new.',
  update: 'Changes something; doing it twice is like doing it once, but for what it appends.',
  delete: 'Removes something: ask the user first. `dry_run` shows what would go.',
  send: 'Reaches people outside: ask the user first.',
};

interface JsonSchema {
  type?: string | string[];
  description?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  default?: unknown;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
  additionalProperties?: JsonSchema | boolean;
}

const typeOf = (schema: JsonSchema): string => {
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' or ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.type === 'array')
    return `list of ${schema.items === undefined ? 'anything' : typeOf(schema.items)}`;
  return [schema.type ?? 'anything'].flat().join(' or ');
};

const span = (least: number | undefined, most: number | undefined, unit: string): string[] => {
  // What every whole number has in JavaScript tells nobody anything.
  const from = least === undefined || least <= 0 || least === Number.MIN_SAFE_INTEGER ? null : least;
  const to = most === undefined || most === Number.MAX_SAFE_INTEGER ? null : most;
  if (to === null) return from === null ? [] : [`at least ${from}${unit}`];
  return [from === null ? `at most ${to}${unit}` : `${from} to ${to}${unit}`];
};

/** The bounds of an argument, in words; lists of tools leave them out. */
const boundsOf = (schema: JsonSchema): string[] =>
  [schema, ...(schema.anyOf ?? [])].flatMap((each) => [
    ...span(each.minLength, each.maxLength, ' characters'),
    ...span(each.minItems, each.maxItems, ' items'),
    ...span(each.minimum, each.maximum, ''),
  ]);

const fields = (schema: JsonSchema, indent = ''): string[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const needed =
      schema.required?.includes(name) === true && field.default === undefined ? ', required' : '';
    const standard = field.default === undefined ? '' : `, default ${JSON.stringify(field.default)}`;
    const bounds = boundsOf(field).map((bound) => `, ${bound}`);
    const words = field.description === undefined ? '' : `: ${field.description}`;
    const inner = [field, field.items, ...(field.anyOf ?? [])].find((each) => each?.properties !== undefined);
    return [
      `${indent}- \`${name}\` (${typeOf(field)}${bounds.join('')}${needed}${standard})${words}`,
      ...(inner === undefined ? [] : fields(inner, `${indent}  `)),
    ];
  });

const fieldsOf = (schema: z.ZodObject, io: 'input' | 'output'): string => {
  const lines = fields(
    z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' }) as JsonSchema,
  );
  return lines.length === 0 ? 'Nothing.' : lines.join('\n');
};

/** The arguments of an operation, a line of Markdown each: name, type, bounds, default and what it means. */
export const argumentLines = ({ input }: Operation): string => fieldsOf(input, 'input');

const needsOf = (operation: Operation): string => {
  const { needs } = operation;
  const all = requiredScopes(operation).map((scope) => `\`${scope}\``);
  const any = needs.anyScope?.map((scope) => `\`${scope}\``) ?? [];
  return [
    ...(all.length === 0 ? [] : [`scopes ${all.join(', ')}`]),
    ...(any.length === 0 ? [] : [`one of the scopes ${any.join(', ')}`]),
    ...(needs.coarse === undefined ? [] : [`the scope \`${needs.coarse}\``]),
    `role ${needs.role} or above`,
    ...(needs.entitlement === undefined ? [] : [`a plan with ${needs.entitlement}`]),
  ].join('; ');
};

/** The page of one operation: what it does, takes, answers, needs and refuses. */
export const operationPage = (operation: Operation): DocPage => {
  const { name, title, summary, guidance, effect, refusals: own } = operation;
  const refused = own.map(({ code, about }) => `- \`${code}\`: ${about}`);
  const hidden = operation.guards.map(
    ({ path, sight }) =>
      `- \`${path.join('.').replaceAll('.*', '[]')}\`: needs ${sight.includes(':') ? `\`${sight}\`` : `leave to see ${sight}`}`,
  );
  const parts = [
    `# ${name}: ${title}`,
    [summary, guidance].filter((text) => text !== undefined).join(' '),
    `${effects[effect]} Needs ${needsOf(operation)}.${operation.asks === undefined ? '' : ' Clients that can ask the user are made to ask before it is done.'}`,
    `## Arguments\n\n${argumentLines(operation)}`,
    `## Answer\n\n${fieldsOf(operation.output, 'output')}`,
    ...(hidden.length === 0 ? [] : [`## Left out without leave\n\n${hidden.join('\n')}`]),
    ...(refused.length === 0 ? [] : [`## Refusals\n\n${refused.join('\n')}`]),
  ];
  return { title: name, markdown: `${parts.join('\n\n')}\n` };
};

const toolsPage = (operations: readonly Operation[]): DocPage => {
  const nouns = Map.groupBy(operations, ({ name }) => name.slice(0, name.indexOf('.')));
  const sections = [...nouns].map(
    ([noun, all]) =>
      `## ${noun}\n\n${all.map(({ name, summary, effect }) => `- \`${name}\` (${effect}): ${summary}`).join('\n')}`,
  );
  const head =
    '# Tools\n\nEvery tool, with its effect. `tools/NAME` says more about one. Names are listed with `_` for the dot on MCP; both spellings are understood. `workspace.capabilities` says which of them this connection may use.';
  return { title: 'Every tool', markdown: `${[head, ...sections].join('\n\n')}\n` };
};

// What only an operation that is not a tool can refuse is not on the page.
const errorsPage = (all: readonly Operation[], tools: readonly Operation[]): DocPage => {
  const elsewhere = new Set(all.flatMap((each) => each.refusals));
  for (const each of tools) for (const definition of each.refusals) elsewhere.delete(definition);
  const lines = [...refusals.values()]
    .filter((definition) => !elsewhere.has(definition))
    .sort((a, b) => (a.code < b.code ? -1 : 1))
    .map(({ code, kind, about }) => `- \`${code}\` (${kind}): ${about}`);
  return {
    title: 'Errors',
    markdown: `# Errors\n\nEvery way that Stint says no. The message names the thing and the way out; \`fix_tool\`, where given, is the tool that helps.\n\n${lines.join('\n')}\n`,
  };
};

const scopesPage = (operations: readonly Operation[]): DocPage => {
  const lines = (Object.keys(scopes) as Scope[]).map((scope) => {
    const uses = operations
      .filter(({ needs }) => needs.scopes.includes(scope))
      .map(({ name }) => `\`${name}\``);
    return `- \`${scope}\`: ${scopes[scope].words}${uses.length === 0 ? '' : ` (${uses.join(', ')})`}`;
  });
  return {
    title: 'Scopes',
    markdown: `# Scopes\n\nWhat a connection may be allowed. The person chooses at consent, and can change it later under Integrations.\n\n${lines.join('\n')}\n`,
  };
};

const made = new WeakMap<readonly Operation[], ReadonlyMap<string, DocPage>>();

/**
 * Every page of the docs by its path: the written guides, the list of tools, `errors`, `scopes`, and `tools/NAME` for each
 * operation that is a tool (what is not open on MCP is not named). Made once per list of operations.
 */
export const docPages = (operations: readonly Operation[]): ReadonlyMap<string, DocPage> => {
  const known = made.get(operations);
  if (known !== undefined) return known;
  const tools = operations.filter(({ doors }) => doors.has('mcp'));
  const written = readGuides();
  const pages = new Map<string, DocPage>([
    ...[...written].filter(([path]) => path === 'overview'),
    ['tools', toolsPage(tools)],
    ...[...written].filter(([path]) => path !== 'overview'),
    ['errors', errorsPage(operations, tools)],
    ['scopes', scopesPage(tools)],
    ...tools.map((each): [string, DocPage] => [`tools/${each.name}`, operationPage(each)]),
  ]);
  made.set(operations, pages);
  return pages;
};
