import { sql } from 'kysely';
import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import type { Call } from '#operation/call.ts';
import { operation } from '#operation/operation.ts';
import { countryInput } from '#values/country.ts';
import { type Id, newId } from '#values/id.ts';
import { parsePercent, percentInput } from '#values/ratio.ts';
import { findTaxRate, taxCategories, taxRateId, taxRateView, viewTaxRate } from './tax-rate.ts';
import { moveDefaults } from './tax-defaults.ts';
import { refuseWrongTax } from './tax-rules.ts';

/** Says so when another tax in use has this name: it is allowed, and seldom meant. */
const warnOfSameName = async ({ tx, warn }: Call, name: string, self: Id<'tax'>): Promise<void> => {
  const other = await tx
    .selectFrom('tax_codes')
    .select(['id', 'name'])
    .where('id', '<>', self)
    .where('archived_at', 'is', null)
    .where(sql<boolean>`lower(name) = lower(${name})`)
    .limit(1)
    .executeTakeFirst();
  if (other !== undefined) warn(`Another tax is called "${other.name}" too (${other.id}).`);
};

export const createTaxRate = operation({
  name: 'tax_rates.create',
  title: 'Add a tax',
  summary: 'Add a tax code for lines of invoices.',
  guidance:
    'A tax never changes: give supersedes to archive an old one and put this in its place as default.',
  effect: 'create',
  needs: { coarse: 'stint:admin', role: 'admin' },
  input: z.object({
    name: z.string().trim().min(1).max(60).describe('Name on invoices, like "VAT 19 %".'),
    percent: percentInput,
    category: z
      .enum(taxCategories)
      .default('S')
      .describe(
        'EN 16931: S standard, Z zero, E exempt, AE reverse charge, K intra-community, G export, O not subject, L IGIC, M IPSI.',
      ),
    compound_order: z.number().int().min(0).max(9).default(0).describe('Above 0: taxes lower orders too.'),
    withholding: z.boolean().default(false).describe('Kept back by the client instead of added.'),
    exemption_reason: z.string().trim().min(1).max(300).nullish().describe('Why no tax: E, AE, K, G, O.'),
    exemption_code: z
      .string()
      .trim()
      .toUpperCase()
      .refine((text) => /^VATEX-[A-Z0-9-]{1,34}$/.test(text), {
        error: 'must be a VATEX code like VATEX-EU-AE',
      })
      .nullish()
      .describe('Its VATEX code, like VATEX-EU-AE.'),
    country: countryInput.nullish(),
    supersedes: taxRateId.optional().describe('The tax it replaces, which is archived.'),
  }),
  output: z.object({ tax_rate: taxRateView.describe('The new tax.') }),
  async handle({ supersedes, percent, ...given }, call) {
    const { tx, now, changed } = call;
    const ppm = parsePercent(percent, { field: 'percent' });
    const { name, category, compound_order, withholding } = given;
    const { exemption_reason = null, exemption_code = null, country = null } = given;
    refuseWrongTax({ category, ppm, withholding, reason: exemption_reason, code: exemption_code });
    const id = newId('tax', now);
    const facts = {
      name,
      ppm,
      category,
      compound_order,
      withholding,
      exemption_reason,
      exemption_code,
      country,
    };
    await tx
      .insertInto('tax_codes')
      .values({ id, ...facts })
      .execute();
    if (supersedes !== undefined) {
      await lockRow(tx, 'tax_codes', supersedes);
      const old = await findTaxRate(tx, supersedes);
      await moveDefaults(tx, supersedes, id);
      await tx
        .updateTable('tax_codes')
        .set({ archived_at: old.archived_at ?? now })
        .where('id', '=', supersedes)
        .execute();
    }
    await warnOfSameName(call, name, id);
    const view = viewTaxRate(await findTaxRate(tx, id));
    changed({ id, after: { ...view, ...(supersedes === undefined ? {} : { supersedes }) } });
    return { tax_rate: view };
  },
});
