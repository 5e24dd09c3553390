import type { House } from '#operation/run.ts';
import { finalize, makeClient, newKey, showInvoice } from './invoices.ts';
import { call, type Person } from './people.ts';

/** What tests read of a payment that was recorded or reversed. */
export interface PaymentAnswer {
  payment: { id: string; kind: string; amount: string; credit: string; reversed: { reason: string } | null };
  invoice: { id: string; number: string; status: string; paid: string; balance: string };
  client_credit: string;
}
/** What tests read of an adjustment that was made or reversed. */
export interface AdjustmentAnswer {
  adjustment: { id: string; type: string; amount: string; reversed: { reason: string } | null };
  invoice: { id: string; status: string; total: string; paid: string; balance: string };
}

/** An issued invoice over one amount, due in two weeks. */
export const makeIssued = async (
  house: House,
  person: Person,
  { total = '100.00', client, currency }: { total?: string; client?: string; currency?: string } = {},
): Promise<{ id: string; client: string }> => {
  const client_id =
    client ?? (await makeClient(house, person, currency === undefined ? {} : { currency })).client;
  const { invoice } = await call<{ invoice: { id: string } }>(house, person, 'invoices.create', {
    client_id,
    lines: [{ description: 'Work', unit_price: total, tax_ids: [] }],
  });
  await finalize(house, person, invoice.id);
  return { id: invoice.id, client: client_id };
};

/** Records a payment of that amount in EUR, today, or whatever else is said. */
export const record = (
  house: House,
  person: Person,
  invoice: string,
  amount: string,
  fields: object = {},
): Promise<PaymentAnswer> =>
  call<PaymentAnswer>(house, person, 'invoice_payments.record', {
    invoice_id: invoice,
    amount,
    currency: 'EUR',
    paid_on: house.clock().toZonedDateTimeISO('UTC').toPlainDate().toString(),
    idempotency_key: newKey(),
    ...fields,
  });

/** Reverses a payment. */
export const reverse = (house: House, person: Person, id: string): Promise<PaymentAnswer> =>
  call<PaymentAnswer>(house, person, 'invoice_payments.delete', { id, reason: 'Typed twice' });

/** Adjusts an invoice. */
export const adjust = (
  house: House,
  person: Person,
  invoice: string,
  type: string,
  fields: object,
): Promise<AdjustmentAnswer> =>
  call<AdjustmentAnswer>(house, person, 'invoice_adjustments.create', {
    invoice_id: invoice,
    type,
    reason: 'As agreed',
    ...fields,
  });

/** Takes an adjustment back. */
export const unadjust = (house: House, person: Person, id: string): Promise<AdjustmentAnswer> =>
  call<AdjustmentAnswer>(house, person, 'invoice_adjustments.delete', { id, reason: 'Not so' });

/** Credits an issued invoice whole, and issues the credit note. */
export const creditWhole = async (house: House, person: Person, id: string): Promise<string> => {
  const { invoice } = await call<{ invoice: { id: string } }>(house, person, 'invoices.credit', {
    id,
    reason: 'Not delivered',
  });
  await finalize(house, person, invoice.id);
  return invoice.id;
};

/** The credit of a client, by currency, and what moved it. */
export const creditOf = (house: House, person: Person, client: string) =>
  call<{
    balances: { currency: string; balance: string }[];
    data: { amount: string; source: string; payment_id: string | null; invoice: { id: string } | null }[];
    meta: { next_cursor: string | null };
  }>(house, person, 'clients.credit_balance', { client_id: client, limit: 100 });

/** The sums of an invoice and what it is called, for comparing. */
export const sumsOf = async (house: House, person: Person, id: string) => {
  const invoice = await showInvoice(house, person, id);
  const { status, total, paid, credited, written_off, late_fees, balance } = invoice;
  return { status, total, paid, credited, written_off, late_fees, balance };
};
