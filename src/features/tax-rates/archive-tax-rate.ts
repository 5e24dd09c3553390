import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { checkVersion, expectedVersion } from '#operation/call.ts';
import { operation } from '#operation/operation.ts';
import { defaultsOf } from './tax-defaults.ts';
import { findTaxRate, taxIsDefault, taxRateId, taxRateView, viewTaxRate } from './tax-rate.ts';

export const archiveTaxRate = operation({
  name: 'tax_rates.archive',
  title: 'Archive a tax',
  summary: 'Archive a tax, so that no new line gets it, or bring it back. Invoices keep theirs.',
  effect: 'update',
  needs: { coarse: 'stint:admin', role: 'admin' },
  input: z.object({
    id: taxRateId,
    archived: z.boolean().default(true).describe('false brings it back.'),
    expected_version: expectedVersion,
  }),
  output: z.object({ tax_rate: taxRateView.describe('The tax as it is now.') }),
  refusals: [taxIsDefault],
  async handle({ id, archived, expected_version }, { tx, now, changed }) {
    await lockRow(tx, 'tax_codes', id);
    const before = await findTaxRate(tx, id);
    checkVersion(expected_version, before);
    const uses = await defaultsOf(tx, id);
    if (archived && (uses.clients > 0 || uses.workspace)) throw taxIsDefault(uses);
    if (archived !== (before.archived_at !== null)) {
      await tx
        .updateTable('tax_codes')
        .set({ archived_at: archived ? now : null })
        .where('id', '=', id)
        .execute();
    }
    const after = viewTaxRate(await findTaxRate(tx, id));
    changed({ id, before: viewTaxRate(before), after });
    return { tax_rate: after };
  },
});
