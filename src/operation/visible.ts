import { z } from 'zod';
import { type Actor, sees } from './actor.ts';
import { type Path, placesOf } from './places.ts';
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

/** A place in an output that needs a sight. */
export interface Guard {
  readonly path: Path;
  readonly sight: Sight;
}

/** Every guarded place of an output. */
export const guardsOf = (schema: z.ZodType): Guard[] =>
  placesOf(sights, schema).map(({ path, mark }) => ({ path, sight: mark }));

const removeAt = (value: unknown, path: Path): boolean => {
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
