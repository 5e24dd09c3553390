import { expect, test } from 'vitest';
import { absent, numberedTests, readHeldPage, unheld } from '#testing/held-page.ts';

// docs/conformance.md says which test holds which requirement; this says that it says the truth.
const { rows, named, missing } = readHeldPage('docs/conformance.md');

test('every attack from 1 to 125 is held by a test or says why not', () => {
  const numbers = [...rows.keys()];
  expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => index + 1));
  expect(numbers.length).toBeGreaterThanOrEqual(125);
  expect(unheld(rows)).toEqual([]);
});

test('every test that the page names exists under that name', () => {
  expect(named).toBeGreaterThan(150);
  expect(missing).toEqual([]);
});

test('every numbered test of this folder stands on the page beside its number', () => {
  const numbered = numberedTests('src/attacks');
  expect(numbered.length).toBeGreaterThan(40);
  expect(absent(rows, numbered)).toEqual([]);
});
