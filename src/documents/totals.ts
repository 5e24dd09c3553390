import { type Formats, isNotZero } from './formats.ts';
import type { InvoiceDocument, TaxGroup } from './invoice-document.ts';
import type { Words } from './words.ts';

/** A row below the lines: `aside` says what is within another row, `sum` is a total, `due` is what it is all about. */
export interface TotalsRow {
  label: string;
  amount: string;
  weight: 'aside' | 'plain' | 'sum' | 'due';
}

/** The way from the lines to what is to be paid, in words. */
export const totalsOf = (document: InvoiceDocument, words: Words, formats: Formats): TotalsRow[] => {
  const { kind, prices_include_tax: inclusive, subtotal, net, total, payable, rounding } = document;
  const { adjustments, tax_groups: groups, withholding, deductions } = document;
  const row = (label: string, amount: string, weight: TotalsRow['weight'] = 'plain'): TotalsRow => ({
    label,
    amount: formats.number(amount),
    weight,
  });
  const minus = (amount: string): string =>
    amount.startsWith('-') || !isNotZero(amount) ? amount : `-${amount}`;
  const taxRow = (group: TaxGroup): TotalsRow => {
    const say = inclusive ? words.includedTaxOn : words.taxOn;
    const label = say(taxName(group, formats), formats.number(group.taxable));
    return row(label, group.tax, inclusive ? 'aside' : 'plain');
  };
  const changes = adjustments.map(({ label, amount }) => row(label, amount));
  const rounded = rounding !== null && isNotZero(rounding) ? [row(words.rounding, rounding)] : [];
  const later = [
    ...withholding.map(({ name, percent, amount }) =>
      row(`${name} ${formats.percent(percent)}`, minus(amount)),
    ),
    ...deductions.map(({ label, amount }) => row(label, amount)),
  ];
  const before = inclusive
    ? [
        ...(changes.length + rounded.length > 0 ? [row(words.subtotal, subtotal), ...changes] : []),
        ...rounded,
      ]
    : [
        ...(changes.length > 0 ? [row(words.subtotal, subtotal), ...changes] : []),
        row(words.net, net),
        ...groups.map(taxRow),
        ...rounded,
      ];
  const within = inclusive ? groups.map(taxRow) : [];
  const due: TotalsRow = { label: words.payable[kind], amount: formats.money(payable), weight: 'due' };
  if (later.length === 0 && payable === total && kind !== 'receipt') return [...before, due, ...within];
  return [...before, row(words.total, total, 'sum'), ...within, ...later, due];
};

/** What has to be read where no tax is charged: the words of the law, then the reason that was given. */
export const untaxedStatements = ({ tax_groups: groups }: InvoiceDocument, words: Words): string[] => {
  const statements = groups.flatMap(({ category, exemption_reason: reason }) => {
    const known = words.untaxed[category];
    if (reason === null || reason.trim() === '') return known === undefined ? [] : [known];
    // Exempt has many grounds: the one that was given says it better.
    return known === undefined || category === 'E' || category === 'O' || alike(reason, known)
      ? [reason]
      : [known, reason];
  });
  return [...new Set(statements)];
};

const alike = (one: string, other: string): boolean => {
  const plain = (text: string): string =>
    text
      .toLowerCase()
      .replaceAll(/[^\p{L}]/gu, '')
      .slice(0, 24);
  return plain(one).startsWith(plain(other).slice(0, 12)) || plain(other).includes(plain(one));
};

/** "VAT 19 %"; without the percent where it says nothing, or where the name has it already. */
const taxName = ({ name, percent, category }: TaxGroup, formats: Formats): string => {
  const silent = ['AE', 'E', 'G', 'K', 'O'].includes(category) && !isNotZero(percent);
  return silent || /\d\s*%/.test(name) ? name : `${name} ${formats.percent(percent)}`;
};
