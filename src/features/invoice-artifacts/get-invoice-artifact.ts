import { z } from 'zod';
import { operation } from '#operation/operation.ts';
import { artifactId, artifactView, findArtifact, viewArtifact } from './invoice-artifact.ts';

export const getInvoiceArtifact = operation({
  name: 'invoice_artifacts.get',
  title: 'Fetch a file of an invoice',
  summary: 'Show a file kept of an invoice, with a link to fetch it that is good for ten minutes.',
  guidance: 'Give the user the link, or fetch it; it needs no sign-in, so show it to nobody else.',
  effect: 'read',
  needs: { scope: 'invoices:read', role: 'manager', entitlement: 'invoicing' },
  input: z.object({ id: artifactId }),
  output: z.object({ artifact: artifactView.describe('The file.') }),
  async handle({ id }, call) {
    return { artifact: await viewArtifact(call, await findArtifact(call, id)) };
  },
});
