import { expect, test } from 'vitest';
import { z } from 'zod';
import { operations } from '#catalogue.ts';
import { toolJsonSchema } from './tool-schema.ts';

test('every tool’s schemas are what every client takes', () => {
  const tools = operations.filter(({ doors }) => doors.has('mcp'));
  expect(tools.length).toBeGreaterThan(5);
  for (const { name, input, output } of tools) {
    for (const schema of [toolJsonSchema(input, 'input'), toolJsonSchema(output, 'output')]) {
      expect(schema['type'], name).toBe('object');
      for (const keyword of ['$schema', '$defs', 'anyOf', 'oneOf', 'allOf', 'not']) {
        expect(schema, name).not.toHaveProperty(keyword);
      }
      const text = JSON.stringify(schema);
      expect(text, `${name}: lookaround`).not.toMatch(/\(\?(?:[=!]|<[=!])/);
      expect(text, `${name}: bounds of JavaScript`).not.toContain('9007199254740991');
    }
  }
});

test('a schema that refers to itself is refused when it is made, not by somebody’s client', () => {
  const shared = z.object({ id: z.string() }).meta({ id: 'Shared' });
  expect(() => toolJsonSchema(z.object({ a: shared, b: shared }), 'input')).toThrow('$ref');
});

test('an input that may be null says so in two branches, with the constraint where it belongs', () => {
  const text = z.string().max(9).nullable().optional().describe('A text.');
  expect(toolJsonSchema(z.object({ text }), 'input')['properties']).toEqual({
    text: { description: 'A text.', anyOf: [{ type: 'string', maxLength: 9 }, { type: 'null' }] },
  });
});

test('an output says its shape and leaves room to grow', () => {
  const output = z.object({
    id: z.string().regex(/^x_/).describe('An id.'),
    description: z.string().describe('What was done.'),
    meta: z.object({ has_more: z.boolean(), warnings: z.array(z.string()).optional() }).describe('About it.'),
  });
  expect(toolJsonSchema(output, 'output')).toEqual({
    type: 'object',
    properties: {
      id: { type: 'string' },
      description: { type: 'string' },
      meta: { type: 'object', properties: { has_more: { type: 'boolean' } }, required: ['has_more'] },
    },
    required: ['id', 'description', 'meta'],
  });
});
