import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { invoiceSettings } from '#features/settings/settings.ts';
import { taxArchived } from '#features/tax-rates/tax-rate.ts';
import { type Call, checkVersion, expectedVersion } from '#operation/call.ts';
import { operation } from '#operation/operation.ts';
import { validationFailed } from '#values/refusal.ts';
import { alreadyInvoiced, invalidState, invoiceId, refuseIssued } from './invoice.ts';
import { excludedView, viewExcluded } from './invoice-claims.ts';
import { addContent } from './invoice-draft.ts';
import { contentInput, draftFields, dueDateOf, usualTaxes } from './invoice-input.ts';
import { changeLines, lineChanges } from './invoice-line-changes.ts';
import { discountColumns } from './invoice-line.ts';
import { recompute } from './invoice-sums.ts';
import {
  changedInvoice,
  findInvoice,
  invoiceDetail,
  type InvoiceRow,
  storedInvoice,
} from './invoice-view.ts';

/** What may still be said of an invoice that was issued: none of it changes what is owed. */
const afterIssue = new Set(['due_date', 'terms_days', 'notes', 'purchase_order']);

/** Takes back that an invoice will be sent; a draft stays one. */
const unschedule = async (call: Call, row: InvoiceRow): Promise<InvoiceRow> => {
  if (row.status !== 'scheduled') {
    refuseIssued(row, 'taking it back');
    return row;
  }
  await call.tx
    .updateTable('invoices')
    .set({ status: 'draft', send_at: null, send_request: null })
    .where('id', '=', row.id)
    .execute();
  return findInvoice(call, row.id);
};

export const updateInvoice = operation({
  name: 'invoices.update',
  title: 'Change a draft',
  summary: 'Change a draft invoice. Of an issued one only due date, notes and purchase order change.',
  effect: 'update',
  needs: { scope: ['invoices:write', 'invoices:read'], role: 'manager', entitlement: 'invoicing' },
  dryRun: true,
  input: z.object({
    id: invoiceId,
    ...draftFields,
    ...lineChanges,
    ...contentInput,
    scheduled: z.literal(false).optional().describe('Take a scheduled one back to a draft.'),
    expected_version: expectedVersion,
  }),
  output: z.object({
    invoice: invoiceDetail.describe('The invoice as it is now.'),
    excluded: excludedView,
  }),
  refusals: [invalidState, alreadyInvoiced, taxArchived],
  async handle({ id, scheduled, expected_version, ...given }, call) {
    const { tx } = call;
    await lockRow(tx, 'invoices', id);
    const found = await findInvoice(call, id);
    checkVersion(expected_version, found);
    const before = await storedInvoice(call, found);
    if (found.status === 'void') {
      const message = `${found.number ?? id} was voided and does not change any more. invoices.duplicate makes a draft like it.`;
      throw invalidState({ id, status: found.status, message });
    }
    const row = scheduled === undefined ? found : await unschedule(call, found);
    const fields = Object.keys(given).filter((name) => given[name as keyof typeof given] !== undefined);
    // Of what is scheduled nothing changes: it would no longer be what was agreed to.
    const first = fields.find((name) => row.status === 'scheduled' || !afterIssue.has(name));
    if (first !== undefined) refuseIssued(row, `changing ${first}`);
    const issued =
      given.issue_date === undefined ? row.issue_date : Temporal.PlainDate.from(given.issue_date);
    const due = dueDateOf(issued, given, row.issue_date.until(row.due_date).days);
    const text = <Name extends 'purchase_order' | 'buyer_reference' | 'notes'>(name: Name) =>
      given[name] === undefined ? {} : { [name]: given[name] };
    await tx
      .updateTable('invoices')
      .set({
        issue_date: issued,
        due_date: due,
        ...(given.language === undefined ? {} : { language: given.language }),
        ...(given.prices_include_tax === undefined ? {} : { prices_include_tax: given.prices_include_tax }),
        ...(given.discount === undefined
          ? {}
          : discountColumns(given.discount, row.currency, { sign: row.kind === 'credit_note' ? -1n : 1n })),
        ...text('purchase_order'),
        ...text('buyer_reference'),
        ...text('notes'),
      })
      .where('id', '=', id)
      .execute();
    const { from_time, expense_ids, lines } = given;
    if (row.kind === 'credit_note' && (from_time ?? expense_ids) !== undefined) {
      throw validationFailed({ message: 'A credit note has free lines only.' }, 'from_time');
    }
    let excluded: z.input<typeof excludedView> = [];
    if (row.status === 'draft') {
      await changeLines(call, row, given);
      if (from_time !== undefined || expense_ids !== undefined || lines !== undefined) {
        const client = await tx
          .selectFrom('clients')
          .select('default_tax_id')
          .where('id', '=', row.client_id)
          .executeTakeFirstOrThrow();
        const taxes = await usualTaxes(tx, client, await invoiceSettings(tx));
        const sign = row.kind === 'credit_note' ? -1n : 1n;
        const language = given.language ?? row.language;
        const draft = { id, client: row.client_id, currency: row.currency, language, taxes, sign };
        excluded = viewExcluded((await addContent(call, draft, { from_time, expense_ids, lines })).excluded);
      }
      await recompute(tx, id);
    }
    return { invoice: await changedInvoice(call, await findInvoice(call, id), before), excluded };
  },
});
