import { z } from 'zod';

/** Where in an answer something stands: the names on the way to it; `*` stands for every element of an array or record. */
export type Path = readonly string[];

/** Finds every place of a schema whose own schema has a mark, with it. For once, when an operation is defined. */
export const placesOf = <Mark>(
  marks: WeakMap<z.ZodType, Mark>,
  schema: z.ZodType,
  path: Path = [],
): { path: Path; mark: Mark }[] => {
  const inside = (inner: unknown, ...step: string[]) =>
    placesOf(marks, inner as z.ZodType, [...path, ...step]);
  const mark = marks.get(schema);
  const own = mark === undefined ? [] : [{ path, mark }];
  if (schema instanceof z.ZodObject)
    return [...own, ...Object.entries(schema.shape).flatMap(([name, field]) => inside(field, name))];
  if (schema instanceof z.ZodArray) return [...own, ...inside(schema.element, '*')];
  if (schema instanceof z.ZodRecord) return [...own, ...inside(schema.valueType, '*')];
  if (schema instanceof z.ZodUnion) return [...own, ...schema.options.flatMap((option) => inside(option))];
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable
    ? [...own, ...inside(schema.unwrap())]
    : own;
};
