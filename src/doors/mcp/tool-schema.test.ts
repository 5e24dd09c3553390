import { expect, test } from 'vitest';
import { z } from 'zod';
import { idSchema } from '#values/id.ts';
import { pageInput, pageMeta } from '#values/page.ts';
import { toolJsonSchema } from './tool-schema.ts';

test('a schema that refers to itself is refused when it is made, not by somebody’s client', () => {
  const shared = z.object({ id: z.string() }).meta({ id: 'Shared' });
  expect(() => toolJsonSchema(z.object({ a: shared, b: shared }), 'input')).toThrow('$ref');
});

test('an input that may be null says so in two branches, and what it is for once', () => {
  const kind = z
    .enum(['a', 'b'])
    .describe('An inner word.')
    .nullable()
    .optional()
    .describe('Which of the two.');
  expect(toolJsonSchema(z.object({ kind }), 'input')['properties']).toEqual({
    kind: {
      description: 'Which of the two.',
      anyOf: [{ type: 'string', enum: ['a', 'b'] }, { type: 'null' }],
    },
  });
});

test('an input leaves out what only a program would check, and words that say the name again', () => {
  const input = z.strictObject({
    task_id: idSchema('tsk').optional(),
    target_id: z.union([idSchema('tsk'), idSchema('prj'), z.number()]).optional(),
    postal_code: z.string().max(20).describe('Postal code.'),
    days: z.number().int().min(1).max(31).default(7).describe('How many, 1 to 31.'),
    deep: z.boolean().default(false).describe('true: all of it.'),
    ...pageInput,
    cursor: z.string().optional().describe('Where to cut.'),
  });
  expect(toolJsonSchema(input, 'input')).toEqual({
    type: 'object',
    properties: {
      task_id: { type: 'string' },
      target_id: { anyOf: [{ type: 'string' }, { type: 'number' }] },
      postal_code: { type: 'string' },
      days: { type: 'integer', default: 7, description: 'How many, 1 to 31.' },
      deep: { type: 'boolean', description: 'true: all of it.' },
      limit: { type: 'integer' },
      cursor: { type: 'string', description: 'Where to cut.' },
    },
    required: ['postal_code'],
  });
});

test('an output says its shape and leaves room to grow', () => {
  const output = z.object({
    id: z.string().regex(/^x_/).describe('An id.'),
    description: z.string().describe('What was done.'),
    kind: z.enum(['a', 'b']).nullable().describe('Which.'),
    at: z.string().nullable().describe('When.'),
    about: z
      .object({ one: z.literal(1) })
      .nullable()
      .describe('What else.'),
    meta: pageMeta
      .extend({ totals: z.number(), warnings: z.array(z.string()).optional() })
      .describe('About it.'),
  });
  expect(toolJsonSchema(output, 'output')).toEqual({
    type: 'object',
    properties: {
      id: { type: 'string' },
      description: { type: 'string' },
      kind: { enum: ['a', 'b', null] },
      at: { type: ['string', 'null'] },
      about: { type: ['object', 'null'], properties: { one: { enum: [1] } } },
      meta: { type: 'object', properties: { totals: { type: 'number' } } },
    },
    required: ['id', 'description', 'kind', 'at', 'about', 'meta'],
  });
  expect(toolJsonSchema(z.object({ meta: pageMeta }), 'output')).toEqual({
    type: 'object',
    properties: { meta: { type: 'object' } },
    required: ['meta'],
  });
});
