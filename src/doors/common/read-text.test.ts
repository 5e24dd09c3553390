import { expect, test } from 'vitest';
import { z } from 'zod';
import { readTexts } from './read-text.ts';

const schema = z.object({
  limit: z.number().int().default(25),
  archived: z.boolean().optional(),
  q: z.string().optional(),
  ids: z.array(z.string()).optional(),
  numbers: z.array(z.number()).optional(),
  client_id: z.string().nullable().optional(),
  when: z.union([z.literal('now'), z.number()]).optional(),
  patch: z.object({ name: z.string() }).optional(),
  status: z.enum(['open', 'done']).optional(),
});
const read = (query: string) => readTexts(schema, new URLSearchParams(query));

test.each([
  ['limit=10&archived=false', { limit: 10, archived: false }],
  ['q=10', { q: '10' }],
  ['q=true', { q: 'true' }],
  ['ids=a,b', { ids: ['a', 'b'] }],
  ['ids=a&ids=b,c', { ids: ['a', 'b,c'] }],
  ['ids[]=a&ids[]=b', { ids: ['a', 'b'] }],
  ['ids=', { ids: [] }],
  ['numbers=1,2.5', { numbers: [1, 2.5] }],
  ['client_id=null', { client_id: null }],
  ['q=null', { q: 'null' }],
  ['when=now', { when: 'now' }],
  ['when=12', { when: 12 }],
  ['patch={"name":"x"}', { patch: { name: 'x' } }],
  ['status=open', { status: 'open' }],
])('reads %s by the types of the schema', (query, wanted) => {
  expect(read(query)).toEqual(wanted);
});

test('leaves what does not fit as it is, for the schema to refuse in words', () => {
  expect(read('limit=ten&archived=yes&limit_=1')).toEqual({ limit: 'ten', archived: 'yes', limit_: '1' });
  expect(read('limit=1&limit=2')).toEqual({ limit: ['1', '2'] });
  expect(read('patch={')).toEqual({ patch: '{' });
  expect(read('constructor=1')).toEqual({ constructor: '1' });
});
