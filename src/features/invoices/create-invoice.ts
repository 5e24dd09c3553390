import { z } from 'zod';
import { clientArchived, clientId, currencyMismatch } from '#features/clients/client.ts';
import { taxArchived } from '#features/tax-rates/tax-rate.ts';
import { operation } from '#operation/operation.ts';
import { currencyInput } from '#values/money.ts';
import { notFound, validationFailed } from '#values/refusal.ts';
import { alreadyInvoiced, invalidState, invoiceId, invoiceKinds, nothingToInvoice } from './invoice.ts';
import { excludedView, viewExcluded } from './invoice-claims.ts';
import { makeDraft } from './invoice-draft.ts';
import { contentInput, draftFields } from './invoice-input.ts';
import { taxIds } from './invoice-line.ts';
import { changedInvoice, findInvoice, invoiceDetail } from './invoice-view.ts';

export const createInvoice = operation({
  name: 'invoices.create',
  title: 'Draft an invoice',
  summary: 'Draft an invoice from unbilled time, expenses and free lines. Its time is locked from then on.',
  guidance:
    'A draft has no number and is sent to nobody. Show the user invoices.preview; invoices.send or invoices.finalize comes after their yes.',
  effect: 'create',
  needs: { scope: ['invoices:write', 'invoices:read'], role: 'manager', entitlement: 'invoicing' },
  dryRun: true,
  input: z.object({
    client_id: clientId,
    currency: currencyInput.optional().describe('Default: the client’s.'),
    kind: z.enum(invoiceKinds).default('invoice').describe('credit_note: its lines are taken off.'),
    corrects_invoice_id: invoiceId.optional().describe('What a credit note corrects.'),
    ...contentInput,
    tax_ids: taxIds.optional().describe('Tax codes of the lines; default: the client’s or workspace’s.'),
    ...draftFields,
  }),
  output: z.object({
    invoice: invoiceDetail.describe('The draft.'),
    included_entries: z.number().int().describe('How many time entries it bills.'),
    excluded: excludedView,
  }),
  refusals: [nothingToInvoice, alreadyInvoiced, currencyMismatch, clientArchived, taxArchived, invalidState],
  async handle({ corrects_invoice_id: corrects, ...given }, call) {
    const { tx } = call;
    if (corrects !== undefined) {
      if (given.kind !== 'credit_note') {
        throw validationFailed(
          { message: 'Only a credit note corrects an invoice: give kind credit_note.' },
          'kind',
        );
      }
      const corrected = await tx
        .selectFrom('invoices')
        .select(['id', 'kind', 'status', 'client_id', 'currency', 'finalized_at'])
        .where('id', '=', corrects)
        .executeTakeFirst();
      if (corrected === undefined) throw notFound({}, 'corrects_invoice_id');
      if (corrected.client_id !== given.client_id) throw notFound({}, 'corrects_invoice_id');
      if (corrected.kind !== 'invoice' || corrected.finalized_at === null || corrected.status === 'void') {
        const message =
          'A credit note corrects an issued invoice that was not voided. Change a draft with invoices.update.';
        throw invalidState({ id: corrects, status: corrected.status, message }, 'corrects_invoice_id');
      }
      if ((given.currency ?? corrected.currency) !== corrected.currency) {
        const because = `The invoice is in ${corrected.currency}, so its credit note is too.`;
        throw currencyMismatch({ wanted: corrected.currency, given: given.currency!, because }, 'currency');
      }
      given.currency = corrected.currency;
    }
    if (given.kind === 'credit_note' && (given.from_time ?? given.expense_ids) !== undefined) {
      throw validationFailed(
        {
          message:
            'A credit note has free lines only; time stays on its invoice until that is credited whole.',
        },
        'from_time',
      );
    }
    const { id, claims, excluded } = await makeDraft(call, { ...given, corrects: corrects ?? null });
    return {
      invoice: await changedInvoice(call, await findInvoice(call, id)),
      included_entries: claims.length,
      excluded: viewExcluded(excluded),
    };
  },
});
