import { type Act, type Answer } from './acting.ts';
import {
  costs,
  ownSupplier,
  ownTax,
  retainer,
  rounding,
  rule,
  supplier,
  type Tax,
  taxes,
  usualRate,
} from './story-of-money.ts';

/** Adds taxes, the supplier, how time is rounded, what it is billed at and costs, and a rule. Gives the ids of the taxes. */
export const plantTerms = async (
  act: Act,
  members: ReadonlyMap<string, string>,
): Promise<Record<Tax, string>> => {
  const ids: Partial<Record<Tax, string>> = {};
  for (const [key, tax] of Object.entries(taxes)) {
    ids[key as Tax] = (await act('tax_rates.create', tax))['tax_rate']!.id;
  }
  await act('settings.update', {
    rounding,
    invoice: { ...supplier, default_tax_id: ids.home },
  });
  await act('rates.set', { level: 'workspace', rate: usualRate });
  for (const [email, rate] of Object.entries(costs)) {
    await act('rates.set', { level: 'member', member_id: members.get(email), kind: 'cost', rate });
  }
  await act('rules.create', rule);
  return ids as Record<Tax, string>;
};

/** The same for somebody who works alone. */
export const plantOwnTerms = async (act: Act): Promise<void> => {
  const { tax_rate: tax } = await act('tax_rates.create', ownTax);
  await act('settings.update', { invoice: { ...ownSupplier, default_tax_id: tax!.id } });
};

type Invoice = Answer[string];

/** Notes that a draft was sent: it is issued, and nobody is e-mailed, for the people of the story have no mailboxes. */
const issued = async (act: Act, { id }: Invoice): Promise<Invoice> => {
  const { invoice, content_hash } = await act('invoices.get', { id });
  const { total, currency } = invoice!;
  const confirm = { content_hash, total, currency };
  return (await act('invoices.mark_sent', { id, confirm }))['invoice']!;
};

/** Drafts an invoice and issues it. */
export const plantInvoice = async (act: Act, input: object): Promise<Invoice> =>
  issued(act, (await act('invoices.create', input))['invoice']!);

/** Records money that came. */
export const plantPayment = async (
  act: Act,
  { id, currency, number }: Invoice,
  amount: string,
  on: Temporal.PlainDate,
): Promise<void> => {
  await act('invoice_payments.record', {
    invoice_id: id,
    amount,
    currency,
    paid_on: on.toString(),
    method: 'bank transfer',
    reference: number,
    idempotency_key: `story-${String(number)}-${on.toString()}`,
  });
};

/** Gives back two hours of the longest line, by a credit note. */
export const plantCredit = async (act: Act, { id, lines }: Invoice, reason: string): Promise<void> => {
  const [longest] = (lines as { id: string; quantity: string }[]).toSorted(
    (one, other) => Number(other.quantity) - Number(one.quantity),
  );
  const { invoice } = await act('invoices.credit', {
    id,
    reason,
    lines: [{ line_id: longest!.id, quantity: '2' }],
  });
  await issued(act, invoice!);
};

/** The client with the care plan: the series, and the invoice of before it. */
export const plantRetainer = async (
  act: Act,
  tax: string,
  startsOn: Temporal.PlainDate,
): Promise<Invoice> => {
  const { client } = await act('clients.create', { ...retainer.client, default_tax_id: tax });
  const first = await plantInvoice(act, { client_id: client!.id, lines: [retainer.line] });
  await act('recurring_invoices.create', {
    client_id: client!.id,
    name: retainer.name,
    schedule: { freq: 'monthly', day_of_month: 1 },
    starts_on: startsOn.toString(),
    source: 'lines',
    terms_days: retainer.client.payment_terms_days,
    lines: [retainer.line],
  });
  return first;
};

/** Half of an amount of two decimals. */
export const halfOf = (amount: string): string => {
  const half = BigInt(amount.replace('.', '')) / 2n;
  const digits = String(half).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
};
