import { z } from 'zod';
import { type Actor, sees } from './actor.ts';
import { isScope, type Scope } from './scopes.ts';

/** What somebody needs to see a part of an answer: a scope, or leave to see amounts or costs. */
export type Sight = Scope | 'amounts' | 'costs';

const sights = new WeakMap<z.ZodType, Sight>();

/**
 * Marks a field of an output as visible only with `sight`; elsewhere it is left out and `meta.omitted` says so. Describe the
 * schema first: a later `.describe()` makes another schema, without the mark.
 */
export const visibleWith = <Schema extends z.ZodType>(
  sight: Sight,
  schema: Schema,
): z.ZodOptional<Schema> => {
  const field = schema.optional();
  const { description } = schema;
  const marked = description === undefined ? field : field.describe(description);
  sights.set(marked, sight);
  return marked;
};

/** A place in an output that needs a sight; `*` stands for every element of an array or record. */
export interface Guard {
  readonly path: readonly string[];
  readonly sight: Sight;
}

/** Finds every guarded place of an output schema, once, when the operation is defined. */
export const guardsOf = (schema: z.ZodType, path: readonly string[] = []): Guard[] => {
  const sight = sights.get(schema);
  if (sight !== undefined)
    return [{ path, sight }, ...guardsOf((schema as z.ZodOptional).unwrap() as z.ZodType, path)];
  if (schema instanceof z.ZodObject) {
    return Object.entries(schema.shape as Record<string, z.ZodType>).flatMap(([key, field]) =>
      guardsOf(field, [...path, key]),
    );
  }
  if (schema instanceof z.ZodArray) return guardsOf(schema.element as z.ZodType, [...path, '*']);
  if (schema instanceof z.ZodRecord) return guardsOf(schema.valueType as z.ZodType, [...path, '*']);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return guardsOf(schema.unwrap() as z.ZodType, path);
  }
  if (schema instanceof z.ZodUnion)
    return schema.options.flatMap((option) => guardsOf(option as z.ZodType, path));
  return [];
};

const removeAt = (value: unknown, path: readonly string[]): boolean => {
  const [step, ...rest] = path;
  if (typeof value !== 'object' || value === null || step === undefined) return false;
  if (step === '*')
    return Object.values(value)
      .map((element) => removeAt(element, rest))
      .includes(true);
  const record = value as Record<string, unknown>;
  if (rest.length > 0) return removeAt(record[step], rest);
  if (!Object.hasOwn(record, step) || record[step] === undefined) return false;
  Reflect.deleteProperty(record, step);
  return true;
};

/** What was left out of an answer, and what would be needed to see it. */
export const omission = z.object({
  path: z.string().describe('The field left out; [] stands for every element.'),
  requires: z.string().describe('The scope that would show it, or "role".'),
});

/** Removes from `answer` (in place) what `actor` may not see; says what went. */
export const removeHidden = (
  guards: readonly Guard[],
  answer: unknown,
  actor: Actor,
): z.output<typeof omission>[] =>
  guards.flatMap(({ path, sight }) => {
    const seen = isScope(sight) ? actor.via.scopes.has(sight) : sees(actor, sight);
    if (seen || !removeAt(answer, path)) return [];
    return [{ path: path.join('.').replaceAll('.*', '[]'), requires: isScope(sight) ? sight : 'role' }];
  });
