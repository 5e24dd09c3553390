import { type Selectable, sql } from 'kysely';
import { z } from 'zod';
import type { Transaction } from '#database/database.ts';
import type { TaxCodesRow } from '#database/rows.ts';
import { counted } from '#values/counted.ts';
import { type Id, idSchema } from '#values/id.ts';
import type { TaxCategory } from '#values/invoice-taxes.ts';
import { formatPercent } from '#values/ratio.ts';
import { notFound, refusal, validationFailed } from '#values/refusal.ts';

export const taxRateId = idSchema('tax');

/**
 * The categories that a tax can be of.
 *
 * @see UNTDID 5305 as EN 16931-1 restricts it (BT-118): standard, zero rated, exempt, reverse charge, intra-community supply,
 * export, not subject to tax, IGIC of the Canaries, IPSI of Ceuta and Melilla.
 */
export const taxCategories = [
  'S',
  'Z',
  'E',
  'AE',
  'K',
  'G',
  'O',
  'L',
  'M',
] as const satisfies readonly TaxCategory[];

/** A tax code as every door shows it. */
export const taxRateView = z.object({
  id: taxRateId,
  name: z.string().describe('Its name, as invoices show it.'),
  percent: z.string().describe('Percent, like "19".'),
  category: z.enum(taxCategories).describe('EN 16931 category.'),
  compound_order: z.number().int().describe('Above 0: also taxes the taxes of lower orders.'),
  withholding: z.boolean().describe('Kept back by the client instead of added.'),
  exemption_reason: z.string().nullable().describe('Why no tax is charged.'),
  exemption_code: z.string().nullable().describe('VATEX code of the reason.'),
  country: z.string().nullable().describe('ISO 3166 code.'),
  archived: z.boolean().describe('Not offered for new lines.'),
  version: z.number().int().describe('Give it as expected_version.'),
});

export const taxIsDefault = refusal<{ clients: number; workspace: boolean }>(
  'tax_in_use',
  'conflict',
  'The tax is the default of clients or of the workspace.',
  ({ clients, workspace }) =>
    `This tax is the default of ${[...(clients > 0 ? [counted(clients, 'client')] : []), ...(workspace ? ['the workspace'] : [])].join(' and ')}, whose invoices would silently go out without it. Put another in its place: tax_rates.create with supersedes, or change those defaults first.`,
  { fixTool: 'tax_rates.create' },
);
export const taxArchived = refusal<{ id: string; name: string }>(
  'tax_archived',
  'conflict',
  'The tax is archived: nothing new is taxed with it.',
  ({ id, name }) => `The tax "${name}" (${id}) is archived. Use another one that tax_rates.list gives.`,
  { fixTool: 'tax_rates.list' },
);

/** A row as a `taxRateView`. */
export const viewTaxRate = (row: Selectable<TaxCodesRow>): z.output<typeof taxRateView> => ({
  id: row.id,
  name: row.name,
  percent: formatPercent(row.ppm),
  category: row.category,
  compound_order: row.compound_order,
  withholding: row.withholding,
  exemption_reason: row.exemption_reason,
  exemption_code: row.exemption_code,
  country: row.country,
  archived: row.archived_at !== null,
  version: row.version,
});

/** The tax code of that id, or `not_found`. */
export const findTaxRate = async (tx: Transaction, id: Id<'tax'>): Promise<Selectable<TaxCodesRow>> => {
  const row = await tx.selectFrom('tax_codes').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound({});
  return row;
};

/** Tax codes that are to be on one line together, and the argument that names them. */
export interface TaxChoice {
  readonly ids: readonly string[];
  readonly field: string;
}

/**
 * Refuses tax codes that are not there or are archived, and those of different VAT categories on one line: it has exactly one. Holds them
 * until the transaction ends, so that they stay in use.
 *
 * @see EN 16931-1:2017, BT-151 (of a line) and BT-95 and BT-102 (of allowances and charges). What is withheld is no VAT.
 */
export const checkTaxes = async (tx: Transaction, choices: readonly TaxChoice[]): Promise<void> => {
  const wanted = [...new Set(choices.flatMap(({ ids }) => ids))];
  if (wanted.length === 0) return;
  const rows = await tx
    .selectFrom('tax_codes')
    .select(['id', 'name', 'category', 'withholding', 'archived_at'])
    .where(sql<boolean>`id = any(${wanted}::text[])`)
    .forShare()
    .execute();
  const codes = new Map<string, (typeof rows)[number]>(rows.map((row) => [row.id, row]));
  for (const { ids, field } of choices) {
    const taxes = ids.map((id) => {
      const tax = codes.get(id);
      if (tax === undefined) throw notFound({}, field);
      if (tax.archived_at !== null) throw taxArchived({ id, name: tax.name }, field);
      return tax;
    });
    const [first, ...others] = taxes.filter(({ withholding }) => !withholding);
    const other = others.find(({ category }) => category !== first!.category);
    if (other !== undefined) {
      const message = `"${first!.name}" (category ${first!.category}) and "${other.name}" (${other.category}) cannot be on one line: a line has one VAT category. Give each a line of its own.`;
      throw validationFailed({ message }, field);
    }
  }
};
