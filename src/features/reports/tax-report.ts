import { sql } from 'kysely';
import { all } from '#database/sorted.ts';
import { formatAmount } from '#values/money.ts';
import { formatPercent } from '#values/ratio.ts';
import {
  columnTotals,
  currencyColumn,
  mixedMoney,
  type Question,
  type ReportKind,
  type Table,
} from './report.ts';
import { dayIn, recordFilter } from './report-filter.ts';

interface Found {
  tax_code_id: string;
  name: string;
  category: string;
  ppm: number;
  withholding: boolean;
  currency: string;
  invoices: number;
  credit_notes: number;
  taxable: string;
  tax: string;
}

/** Taxes of what was issued in the range: credit notes take away, void documents do not count. */
const tax = async ({ call, from, to, filter, limit }: Question): Promise<Table> => {
  const { rows: found } = await sql<Found>`
    select g.tax_code_id, g.name, g.category, g.ppm, g.withholding, i.currency,
      count(*) filter (where i.kind = 'invoice')::int as invoices, count(*) filter (where i.kind = 'credit_note')::int as credit_notes,
      sum(g.taxable_minor)::text as taxable, sum(g.tax_minor)::text as tax
    from invoices i join invoice_tax_groups g on g.invoice_id = i.id
    where i.finalized_at is not null and i.status <> 'void' and ${dayIn(sql`i.issue_date`, from, to)}
      and ${all(recordFilter(sql`null`, sql`i.client_id`, sql`null`, filter))}
    group by g.tax_code_id, g.name, g.category, g.ppm, g.withholding, i.currency
    order by i.currency, g.withholding, g.category, g.ppm desc, g.name, g.tax_code_id`.execute(call.tx);
  const levied = found.map(({ currency, withholding, tax: amount }) => ({
    currency,
    tax: withholding ? '0' : amount,
    withheld: withholding ? amount : '0',
  }));
  return {
    columns: [
      { key: 'tax_code_id', label: 'Tax code id', type: 'id' },
      { key: 'tax_code', label: 'Tax code', type: 'text' },
      { key: 'category', label: 'Category', type: 'text' },
      { key: 'rate_percent', label: 'Rate %', type: 'percent' },
      { key: 'withheld', label: 'Withheld', type: 'boolean' },
      currencyColumn,
      { key: 'invoices', label: 'Invoices', type: 'number' },
      { key: 'credit_notes', label: 'Credit notes', type: 'number' },
      mixedMoney('taxable', 'Taxable'),
      mixedMoney('tax', 'Tax'),
    ],
    rows: found
      .slice(0, limit)
      .map((row) => [
        row.tax_code_id,
        row.name,
        row.category,
        formatPercent(row.ppm),
        row.withholding,
        row.currency,
        row.invoices,
        row.credit_notes,
        formatAmount(BigInt(row.taxable), row.currency),
        formatAmount(BigInt(row.tax), row.currency),
      ]),
    rowCount: found.length,
    totals: { currencies: columnTotals(levied, ['tax', 'withheld']) },
    notes: [
      'By issue date, as it stands on the documents: invoices and credit notes (negative), written-off invoices too; drafts and void documents are not in it.',
    ],
  };
};

/** Taxes by code and currency, for managers. */
export const taxReport: ReportKind = {
  takes: ['from', 'client_ids'],
  managers: true,
  scopes: ['billing:read'],
  ofDocuments: true,
  build: tax,
};
