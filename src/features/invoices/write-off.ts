import type { Call } from '#operation/call.ts';
import { type Id, newId } from '#values/id.ts';
import { formatAmount } from '#values/money.ts';
import { invalidState, workspaceToday } from './invoice.ts';
import { settle } from './invoice-settle.ts';
import type { InvoiceRow } from './invoice-view.ts';
import { wouldBeNegative } from './issue.ts';

/** The refusals of `writeOff`. */
export const writeOffRefusals = [invalidState, wouldBeNegative] as const;

/**
 * Gives up what is owed of an issued invoice, or `amountMinor` (above zero) of it; gives the adjustment that says so. The caller holds
 * the invoice, and says afterwards what was done with it. All that is owed given up makes the invoice written off. Refuses
 * `invalid_state` and `would_be_negative`.
 */
export const writeOff = async (
  call: Call,
  row: InvoiceRow,
  { amountMinor, reason, on }: { amountMinor?: bigint; reason: string; on?: Temporal.PlainDate },
): Promise<Id<'adj'>> => {
  const { id, balance_minor: balance, currency } = row;
  const name = row.number ?? id;
  const message =
    row.kind === 'credit_note'
      ? `${name} is a credit note: nothing is owed of it.`
      : row.finalized_at === null
        ? `${name} is a draft: change it with invoices.update, or delete it with invoices.delete.`
        : row.status === 'void'
          ? `${name} was voided, so nothing is owed of it.`
          : row.status === 'written_off'
            ? `${name} was written off already.`
            : balance <= 0n
              ? `Nothing is owed of ${name}.`
              : null;
  if (message !== null) throw invalidState({ id, status: row.display_status, message });
  const amount = amountMinor ?? balance;
  if (amount > balance) {
    throw wouldBeNegative({
      total: formatAmount(balance - amount, currency),
      balance: formatAmount(balance, currency),
      currency,
    });
  }
  const adjustment = newId('adj', call.now);
  await call.tx
    .insertInto('invoice_adjustments')
    .values({
      id: adjustment,
      invoice_id: id,
      type: 'write_off',
      amount_minor: -amount,
      closes: amount === balance,
      reason,
      adjusted_on: on ?? workspaceToday(call),
      created_by: call.actor.membership.id,
    })
    .execute();
  await settle(call.tx, id);
  return adjustment;
};
