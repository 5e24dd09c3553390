import { expect, test } from 'vitest';
import { counted, countedEntries } from './counted.ts';

test('one is said in the singular, none and many in the plural', () => {
  expect([0, 1, 2].map(countedEntries)).toEqual(['0 time entries', '1 time entry', '2 time entries']);
  expect([1, 2].map((count) => counted(count, 'task'))).toEqual(['1 task', '2 tasks']);
});
