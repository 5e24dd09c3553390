import { z } from 'zod';
import { type IdPrefix, idKinds } from '#values/id.ts';
import type { Operation } from '#operation/operation.ts';

/** As much of JSON Schema as the inputs of operations use. */
export interface Schema {
  type?: string | string[];
  pattern?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
}

/** A way into an input: names of members, and 0 for the first element of a list. */
export type Path = readonly (string | number)[];

/** A place in an input where a text goes; `prefix` where it is an id of one kind. */
export interface TextPlace {
  readonly path: Path;
  readonly name: string;
  readonly prefix: IdPrefix | null;
}

const made = new Map<Operation, Schema>();

/** What an operation takes, as JSON Schema. */
export const inputSchema = (operation: Operation): Schema => {
  const known = made.get(operation);
  if (known !== undefined) return known;
  const schema = z.toJSONSchema(operation.input, { io: 'input', unrepresentable: 'any', reused: 'inline' });
  made.set(operation, schema as Schema);
  return schema as Schema;
};

/** The kind of id that a schema wants, or null. */
export const idPrefix = ({ pattern }: Schema): IdPrefix | null => {
  const prefix = /^\^([a-z]{3})_\[/.exec(pattern ?? '')?.[1];
  return prefix !== undefined && prefix in idKinds ? (prefix as IdPrefix) : null;
};

/** Every place of a schema where free text or an id goes. */
export const textPlaces = (schema: Schema, path: Path = []): TextPlace[] => [
  ...(schema.type === 'string' && schema.enum === undefined && schema.const === undefined
    ? [{ path, name: path.join('.'), prefix: idPrefix(schema) }]
    : []),
  ...Object.entries(schema.properties ?? {}).flatMap(([name, field]) => textPlaces(field, [...path, name])),
  ...(schema.items === undefined ? [] : textPlaces(schema.items, [...path, 0])),
  ...(schema.anyOf ?? []).flatMap((option) => textPlaces(option, path)),
];

const schemaAt = (schema: Schema, step: string | number): Schema | undefined =>
  (typeof step === 'number' ? schema.items : schema.properties?.[step]) ??
  schema.anyOf?.map((option) => schemaAt(option, step)).find((found) => found !== undefined);

/** A copy of `input` with `value` at `path`; what is missing on the way is filled in by `fill`. */
export const put = (
  schema: Schema,
  input: unknown,
  path: Path,
  value: unknown,
  fill: (schema: Schema, name: string) => unknown,
): unknown => {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const inner = schemaAt(schema, step) ?? {};
  if (typeof step === 'number') {
    const [first] = Array.isArray(input) ? (input as unknown[]) : [];
    return [put(inner, first ?? fill(inner, ''), rest, value, fill)];
  }
  const held = typeof input === 'object' && input !== null ? (input as Record<string, unknown>) : {};
  const start = held[step] ?? (rest.length === 0 || typeof rest[0] === 'number' ? null : fill(inner, step));
  return { ...held, [step]: put(inner, start, rest, value, fill) };
};
