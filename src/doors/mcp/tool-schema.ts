import type { StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import { z } from 'zod';

type JsonSchema = Record<string, unknown>;

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The schemas directly inside a schema. Properties may be called anything, also `type`, so only places for schemas are looked at. */
const inside = (schema: JsonSchema): JsonSchema[] =>
  [
    ...Object.values((schema['properties'] as JsonSchema | undefined) ?? {}),
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

/** What zod says of every whole number only because JavaScript has safe integers; it costs tokens and tells nobody anything. */
const dropSafeBounds = (schema: JsonSchema): void => {
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum'];
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
};

/**
 * `type: ["string", "null"]` as two branches. Clients that translate an input into a dialect with one type for each schema (Gemini’s
 * function declarations) refuse the tool or forget the constraint otherwise; outputs are not translated, and stay short.
 */
const splitNullable = (schema: JsonSchema): void => {
  dropSafeBounds(schema);
  const { type, description, default: standard, ...constraints } = schema;
  if (!Array.isArray(type)) return;
  for (const key of Object.keys(schema)) Reflect.deleteProperty(schema, key);
  Object.assign(schema, {
    ...(description === undefined ? {} : { description }),
    ...(standard === undefined ? {} : { default: standard }),
    anyOf: (type as string[]).map((each) =>
      each === 'null' ? { type: each } : { type: each, ...constraints },
    ),
  });
};

/**
 * An output says its shape only: what its fields mean is in `stint://docs/tools/NAME`, and nobody has to write one, so that words and
 * patterns, half of the list, can go. It is left open, for it may grow between two readings of the list.
 */
const shapeOnly = (schema: JsonSchema): void => {
  dropSafeBounds(schema);
  delete schema['description'];
  delete schema['pattern'];
  if (schema['additionalProperties'] === false) delete schema['additionalProperties'];
};

/** What any answer may say about itself is in the guide once, not in every tool. */
const commonMeta = ['warnings', 'omitted', 'dry_run', 'replayed'];
const withoutCommonMeta = (json: JsonSchema): void => {
  const { meta } = json['properties'] as { meta?: JsonSchema };
  for (const key of commonMeta) Reflect.deleteProperty(meta?.['properties'] ?? {}, key);
};

/**
 * The JSON Schema of an input or output as clients accept it: an object at the root, no `$schema`, no `$ref`.
 * Throws where a schema cannot be said so, which a test finds before a client does.
 */
export const toolJsonSchema = (schema: z.ZodObject, io: 'input' | 'output'): JsonSchema => {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    reused: 'inline',
  }) as JsonSchema;
  everywhere(json, io === 'input' ? splitNullable : shapeOnly);
  if (io === 'output') withoutCommonMeta(json);
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
export const sayOnly = (schema: z.ZodObject, io: 'input' | 'output'): StandardSchemaWithJSON => {
  let made: JsonSchema | undefined;
  const json = () => (made ??= Object.freeze(toolJsonSchema(schema, io)));
  return {
    '~standard': {
      version: 1,
      vendor: 'stint',
      validate: (value) => ({ value }),
      jsonSchema: { input: json, output: json },
    },
  };
};
