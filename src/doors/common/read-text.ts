import { z } from 'zod';

const plainNumber = /^-?\d+(\.\d+)?$/;

/** The schema inside the wrappers that say nothing about how a value is written. */
const core = (schema: z.ZodType): z.ZodType => {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNonOptional ||
    schema instanceof z.ZodReadonly ||
    schema instanceof z.ZodCatch ||
    schema instanceof z.ZodLazy
  ) {
    return core(schema.unwrap() as z.ZodType);
  }
  if (schema instanceof z.ZodPipe)
    return core((schema.in instanceof z.ZodTransform ? schema.out : schema.in) as z.ZodType);
  return schema;
};

const takesNull = (schema: z.ZodType): boolean =>
  schema instanceof z.ZodNullable ||
  ((schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) &&
    takesNull(schema.unwrap() as z.ZodType));

const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** Reads one text as the value that `schema` wants; what does not fit stays text, so that the schema can say so. */
const readOne = (schema: z.ZodType, text: string): unknown => {
  if (text === 'null' && takesNull(schema)) return null;
  const inner = core(schema);
  if (inner instanceof z.ZodNumber) return plainNumber.test(text) ? Number(text) : text;
  if (inner instanceof z.ZodBoolean) return text === 'true' ? true : text === 'false' ? false : text;
  if (inner instanceof z.ZodLiteral) return [...inner.values].find((value) => String(value) === text) ?? text;
  if (inner instanceof z.ZodUnion) {
    for (const option of inner.options as z.ZodType[]) {
      const value = readOne(option, text);
      if (option.safeParse(value).success) return value;
    }
    return text;
  }
  if (inner instanceof z.ZodArray) return readArray(inner, [text]);
  if (inner instanceof z.ZodObject || inner instanceof z.ZodRecord) return json(text);
  return text;
};

const readArray = (schema: z.ZodArray, texts: readonly string[]): unknown => {
  const only = texts.length === 1 ? texts[0] : undefined;
  if (only?.startsWith('[') === true) return json(only);
  const parts = only === undefined ? texts : only === '' ? [] : only.split(',');
  return parts.map((part) => readOne(schema.element as z.ZodType, part.trim()));
};

/**
 * Reads texts (a query string, flags) as the values that an object schema wants: numbers, `true` and `false`, `null` where it is
 * allowed, lists repeated or separated by commas, objects as JSON. Nothing is checked here: what does not fit stays text.
 */
export const readTexts = (
  schema: z.ZodObject,
  texts: Iterable<readonly [string, string]>,
): Record<string, unknown> => {
  const byName = new Map<string, string[]>();
  for (const [name, text] of texts) {
    const plain = name.endsWith('[]') ? name.slice(0, -2) : name;
    byName.set(plain, [...(byName.get(plain) ?? []), text]);
  }
  const shape = schema.shape as Record<string, z.ZodType>;
  return Object.fromEntries(
    [...byName].map(([name, values]) => {
      const field = Object.hasOwn(shape, name) ? shape[name] : undefined;
      const [first] = values;
      if (field === undefined || first === undefined) return [name, first];
      const inner = core(field);
      if (inner instanceof z.ZodArray && (first !== 'null' || !takesNull(field)))
        return [name, readArray(inner, values)];
      return [name, values.length > 1 ? values : readOne(field, first)];
    }),
  );
};
