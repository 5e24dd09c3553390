import { z } from 'zod';

const marked = new WeakSet<z.ZodType>();

/** A field of an output that is the address of a file; doors that can hand out files as such do so beside the answer. */
export const fileAddress = (description: string): z.ZodString => {
  const field = z.string().describe(description);
  marked.add(field);
  return field;
};

/** Where in an output addresses of files stand, once for an operation; `*` stands for every element of an array. */
export const fileAddressesOf = (schema: z.ZodType, path: readonly string[] = []): (readonly string[])[] => {
  if (marked.has(schema)) return [path];
  if (schema instanceof z.ZodObject) {
    return Object.entries(schema.shape as Record<string, z.ZodType>).flatMap(([key, field]) =>
      fileAddressesOf(field, [...path, key]),
    );
  }
  if (schema instanceof z.ZodArray) return fileAddressesOf(schema.element as z.ZodType, [...path, '*']);
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable
    ? fileAddressesOf(schema.unwrap() as z.ZodType, path)
    : [];
};

/** The texts at such a place of an answer. */
export const textsAt = (value: unknown, [step, ...rest]: readonly string[]): string[] => {
  if (step === undefined) return typeof value === 'string' ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  if (step === '*') return Object.values(value).flatMap((element) => textsAt(element, rest));
  return textsAt((value as Record<string, unknown>)[step], rest);
};
