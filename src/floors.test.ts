import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** The floors from the top; a file imports from its own floor and from those below it. */
const floors = [
  'main',
  'program',
  'app',
  'doors',
  'seed',
  'catalogue',
  'features',
  'jobs',
  'identity',
  'operation',
  'database',
  'documents',
  'values',
  'config',
] as const;

/** Floors that may not be looked into from these, although they are below. */
const walls: Readonly<Record<string, readonly string[]>> = {
  doors: ['features', 'seed', 'jobs'],
  values: ['config'],
  documents: ['config'],
  database: ['config', 'documents'],
};

/** Packages that speak SQL, and the floors that do. */
const sqlPackages = ['kysely', 'pg', '@electric-sql/pglite'];
const floorsWithSql = ['features', 'jobs', 'identity', 'operation', 'database', 'seed'];

const root = import.meta.dirname;
const paths = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts'))
  .sort();
const files = paths.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
const isTest = (path: string): boolean => path.endsWith('.test.ts') || path.startsWith('testing/');
const code = files.filter(({ path }) => !isTest(path));

const importPattern = /(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g;
const importsOf = (text: string): string[] =>
  [...text.matchAll(importPattern)].map(([, specifier]) => specifier ?? '');

/** `#values/money.ts` → `values/money.ts`; `./store.ts` beside `database/open.ts` → `database/store.ts`; null for packages. */
const targetOf = (path: string, specifier: string): string | null => {
  if (specifier.startsWith('#')) return specifier.slice(1);
  if (!specifier.startsWith('./')) return null;
  return [...path.split('/').slice(0, -1), specifier.slice(2)].join('/');
};
const floorOf = (path: string): string => path.split('/')[0]?.replace(/\.ts$/, '') ?? '';
const links = code.flatMap(({ path, text }) =>
  importsOf(text).flatMap((specifier) => {
    const target = targetOf(path, specifier);
    return target === null ? [] : [{ path, target, line: `${path} → ${specifier}` }];
  }),
);
const verbs = new Set(
  code.filter(({ text }) => /^export const \w+ = operation\(/m.test(text)).map(({ path }) => path),
);
const folderOf = (path: string): string => path.split('/').slice(0, 2).join('/');

test('reads the whole house, or these tests would pass on nothing', () => {
  expect(code.length).toBeGreaterThan(60);
  expect(links.length).toBeGreaterThan(200);
  expect(verbs.size).toBeGreaterThan(8);
});

test('every file stands on a known floor, and imports only go down', () => {
  const known: readonly string[] = floors;
  expect(code.filter(({ path }) => !known.includes(floorOf(path))).map(({ path }) => path)).toEqual([]);
  const wrong = links.filter(({ path, target }) => {
    const [from, to] = [floorOf(path), floorOf(target)];
    return known.indexOf(to) < known.indexOf(from) || walls[from]?.includes(to) === true;
  });
  expect(wrong.map(({ line }) => line)).toEqual([]);
});

test('nothing reaches out of its folder by ../; every import of ours names its .ts file', () => {
  const wrong = files.flatMap(({ path, text }) =>
    importsOf(text)
      .filter(
        (specifier) => specifier.startsWith('..') || (/^[.#]/.test(specifier) && !specifier.endsWith('.ts')),
      )
      .map((specifier) => `${path} → ${specifier}`),
  );
  expect(wrong).toEqual([]);
});

/** Folders beside the floors that prove things of the whole house and hold nothing else. */
const testsOnly = ['attacks', 'proofs'];

test('what proves the whole house stands beside the floors, and nothing is built there', () => {
  expect(code.filter(({ path }) => testsOnly.includes(floorOf(path))).map(({ path }) => path)).toEqual([]);
});

test('no code imports a test or the test support', () => {
  expect(links.filter(({ target }) => isTest(target)).map(({ line }) => line)).toEqual([]);
});

test('no door imports another door; what they share is in doors/common', () => {
  const wrong = links.filter(({ path, target }) => {
    if (floorOf(path) !== 'doors' || floorOf(target) !== 'doors') return false;
    return folderOf(target) !== folderOf(path) && folderOf(target) !== 'doors/common';
  });
  expect(wrong.map(({ line }) => line)).toEqual([]);
});

test('a feature imports another feature’s noun, never its verb', () => {
  const wrong = links.filter(
    ({ path, target }) =>
      floorOf(path) === 'features' && folderOf(path) !== folderOf(target) && verbs.has(target),
  );
  expect(wrong.map(({ line }) => line)).toEqual([]);
});

test('SQL is spoken in features, identity, jobs, operation, database and seed only', () => {
  const wrong = code.filter(
    ({ path, text }) =>
      !floorsWithSql.includes(floorOf(path)) &&
      importsOf(text).some((specifier) => sqlPackages.includes(specifier)),
  );
  expect(wrong.map(({ path }) => path)).toEqual([]);
});

test('no feature filters or fills by workspace: the transaction sees one, and inserts default to it', () => {
  // The target of an upsert is the exception: there the unique index has to be named whole.
  const wrong = code.flatMap(({ path, text }) =>
    floorOf(path) === 'features'
      ? text
          .split('\n')
          .filter((line) => /\bworkspace_id\b/.test(line) && !/\bconflict\b/.test(line))
          .map((line) => `${path}: ${line.trim()}`)
      : [],
  );
  expect(wrong).toEqual([]);
});

test('no barrels, no default exports, no namespaces', () => {
  const wrong = code.filter(({ text }) => /^export (\*|\{[^}]*\} from|default)/m.test(text));
  expect(wrong.map(({ path }) => path)).toEqual([]);
});

test('only Refusal and errors that must be told apart are classes', () => {
  const wrong = code.filter(({ text }) => /^(export )?(abstract )?class (?!\w+ extends \w)/m.test(text));
  expect(wrong.map(({ path }) => path)).toEqual([]);
});

test('file names are in kebab-case, and no file is longer than anybody reads', () => {
  const named = files.filter(
    ({ path }) => !/^([a-z0-9]+(-[a-z0-9]+)*\/)*[a-z0-9]+(-[a-z0-9]+)*(\.chromium)?(\.test)?\.ts$/.test(path),
  );
  expect(named.map(({ path }) => path)).toEqual([]);
  const long = files.flatMap(({ path, text }) => {
    const lines = text.split('\n').length - 1;
    return path !== 'database/rows.ts' && lines > 300 ? [`${path}: ${lines}`] : [];
  });
  expect(long).toEqual([]);
});
