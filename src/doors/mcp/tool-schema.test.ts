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

test('an output leaves room to grow, and says once for all what every answer may say about itself', () => {
  const listTags = operations.find(({ name }) => name === 'tags.list');
  const text = JSON.stringify(toolJsonSchema(listTags!.output, 'output'));
  expect(text).not.toContain('additionalProperties');
  expect(text).not.toContain('pattern');
  expect(text).not.toContain('Fields left out of this answer');
  expect(text).toContain('also warnings, omitted, dry_run, replayed');
  expect(text).toContain('next_cursor');
});
