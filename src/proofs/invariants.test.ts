import { expect, test } from 'vitest';
import { absent, numberedTests, readHeldPage, unheld } from '#testing/held-page.ts';

// docs/invariants.md says which test holds which invariant; this says that it says the truth.
const { rows, named, missing } = readHeldPage('docs/invariants.md');

test('every invariant from 1 to 44 is held by a test or says why not yet', () => {
  expect([...rows.keys()]).toEqual(Array.from({ length: 44 }, (_, index) => index + 1));
  expect(unheld(rows)).toEqual([]);
});

test('every test that the page names exists under that name', () => {
  expect(named).toBeGreaterThan(80);
  expect(missing).toEqual([]);
});

test('every numbered test of the code and the proofs stands on the page beside its number', () => {
  const numbered = ['values', 'features', 'identity', 'proofs'].flatMap((folder) =>
    numberedTests(`src/${folder}`),
  );
  expect(numbered.length).toBeGreaterThan(35);
  expect(absent(rows, numbered)).toEqual([]);
});
