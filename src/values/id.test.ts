import { expect, test } from 'vitest';
import { type IdPrefix, idSchema, prefixOf } from './id.ts';

const objection = (prefix: IdPrefix, given: unknown) =>
  idSchema(prefix).safeParse(given).error?.issues[0]?.message;

test('what is no id is told what one looks like and where to find it', () => {
  expect(objection('inv', 'nope')).toBe(
    'Not an invoice id: it is inv_ and 26 letters or digits. invoices.list gives them.',
  );
  expect(objection('tok', 'tok_1')).toBe('Not an API token id: it is tok_ and 26 letters or digits.');
  expect(objection('usr', '')).toBe('Not a user id: it is usr_ and 26 letters or digits.');
});

test('an id of another kind is called what it is', () => {
  expect(objection('cli', `exp_${'0'.repeat(26)}`)).toBe(
    'This is the id of an expense; a client id is wanted: cli_ and 26 letters or digits. clients.list gives them.',
  );
  expect(objection('tsk', 'constructor_1')).toMatch(/^Not a task id/);
});

test('what stands before the underscore is a kind only where it is one of ours', () => {
  expect(['inv_1', 'constructor_1', '__proto__', 'inv', ''].map(prefixOf)).toEqual([
    'inv',
    null,
    null,
    null,
    null,
  ]);
});
