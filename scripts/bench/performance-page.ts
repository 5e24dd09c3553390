import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** One line of a table: what was measured, what came out, its limit, and whether it was held. */
export type Row = readonly [what: string, measured: string, limit: string, held: boolean];

/** The middle one of the values; the upper of the two in the middle where they are even in number. */
export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

const page = new URL('../../docs/performance.md', import.meta.url);

/** Prints a table, and puts it between the marks of its name in docs/performance.md, where there are such marks. */
export const writeTable = (name: string, rows: readonly Row[]): void => {
  const lines = rows.map(
    ([what, measured, limit, held]) => `| ${what} | ${measured} | ${limit} | ${held ? 'held' : 'missed'} |`,
  );
  const table = ['| what | measured | limit | |', '| --- | ---: | ---: | --- |', ...lines].join('\n');
  console.log(table);
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const text = existsSync(page) ? readFileSync(page, 'utf8') : '';
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) return;
  writeFileSync(page, `${text.slice(0, from + begin.length)}\n\n${table}\n\n${text.slice(to)}`);
};
