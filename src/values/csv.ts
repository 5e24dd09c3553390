/** A cell of a table. */
export type Cell = string | number | boolean | null;

// A spreadsheet would run what begins so. Numbers are no formulas, negative ones neither.
const looksLikeFormula = /^[=+\-@\t\r]/;
const plainNumber = /^-?\d+(\.\d+)?$/;

const cellText = (cell: Cell): string => {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = looksLikeFormula.test(cell) && !plainNumber.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/**
 * Writes a table as CSV with a header, each record ended by CR LF. A text that a spreadsheet would run as a formula gets an
 * apostrophe in front.
 *
 * @see RFC 4180 section 2; OWASP, CSV Injection
 */
export const writeCsv = (header: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [header, ...rows].map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
