import { z } from 'zod';
import { type Path, placesOf } from './places.ts';

const marked = new WeakMap<z.ZodType, true>();

/** A field of an output that is the address of a file; doors that can hand out files as such do so beside the answer. */
export const fileAddress = (description: string): z.ZodString => {
  const field = z.string().describe(description);
  marked.set(field, true);
  return field;
};

/** Where in an output addresses of files stand. */
export const fileAddressesOf = (schema: z.ZodType): Path[] =>
  placesOf(marked, schema).map(({ path }) => path);

/** The texts at such a place of an answer. */
export const textsAt = (value: unknown, [step, ...rest]: Path): string[] => {
  if (step === undefined) return typeof value === 'string' ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  if (step === '*') return Object.values(value).flatMap((element) => textsAt(element, rest));
  return textsAt((value as Record<string, unknown>)[step], rest);
};
