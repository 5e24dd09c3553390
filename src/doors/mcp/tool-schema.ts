import type { StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { commonArguments } from '#operation/operation.ts';
import { pageMeta } from '#values/page.ts';

/** A JSON Schema, as far as this door looks into one. */
export type JsonSchema = Record<string, unknown>;

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The properties of a schema by their names. They may be called anything, also `type`. */
export const propertiesOf = (schema: JsonSchema): Record<string, JsonSchema> =>
  (schema['properties'] as Record<string, JsonSchema> | undefined) ?? {};

/** The schemas directly inside a schema; only places for schemas are looked at. */
export const inside = (schema: JsonSchema): JsonSchema[] =>
  [
    ...Object.values(propertiesOf(schema)),
    schema['items'],
    schema['additionalProperties'],
    ...['prefixItems', 'anyOf', 'oneOf', 'allOf'].flatMap(
      (key) => (schema[key] as unknown[] | undefined) ?? [],
    ),
  ].filter(isSchema);

/** Changes every schema in place, the innermost first. */
const everywhere = (schema: JsonSchema, change: (schema: JsonSchema) => void): void => {
  for (const inner of inside(schema)) everywhere(inner, change);
  change(schema);
};

const drop = (schema: JsonSchema, ...keywords: string[]): void => {
  for (const keyword of keywords) Reflect.deleteProperty(schema, keyword);
};

/**
 * What a program would check with and a model only reads past. We check ourselves, and the refusal says what is wrong and allowed in a
 * sentence; the bounds are on the page of each tool.
 */
const checks = [
  ...['pattern', 'minLength', 'maxLength', 'minItems', 'maxItems', 'propertyNames'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
];
const dropChecks = (schema: JsonSchema): void => {
  drop(schema, ...checks);
  if (schema['additionalProperties'] === false) drop(schema, 'additionalProperties');
};

/**
 * `type: ["string", "null"]` as two branches. Clients that translate an input into a dialect with one type for each schema (Gemini’s
 * function declarations) refuse the tool or forget the constraint otherwise; outputs are not translated, and stay short.
 */
const splitNullable = (schema: JsonSchema): void => {
  const { type, description, default: standard, ...constraints } = schema;
  if (!Array.isArray(type)) return;
  drop(schema, ...Object.keys(schema));
  Object.assign(schema, {
    ...(description === undefined ? {} : { description }),
    ...(standard === undefined ? {} : { default: standard }),
    anyOf: (type as string[]).map((each) =>
      each === 'null' ? { type: each } : { type: each, ...constraints },
    ),
  });
};

/** Branches that came to the same, as three kinds of ids do, are one. */
const joinBranches = (schema: JsonSchema): void => {
  const branches = schema['anyOf'] as JsonSchema[] | undefined;
  if (branches === undefined) return;
  // A choice of its own inside a choice is part of it.
  const flat = branches.flatMap((each) =>
    Object.keys(each).length === 1 && Array.isArray(each['anyOf']) ? (each['anyOf'] as JsonSchema[]) : [each],
  );
  const distinct = [...new Map(flat.map((each) => [JSON.stringify(each), each])).values()];
  schema['anyOf'] = distinct;
  if (distinct.length > 1) return;
  drop(schema, 'anyOf');
  Object.assign(schema, { ...distinct[0], ...schema });
};

/** "A task id, tsk_…" of task_id; the instructions say once what ids look like. */
const idWords = /^An? [A-Za-z ]+ id, [a-z]{3}_…$/;

const dropIdWords = (schema: JsonSchema): void => {
  const { description } = schema;
  if (typeof description === 'string' && idWords.test(description)) drop(schema, 'description');
};

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[a-z0-9]+/g) ?? [];

/** Drops words that only say the name again: "Postal code." of postal_code. */
const dropNames = (schema: JsonSchema): void => {
  for (const [name, property] of Object.entries(propertiesOf(schema))) {
    const known = new Set(wordsOf(name.replaceAll('_', ' ')));
    const { description } = property;
    if (typeof description !== 'string') continue;
    const said = wordsOf(description);
    if (said.length > 0 && said.every((word) => known.has(word))) drop(property, 'description');
  }
};

/** One description for each argument: the outer one, where a branch or the elements have theirs too. */
const sayAtTop = (schema: JsonSchema): void => {
  const words = schema['description'];
  const branches = (schema['anyOf'] as JsonSchema[] | undefined)?.filter(({ type }) => type !== 'null') ?? [];
  const [only] = branches;
  if (branches.length === 1 && only !== undefined && only['description'] !== undefined) {
    schema['description'] = words ?? only['description'];
    drop(only, 'description');
  }
};

const inputOnWire = (schema: JsonSchema): void => {
  dropChecks(schema);
  splitNullable(schema);
  for (const branch of (schema['anyOf'] as JsonSchema[] | undefined) ?? []) dropIdWords(branch);
  joinBranches(schema);
  sayAtTop(schema);
  dropIdWords(schema);
  dropNames(schema);
  if (schema['default'] === false) drop(schema, 'default');
};

/**
 * An output says its shape only: what its fields mean is in `stint://docs/tools/NAME`, and nobody has to write one, so that words and
 * patterns, half of the list, can go. It is left open, for it may grow between two readings of the list.
 */
const outputOnWire = (schema: JsonSchema): void => {
  dropChecks(schema);
  drop(schema, 'description', 'format', 'default', 'required');
  joinBranches(schema);
  const [branch, none, ...more] = (schema['anyOf'] as JsonSchema[] | undefined) ?? [];
  if (none?.['type'] === 'null' && more.length === 0 && branch !== undefined && !('anyOf' in branch)) {
    // One schema in place of two branches; `properties` and `items` say nothing about a null.
    drop(schema, 'anyOf');
    Object.assign(schema, branch);
    if (typeof branch['type'] === 'string') schema['type'] = [branch['type'], 'null'];
    if (Array.isArray(branch['enum'])) schema['enum'] = [...(branch['enum'] as unknown[]), null];
  }
  if ('const' in schema) {
    schema['enum'] = [schema['const']];
    drop(schema, 'const');
  }
  // The values say of what type they are.
  if (Array.isArray(schema['enum'])) drop(schema, 'type');
};

/** What these mean is in the instructions and the guide once, not in every tool. */
const dropCommonWords = (json: JsonSchema): void => {
  for (const [name, property] of Object.entries(propertiesOf(json))) {
    if (property['description'] === commonArguments.get(name)) drop(property, 'description', 'default');
  }
};

/** What any answer may say about itself, and any list about its page, is in the guide once, not in every tool. */
const commonMeta = ['warnings', 'omitted', 'dry_run', 'replayed', ...Object.keys(pageMeta.shape)];
const withoutCommonMeta = (json: JsonSchema): void => {
  const properties = propertiesOf(json);
  const { meta } = properties;
  if (meta === undefined) return;
  drop(propertiesOf(meta), ...commonMeta);
  if (Object.keys(propertiesOf(meta)).length > 0) return;
  drop(meta, 'properties');
  if ((json['required'] as string[] | undefined)?.includes('meta') !== true) drop(properties, 'meta');
};

/**
 * The JSON Schema of an input or output as clients accept it and as a list can afford it: an object at the root, no `$schema`, no
 * `$ref`; what it accepts is never less than what the operation takes or gives.
 * Throws where a schema cannot be said so, which a test finds before a client does.
 */
export const toolJsonSchema = (schema: z.ZodObject, io: 'input' | 'output'): JsonSchema => {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    reused: 'inline',
  }) as JsonSchema;
  const { required } = json;
  if (io === 'input') dropCommonWords(json);
  everywhere(json, io === 'input' ? inputOnWire : outputOnWire);
  if (io === 'output') {
    if (required !== undefined) json['required'] = required;
    withoutCommonMeta(json);
  }
  if (json['type'] !== 'object') throw new Error('a tool schema is an object at its root');
  if (JSON.stringify(json).includes('"$ref":')) {
    throw new Error('a tool schema holds no $ref: several clients do not follow one');
  }
  return json;
};

/**
 * A schema for the SDK: it only says what it is. Checking is `run`'s, which says better what is wrong, and says it the same at every
 * door. The JSON is made once, at the first list: converting it for every request was nine tenths of a list's cost.
 */
export const sayOnly = (make: () => JsonSchema): StandardSchemaWithJSON => {
  let made: JsonSchema | undefined;
  const json = () => (made ??= Object.freeze(make()));
  return {
    '~standard': {
      version: 1,
      vendor: 'stint',
      validate: (value) => ({ value }),
      jsonSchema: { input: json, output: json },
    },
  };
};
