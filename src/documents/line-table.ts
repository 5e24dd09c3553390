import { decimalsOf, type Formats, isNotZero, withDecimals, withoutZeros } from './formats.ts';
import type { InvoiceDocument } from './invoice-document.ts';
import type { Words } from './words.ts';

/** A column of the lines, from left to right in the order that `columns` has. */
export type ColumnKey = keyof Words['columns'];

/** One line in words. */
export interface LineRow extends Record<Exclude<ColumnKey, 'quantity'>, string> {
  details: string | null;
  quantity: string;
  unit: string;
}

/** The lines as a table; columns that would be empty in every row are not there. */
export interface LineTable {
  columns: readonly { key: ColumnKey; label: string; figures: boolean }[];
  rows: readonly LineRow[];
}

/** The lines in words. Quantities get the decimals that the longest of them needs, so that their points stand below each other. */
export const lineTable = (document: InvoiceDocument, words: Words, formats: Formats): LineTable => {
  const { lines, currency } = document;
  const quantities = lines.map(({ quantity }) => withoutZeros(quantity));
  const decimals = quantities.reduce((most, quantity) => Math.max(most, decimalsOf(quantity)), 0);
  const keys: readonly ColumnKey[] = [
    ...(lines.length > 1 ? (['position'] as const) : []),
    'description',
    'quantity',
    'price',
    ...(lines.some(({ discount }) => discount !== null) ? (['discount'] as const) : []),
    ...(lines.some(({ taxes }) => taxes.length > 0) ? (['tax'] as const) : []),
    'amount',
  ];
  return {
    columns: keys.map((key) => ({
      key,
      label: key === 'amount' ? `${words.columns.amount} ${currency}` : words.columns[key],
      figures: key !== 'description',
    })),
    rows: lines.map((line, index) => {
      const quantity = quantities[index] ?? line.quantity;
      const [one, more] = line.unit === null ? ['', ''] : words.units[line.unit];
      return {
        position: String(index + 1),
        description: line.description,
        details: line.details,
        quantity: formats.number(withDecimals(quantity, decimals)),
        unit: quantity === '1' ? one : more,
        price: formats.number(line.unit_price),
        discount: line.discount === null ? '' : discountText(line.discount, formats),
        tax: line.taxes.join(', ').replaceAll(/(?<=\d) (?=%)/g, '\u00a0'),
        amount: formats.number(line.amount),
      };
    }),
  };
};

/** A discount is an amount that is taken off, whatever its sign; words like "10 %" stay as they are. */
const discountText = (discount: string, formats: Formats): string => {
  if (!/^-?\d+(\.\d+)?$/.test(discount) || !isNotZero(discount)) return formats.number(discount);
  return formats.number(discount.startsWith('-') ? discount : `-${discount}`);
};
