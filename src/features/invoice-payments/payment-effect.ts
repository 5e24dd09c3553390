import { sql } from 'kysely';
import { lockRow } from '#database/lock-row.ts';
import type { Transaction } from '#database/database.ts';
import { creditSpent, givenByNotes, heldCredit } from '#features/invoices/credit-note.ts';
import { invalidState } from '#features/invoices/invoice.ts';
import { findInvoice, type InvoiceRow } from '#features/invoices/invoice-view.ts';
import type { Call } from '#operation/call.ts';
import type { Id } from '#values/id.ts';
import { formatAmount } from '#values/money.ts';
import {
  notEnoughCredit,
  overpayment,
  overRefund,
  type PaymentKind,
  type PaymentRow,
} from './invoice-payment.ts';

/** What a payment moves in the client's ledger, and how much of its amount that is. */
export interface Effect {
  /** Of the amount, what does not count on the invoice: see invoice_payments.credited_minor. */
  readonly creditedMinor: bigint;
  /** What the ledger gains. */
  readonly ledgerMinor: bigint;
  readonly source: 'overpayment' | 'applied' | 'refund';
}

const least = (one: bigint, other: bigint): bigint => (one < other ? one : other);
const atLeastZero = (amount: bigint): bigint => (amount > 0n ? amount : 0n);

/** The invoice, held until the transaction ends; where it is a credit note, with the invoice it corrects: they share what can be refunded. */
export const holdInvoice = async (call: Call, id: Id<'inv'>): Promise<InvoiceRow> => {
  await lockRow(call.tx, 'invoices', id);
  const row = await findInvoice(call, id);
  if (row.corrects_invoice_id !== null) await lockRow(call.tx, 'invoices', row.corrects_invoice_id);
  return row;
};

/** Of the client's credit, what came from this invoice and its credit notes and was not refunded yet. Some of it may have been used. */
const creditFrom = async (tx: Transaction, row: InvoiceRow): Promise<bigint> => {
  const root = row.corrects_invoice_id ?? row.id;
  const { rows } = await sql<{ sum: string }>`
    with documents as (select id from invoices where id = ${root} or corrects_invoice_id = ${root})
    select ((select coalesce(sum(case kind when 'refund' then -credited_minor else credited_minor end), 0) from invoice_payments
        where invoice_id in (select id from documents) and reversed_at is null)
      + (select coalesce(sum(amount_minor), 0) from client_credits
        where invoice_id in (select id from documents) and payment_id is null))::text as sum`.execute(tx);
  return BigInt(rows[0]!.sum);
};

/** Of what was paid on an invoice, what is still there: neither refunded nor made credit of the client by a credit note. */
const keptOn = async (tx: Transaction, row: InvoiceRow): Promise<bigint> =>
  atLeastZero(row.paid_minor - (await givenByNotes(tx, row.id)));

/** What may be paid on an invoice: what is owed, and what was given up of it. */
const payable = (row: InvoiceRow): bigint => atLeastZero(row.balance_minor + row.written_off_minor);

/** Refuses what cannot be paid: drafts, voided ones, and credit notes but by a refund. */
export const refuseUnpayable = (row: InvoiceRow, kind: PaymentKind): void => {
  const name = row.number ?? row.id;
  const message =
    row.finalized_at === null
      ? `${name} is a draft. Issue it first: invoices.send, invoices.mark_sent or invoices.finalize.`
      : row.status === 'void'
        ? `${name} was voided, so nothing is paid on it. clients.credit_balance and invoices.list show what is still open.`
        : row.kind === 'credit_note' && kind !== 'refund'
          ? `${name} is a credit note. Use its credit on an invoice with kind credit_applied, or pay it out with kind refund.`
          : null;
  if (message !== null) throw invalidState({ id: row.id, status: row.display_status, message });
};

/**
 * What a payment of that kind and amount does. A payment covers what is owed, then what was written off; the rest is refused, or becomes
 * credit of the client. A refund pays out what this invoice left the client as credit (by overpayment or credit note) while it is not
 * used; only beyond that is it taken from what was paid, and owed again. Refuses `overpayment`, `over_refund`, `not_enough_credit`.
 */
export const effectOf = async (
  { tx }: Call,
  row: InvoiceRow,
  { kind, amountMinor, keepsExcess }: { kind: PaymentKind; amountMinor: bigint; keepsExcess: boolean },
): Promise<Effect> => {
  const { currency, client_id: client } = row;
  const amount = formatAmount(amountMinor, currency);
  if (kind === 'refund') {
    const kept = await keptOn(tx, row);
    const credit = atLeastZero(least(await creditFrom(tx, row), await heldCredit(tx, client, currency)));
    const fromCredit = least(amountMinor, credit);
    if (amountMinor - fromCredit > kept) {
      throw overRefund({ refundable: formatAmount(kept + credit, currency), currency }, 'amount');
    }
    return { creditedMinor: fromCredit, ledgerMinor: -fromCredit, source: 'refund' };
  }
  const excess = amountMinor - least(amountMinor, payable(row));
  if (excess > 0n && (kind === 'credit_applied' || !keepsExcess)) {
    const balance = formatAmount(payable(row), currency);
    throw overpayment({ balance, amount, currency, credit: kind === 'credit_applied' }, 'amount');
  }
  if (kind === 'payment') return { creditedMinor: excess, ledgerMinor: excess, source: 'overpayment' };
  const available = await heldCredit(tx, client, currency);
  if (amountMinor > available) {
    throw notEnoughCredit({ available: formatAmount(available, currency), currency }, 'amount');
  }
  return { creditedMinor: 0n, ledgerMinor: -amountMinor, source: 'applied' };
};

/**
 * Refuses to reverse what other things stand on by now; gives what the ledger gains where nothing does. Refuses `invalid_state`,
 * `credit_spent`.
 */
export const undoOf = async ({ tx }: Call, row: InvoiceRow, payment: PaymentRow): Promise<bigint> => {
  const { id, kind, amount_minor: amountMinor, credited_minor: credited, currency } = payment;
  const counted = amountMinor - credited;
  const name = row.number ?? row.id;
  const refuse = (message: string) => {
    throw invalidState({ id, status: row.display_status, message });
  };
  if (payment.reversed_at !== null) {
    refuse(`This payment was reversed already: ${payment.reverse_reason!}.`);
  }
  if (row.status === 'void') refuse(`${name} was voided since, so its payments stay as they are.`);
  if (kind === 'refund') {
    if (counted > payable(row)) {
      refuse(
        `Since this refund ${name} was paid or credited again, so without it more would be paid than was owed. Reverse the later payment first, or void the later credit note.`,
      );
    }
    return credited;
  }
  if (counted > (await keptOn(tx, row))) {
    refuse(
      counted > row.paid_minor
        ? `Of this payment a part was refunded since. Reverse the refund first: invoice_payments.delete.`
        : `A credit note gave what was paid on ${name} to the client as credit. Void that credit note first: invoices.void.`,
    );
  }
  if (kind === 'credit_applied') return amountMinor;
  const held = least(await creditFrom(tx, row), await heldCredit(tx, row.client_id, currency));
  if (credited > 0n && credited > held) throw creditSpent({ id });
  return -credited;
};
