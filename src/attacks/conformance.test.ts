import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

// docs/conformance.md says which test holds which requirement; this says that it says the truth.

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/conformance.md'), 'utf8');
const rows = new Map(
  [...page.matchAll(/^\| (\d+)\s*\| ([^|]*[^|\s])\s*\| (.*[^\s])\s*\|$/gm)].map(
    ([, number = '', , held = '']) => [Number(number), held],
  ),
);
const titles = new Map<string, string>();
const titlesIn = (path: string): string => {
  const known = titles.get(path) ?? readFileSync(join(root, path), 'utf8').replaceAll("\\'", "'");
  titles.set(path, known);
  return known;
};

test('every attack from 1 to 125 is held by a test or says why not', () => {
  const numbers = [...rows.keys()];
  expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => index + 1));
  expect(numbers.length).toBeGreaterThanOrEqual(125);
  for (const [number, held] of rows) {
    const reason = held.replaceAll(/\[[^\]]*\]\([^)]*\) “[^”]*”/g, '');
    expect([number, held.includes('.test.ts) “') || reason.length > 40]).toEqual([number, true]);
  }
});

test('every test that the page names exists under that name', () => {
  const named = [...page.matchAll(/\]\(\.\.\/(\S+\.test\.ts)\) “([^”]*)”/g)];
  expect(named.length).toBeGreaterThan(150);
  const missing = named.filter(([, path = '', name = '']) => {
    const text = titlesIn(path);
    // A title is followed by the function of its test; a quotation of it in a comment is not.
    return !["'", '`', '"'].some((mark) => text.includes(`${mark}${name}${mark},`));
  });
  expect(missing.map(([found]) => found)).toEqual([]);
});

test('every numbered test of this folder stands on the page beside its number', () => {
  const own = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.ts'));
  const numbered = own.flatMap((name) =>
    [...titlesIn(`src/attacks/${name}`).matchAll(/^test\('((\d+(?:, \d+)*) [^\n]*)', async/gm)].map(
      ([, title = '', numbers = '']) => ({ title, numbers: numbers.split(', ').map(Number) }),
    ),
  );
  expect(numbered.length).toBeGreaterThan(40);
  const absent = numbered.flatMap(({ title, numbers }) =>
    numbers.filter((number) => rows.get(number)?.includes(`“${title}”`) !== true).map(() => title),
  );
  expect(absent).toEqual([]);
});
