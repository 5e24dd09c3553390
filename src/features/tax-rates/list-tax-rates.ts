import { sql } from 'kysely';
import { z } from 'zod';
import { operation } from '#operation/operation.ts';
import { page, pageInput, pageOf, readCursor } from '#values/page.ts';
import { taxRateView, viewTaxRate } from './tax-rate.ts';

export const listTaxRates = operation({
  name: 'tax_rates.list',
  title: 'List taxes',
  summary: 'List the tax codes that lines of invoices can have.',
  effect: 'read',
  needs: { scope: 'invoices:read', role: 'manager' },
  input: z.object({
    archived: z.boolean().default(false).describe('true: archived ones too.'),
    ...pageInput,
  }),
  output: pageOf(taxRateView),
  async handle({ archived, limit, cursor }, { tx }) {
    const after = readCursor(cursor, ['text', 'text']);
    let query = tx
      .selectFrom('tax_codes')
      .selectAll()
      .orderBy(sql`lower(name)`)
      .orderBy('id')
      .limit(limit + 1);
    if (!archived) query = query.where('archived_at', 'is', null);
    if (after !== null)
      query = query.where(sql<boolean>`(lower(name), id) > (lower(${after[0]}), ${after[1]})`);
    const rows = page(await query.execute(), limit, ({ name, id }) => [name, id]);
    return { ...rows, data: rows.data.map(viewTaxRate) };
  },
});
