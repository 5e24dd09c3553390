import { z } from 'zod';
import { findInvoice } from '#features/invoices/invoice-view.ts';
import { operation } from '#operation/operation.ts';
import { artifactsOf, artifactView, ofInvoice, viewArtifact } from './invoice-artifact.ts';

export const listInvoiceArtifacts = operation({
  name: 'invoice_artifacts.list',
  title: 'List the files of an invoice',
  summary: 'List the files kept of an invoice, newest first, each with a link good for ten minutes.',
  effect: 'read',
  needs: { scope: 'invoices:read', role: 'manager', entitlement: 'invoicing' },
  input: z.object({ invoice_id: ofInvoice }),
  output: z.object({ data: z.array(artifactView).describe('The files.') }),
  async handle({ invoice_id }, call) {
    const { id } = await findInvoice(call, invoice_id);
    const rows = await artifactsOf(call, id);
    return { data: await Promise.all(rows.map((row) => viewArtifact(call, row))) };
  },
});
