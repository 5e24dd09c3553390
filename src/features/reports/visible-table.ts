import { type Actor, sees } from '#operation/actor.ts';
import { isScope } from '#operation/scopes.ts';
import type { Sight } from '#operation/visible.ts';
import type { Cell } from '#values/csv.ts';
import { type Column, moneyNeeds, type Omission, type Table, type Totals } from './report.ts';

/** What somebody lacks to see something, as `meta.omitted` says it; null where nothing. */
const lacking = (actor: Actor, needs: readonly Sight[] = []): string | null => {
  const missing = needs.find((sight) =>
    isScope(sight) ? !actor.via.scopes.has(sight) : !sees(actor, sight),
  );
  return missing === undefined ? null : isScope(missing) ? missing : 'role';
};

/**
 * What of a report somebody may see: whole columns are left out, of the rows and so of a CSV, and named. Null rows are none that may be
 * seen.
 */
export const visibleTable = (
  table: Table,
  actor: Actor,
): {
  columns: readonly Column[];
  rows: readonly (readonly Cell[])[] | null;
  totals: Totals;
  omitted: Omission[];
} => {
  const omitted: Omission[] = [];
  const shows = (path: string, needs: readonly Sight[] | undefined): boolean => {
    const requires = lacking(actor, needs);
    if (requires !== null) omitted.push({ path, requires });
    return requires === null;
  };
  const rowsSeen = shows('rows', table.rowsNeed);
  const kept = rowsSeen
    ? table.columns.flatMap((column, index) => (shows(`columns.${column.key}`, column.needs) ? [index] : []))
    : [];
  const { currencies, ...totals } = table.totals;
  return {
    columns: kept.map((index) => table.columns[index]!),
    rows: rowsSeen ? table.rows.map((row) => kept.map((index) => row[index]!)) : null,
    totals:
      currencies !== undefined && shows('totals.currencies', moneyNeeds) ? { ...totals, currencies } : totals,
    omitted,
  };
};
