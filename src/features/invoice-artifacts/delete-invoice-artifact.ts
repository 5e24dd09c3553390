import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { workspaceToday } from '#features/invoices/invoice.ts';
import { operation } from '#operation/operation.ts';
import { artifactId, findArtifact, retentionLocked, storedArtifact } from './invoice-artifact.ts';

export const deleteInvoiceArtifact = operation({
  name: 'invoice_artifacts.delete',
  title: 'Delete a file of an invoice',
  summary: 'Delete a file that was not sent. What was sent is kept for ten years.',
  guidance: 'A deliberate act of the user. The invoice itself stays as it is.',
  effect: 'delete',
  needs: { scope: ['invoices:write', 'invoices:read'], role: 'admin', entitlement: 'invoicing' },
  input: z.object({ id: artifactId }),
  output: z.object({ deleted: artifactId.describe('The deleted file.') }),
  refusals: [retentionLocked],
  async handle({ id }, call) {
    const { invoice_id: invoice } = await findArtifact(call, id);
    await lockRow(call.tx, 'invoices', invoice);
    const row = await findArtifact(call, id);
    const until = row.retention_until;
    if (until !== null && Temporal.PlainDate.compare(workspaceToday(call), until) <= 0) {
      throw retentionLocked({ id, retention_until: until.toString() });
    }
    await call.tx.deleteFrom('invoice_artifacts').where('id', '=', id).execute();
    call.changed({ id, before: storedArtifact(call, row) });
    return { deleted: id };
  },
});
