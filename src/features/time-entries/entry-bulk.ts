import { z } from 'zod';
import { savepoint } from '#database/database.ts';
import type { Call } from '#operation/call.ts';
import { Refusal } from '#values/refusal.ts';
import { entryId } from './time-entry.ts';

/** The most that one bulk call takes. */
export const bulkLimit = 200;

export const atomicInput = z
  .boolean()
  .default(true)
  .describe('true: all or nothing; false: what can be done.');

/** What became of each item of a bulk call, in order. */
export const bulkView = {
  results: z
    .array(
      z.object({
        index: z.number().int().describe('Place in the input, from 0.'),
        id: entryId.optional().describe('The entry.'),
        error: z
          .object({
            code: z.string().describe('Why not.'),
            message: z.string().describe('The same in a sentence.'),
            field: z.string().optional().describe('Which argument.'),
          })
          .optional()
          .describe('Only where it was refused.'),
      }),
    )
    .describe('One for each item.'),
  succeeded: z.number().int().describe('How many were done.'),
  failed: z.number().int().describe('How many were refused.'),
};

/**
 * Does one thing for every item: all of them, or the refusal of the first that cannot be names its place; not atomic, every refused item is undone
 * alone and answered as refused. `path` spells the place of an item in the input.
 */
export const eachItem = async <Item>(
  call: Call,
  items: readonly Item[],
  { atomic, path }: { atomic: boolean; path: (index: number) => string },
  work: (item: Item) => Promise<{ id: z.output<typeof entryId>; facts: object }>,
) => {
  const results: z.output<typeof bulkView.results> = [];
  const facts: object[] = [];
  for (const [index, item] of items.entries()) {
    try {
      const done = await (atomic ? work(item) : savepoint(call.tx, () => work(item)));
      results.push({ index, id: done.id });
      facts.push(done.facts);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const field = error.field === undefined ? path(index) : `${path(index)}.${error.field}`;
      if (atomic) {
        throw new Refusal(error.definition, `${path(index)}: ${error.message}`, {
          field,
          details: { ...error.details, index },
          fixTool: error.fixTool,
        });
      }
      results.push({
        index,
        error: {
          code: error.code,
          message: error.message,
          ...(error.field === undefined ? {} : { field: error.field }),
        },
      });
    }
  }
  const failed = items.length - facts.length;
  if (failed > 0) call.warn(`${failed} of ${items.length} were refused; the others were done. See results.`);
  return { facts, answer: { results, succeeded: facts.length, failed } };
};
