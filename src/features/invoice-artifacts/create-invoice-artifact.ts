import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { documentOf } from '#features/invoices/invoice-document.ts';
import { findInvoice } from '#features/invoices/invoice-view.ts';
import { operation } from '#operation/operation.ts';
import { artifactView, keepDocument, ofInvoice, storedArtifact, viewArtifact } from './invoice-artifact.ts';

export const createInvoiceArtifact = operation({
  name: 'invoice_artifacts.create',
  title: 'Make a file of an invoice',
  summary: 'Render an invoice or draft as it is now and keep the file; an equal file is not kept twice.',
  effect: 'create',
  needs: { scope: ['invoices:write', 'invoices:read'], role: 'manager', entitlement: 'invoicing' },
  input: z.object({
    invoice_id: ofInvoice,
    kind: z.enum(['pdf', 'html']).default('pdf').describe('Kind of file.'),
  }),
  output: z.object({ artifact: artifactView.describe('The file.') }),
  async handle({ invoice_id, kind }, call) {
    await lockRow(call.tx, 'invoices', invoice_id);
    const row = await findInvoice(call, invoice_id);
    const artifact = await keepDocument(call, row, await documentOf(call.tx, row), kind);
    call.changed({ id: artifact.id, after: storedArtifact(call, artifact) });
    return { artifact: await viewArtifact(call, artifact) };
  },
});
