import { sql } from 'kysely';
import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { invalidState, invoiceId, workspaceToday } from '#features/invoices/invoice.ts';
import { taxIds } from '#features/invoices/invoice-line.ts';
import { findInvoice, type InvoiceRow, invoiceView, viewInvoice } from '#features/invoices/invoice-view.ts';
import { wouldBeNegative } from '#features/invoices/issue.ts';
import { writeOff } from '#features/invoices/write-off.ts';
import { checkTaxes, taxArchived } from '#features/tax-rates/tax-rate.ts';
import { roleCovers } from '#operation/actor.ts';
import type { Call } from '#operation/call.ts';
import { operation } from '#operation/operation.ts';
import { newId } from '#values/id.ts';
import { dateInput } from '#values/local-time.ts';
import { formatAmount, signedMoneyInput } from '#values/money.ts';
import { percentInput } from '#values/ratio.ts';
import { accessDenied, validationFailed } from '#values/refusal.ts';
import { signedAmount } from './adjustment-amount.ts';
import {
  adjustmentTypes,
  adjustmentView,
  findAdjustment,
  refuseUnadjustable,
  resum,
  viewAdjustment,
} from './invoice-adjustment.ts';

const refuseMoreThanOwed = ({ balance_minor: balance, currency }: InvoiceRow, amount: bigint): void => {
  if (amount <= balance) return;
  const text = (minor: bigint) => formatAmount(minor, currency);
  throw wouldBeNegative({ total: text(balance - amount), balance: text(balance), currency }, 'amount');
};

/** A write-off that was paid after all would take the fee as given up too. */
const refuseRecovered = async ({ tx }: Call, row: InvoiceRow): Promise<void> => {
  const { rows } = await sql<{
    sum: string;
  }>`select coalesce(-sum(amount_minor), 0)::text as sum from invoice_adjustments
    where invoice_id = ${row.id} and type = 'write_off' and reversed_at is null`.execute(tx);
  if (BigInt(rows[0]!.sum) === row.written_off_minor) return;
  const message = `What was written off of ${row.number!} was paid after all. Reverse its write_off first: invoice_adjustments.delete.`;
  throw invalidState({ id: row.id, status: row.display_status, message });
};

export const createInvoiceAdjustment = operation({
  name: 'invoice_adjustments.create',
  title: 'Adjust an invoice',
  summary:
    'Add a discount, surcharge, deposit or rounding to a draft; a late fee, goodwill credit or write-off to an issued invoice.',
  guidance: 'Taxes of an issued invoice change only by a credit note: invoices.credit.',
  effect: 'create',
  needs: { scope: ['invoices:write', 'invoices:read'], role: 'manager', entitlement: 'invoicing' },
  dryRun: true,
  input: z.object({
    invoice_id: invoiceId,
    type: z.enum(adjustmentTypes).describe('write_off needs an admin.'),
    amount: signedMoneyInput.optional().describe('Like "12.50"; only a rounding may be negative.'),
    percent: percentInput.optional().describe('Or percent of the subtotal; once issued, of the balance.'),
    tax_ids: taxIds.optional().describe('Of a discount or surcharge; default as the lines.'),
    reason: z.string().trim().min(1).max(500).describe('Why; on a draft the client reads it.'),
    date: dateInput.optional().describe('Its day; default today.'),
  }),
  output: z.object({
    adjustment: adjustmentView.describe('The adjustment.'),
    invoice: invoiceView.describe('The invoice as it is now.'),
  }),
  refusals: [invalidState, wouldBeNegative, taxArchived],
  async handle({ invoice_id, type, amount, percent, tax_ids, reason, date }, call) {
    const { tx, actor, now, zone, changed } = call;
    await lockRow(tx, 'invoices', invoice_id);
    const row = await findInvoice(call, invoice_id);
    if (type === 'write_off' && !roleCovers(actor.membership.role, 'admin')) {
      throw accessDenied({ because: 'A write-off needs an admin.', requires: 'role' }, 'type');
    }
    refuseUnadjustable(row, type);
    if (tax_ids !== undefined && type !== 'discount' && type !== 'surcharge') {
      throw validationFailed(
        { message: `Only a discount or surcharge has taxes, not a ${type}.` },
        'tax_ids',
      );
    }
    await checkTaxes(tx, [{ ids: tax_ids ?? [], field: 'tax_ids' }]);
    const amountMinor = signedAmount(row, type, { amount, percent });
    const on = date === undefined ? workspaceToday(call) : Temporal.PlainDate.from(date);
    if (type === 'credit') refuseMoreThanOwed(row, -amountMinor);
    if (type === 'late_fee') await refuseRecovered(call, row);
    let id = newId('adj', now);
    if (type === 'write_off') id = await writeOff(call, row, { amountMinor: -amountMinor, reason, on });
    else {
      await tx
        .insertInto('invoice_adjustments')
        .values({
          id,
          invoice_id,
          type,
          amount_minor: amountMinor,
          tax_code_ids: tax_ids === undefined ? null : [...tax_ids],
          reason,
          adjusted_on: on,
          created_by: actor.membership.id,
        })
        .execute();
      if (type === 'credit') {
        await sql`update invoices set credited_minor = credited_minor - ${amountMinor}::bigint where id = ${invoice_id}`.execute(
          tx,
        );
      }
    }
    const invoice = viewInvoice(await resum(call, row), zone);
    const adjustment = viewAdjustment(await findAdjustment(call, id), zone);
    changed({ id, after: { ...adjustment, invoice } });
    return { adjustment, invoice };
  },
});
