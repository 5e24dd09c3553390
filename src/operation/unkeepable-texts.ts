import type { z } from 'zod';
import { isKeepable } from '#values/keepable.ts';

/**
 * The check of every input, at every depth: texts that the store cannot keep exactly are refused by name, once for all operations.
 * It sees parsed values, so that it goes no deeper than the schema does.
 */
export const refuseUnkeepableTexts = (input: unknown, context: z.RefinementCtx): void => {
  const look = (value: unknown, path: PropertyKey[]): void => {
    if (typeof value === 'string' && !isKeepable(value)) {
      const message = 'holds a character that is not text: NUL, or half of a surrogate pair';
      context.addIssue({ code: 'custom', message, path, input: value });
    } else if (Array.isArray(value)) {
      value.forEach((element, index) => look(element, [...path, index]));
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, member] of Object.entries(value)) look(member, [...path, name]);
    }
  };
  look(input, []);
};
