import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// Pages of docs/ that say which test holds what, as a table of numbers: [file](../src/file.test.ts) “title of the test”.
const root = join(import.meta.dirname, '../..');
const texts = new Map<string, string>();
const textOf = (path: string): string => {
  const text = texts.get(path) ?? readFileSync(join(root, path), 'utf8').replaceAll("\\'", "'");
  texts.set(path, text);
  return text;
};

/** A page: its numbered rows with what holds each, and the tests it names that are not there. */
export const readHeldPage = (path: string) => {
  const page = textOf(path);
  const named = [...page.matchAll(/\]\(\.\.\/(\S+\.test\.ts)\) “([^”]*)”/g)];
  return {
    rows: new Map(
      [...page.matchAll(/^\| (\d+)\s*\| ([^|]*[^|\s])\s*\| (.*[^\s])\s*\|$/gm)].map(
        ([, number = '', , held = '']) => [Number(number), held],
      ),
    ),
    named: named.length,
    missing: named
      .filter(([, file = '', title = '']) => {
        // A title is followed by the function of its test; a quotation of it in a comment is not.
        return !["'", '`', '"'].some((mark) => textOf(file).includes(`${mark}${title}${mark},`));
      })
      .map(([found]) => found),
  };
};

/** Numbers of rows that name no test and say no reason why not. */
export const unheld = (rows: ReadonlyMap<number, string>): number[] =>
  [...rows].flatMap(([number, held]) => {
    const reason = held.replaceAll(/\[[^\]]*\]\([^)]*\) “[^”]*”/g, '');
    return held.includes('.test.ts) “') || reason.length > 40 ? [] : [number];
  });

/** The tests below a folder (of the root) whose title begins with numbers of rows: '15, 22 whatever is paid …'. */
export const numberedTests = (folder: string): { path: string; title: string; numbers: number[] }[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .flatMap((name) =>
      [
        ...textOf(`${folder}/${name}`).matchAll(
          /^(?:test(?:\.each\(.*\))?\(| {2})(['`])((\d+(?:, \d+)*) \D.*)\1,(?: async)? ?(?:\(.*=>.*)?$/gm,
        ),
      ].map(([, , title = '', numbers = '']) => ({
        path: `${folder}/${name}`,
        title,
        numbers: numbers.split(', ').map(Number),
      })),
    );

/** Numbered tests that do not stand beside each of their numbers. */
export const absent = (
  rows: ReadonlyMap<number, string>,
  tests: readonly { title: string; numbers: readonly number[] }[],
): string[] =>
  tests.flatMap(({ title, numbers }) =>
    numbers.filter((number) => rows.get(number)?.includes(`“${title}”`) !== true).map(() => title),
  );
