import { type Selectable, sql } from 'kysely';
import { lockRow } from '#database/lock-row.ts';
import type { Transaction } from '#database/database.ts';
import type { InvoicesRow } from '#database/rows.ts';
import type { Call } from '#operation/call.ts';
import { type Id, newId } from '#values/id.ts';
import { formatAmount } from '#values/money.ts';
import { refusal } from '#values/refusal.ts';
import { invalidState, reclaim, releaseClaims } from './invoice.ts';
import { settle } from './invoice-settle.ts';
import type { InvoiceRow } from './invoice-view.ts';

export const overCredit = refusal<{ number: string; left: string; currency: string }>(
  'over_credit',
  'conflict',
  'More would be credited than the invoice came to.',
  ({ number, left, currency }) =>
    /[1-9]/.test(left)
      ? `Of ${number} only ${left} ${currency} can still be credited. Leave lines out of the credit note, or lower their quantities: invoices.credit with lines, or invoices.update of its draft.`
      : `Nothing of ${number} can be credited any more: it was credited, written off or taken off already.`,
  { fixTool: 'invoices.update' },
);
export const creditSpent = refusal<{ id: string }>(
  'credit_spent',
  'conflict',
  'The credit that would be taken back was already used.',
  ({ id }) =>
    `The credit that came from ${id} was already used for other invoices, so it cannot be taken back. clients.credit_balance shows where; reverse those payments first.`,
  { fixTool: 'clients.credit_balance' },
);

/** Adds a movement to what we owe a client. Refuses nothing: the ledger's check on its balance does. */
export const moveCredit = async (
  { tx, now }: Call,
  movement: {
    client: Id<'cli'>;
    currency: string;
    amountMinor: bigint;
    source: 'overpayment' | 'credit_note' | 'applied' | 'refund' | 'reversal';
    invoice?: Id<'inv'> | null;
    payment?: Id<'pay'> | null;
  },
): Promise<void> => {
  if (movement.amountMinor === 0n) return;
  await tx
    .insertInto('client_credits')
    .values({
      id: newId('crd', now),
      client_id: movement.client,
      currency: movement.currency,
      amount_minor: movement.amountMinor,
      source: movement.source,
      invoice_id: movement.invoice ?? null,
      payment_id: movement.payment ?? null,
    })
    .execute();
};

/** What issued credit notes took off an invoice, in minor units; without one of them where that is named. */
const creditedBy = async (tx: Transaction, id: Id<'inv'>, besides?: Id<'inv'>): Promise<bigint> => {
  const { rows } = await sql<{
    sum: string;
  }>`select coalesce(sum(-payable_minor), 0)::text as sum from invoices
    where corrects_invoice_id = ${id} and status = 'sent' and id is distinct from ${besides ?? null}`.execute(
    tx,
  );
  return BigInt(rows[0]!.sum);
};

/** What a credit note gave its client as credit, beyond what was still owed. */
const ledgerOf = async (tx: Transaction, note: Id<'inv'>): Promise<bigint> => {
  const { rows } = await sql<{
    sum: string;
  }>`select coalesce(sum(amount_minor), 0)::text as sum from client_credits
    where invoice_id = ${note} and payment_id is null`.execute(tx);
  return BigInt(rows[0]!.sum);
};

/** What the credit notes of an invoice gave its client as credit, of what was paid on it. */
export const givenByNotes = async (tx: Transaction, invoice: Id<'inv'>): Promise<bigint> => {
  const { rows } = await sql<{
    sum: string;
  }>`select coalesce(sum(c.amount_minor), 0)::text as sum from client_credits c join invoices n on n.id = c.invoice_id
    where n.corrects_invoice_id = ${invoice} and c.payment_id is null`.execute(tx);
  return BigInt(rows[0]!.sum);
};

/**
 * Refuses `over_credit` where a credit note comes to more than can be credited of the invoice that it corrects: what other notes left of
 * it, as far as that is owed or was paid. What was written off or taken off as goodwill was never paid, so it is not given back either.
 * Gives what other notes left, in minor units. The caller holds the invoice.
 */
export const refuseOverCredit = async (
  tx: Transaction,
  invoice: Selectable<InvoicesRow>,
  note: InvoiceRow,
): Promise<bigint> => {
  const { id, currency, balance_minor: balance, paid_minor: paid } = invoice;
  const left = invoice.payable_minor - (await creditedBy(tx, id, note.id));
  const given = await givenByNotes(tx, id);
  const most = (balance > 0n ? balance : 0n) + (paid > given ? paid - given : 0n);
  const creditable = left < most ? left : most;
  if (-note.payable_minor > creditable) {
    throw overCredit({ number: invoice.number ?? id, left: formatAmount(creditable, currency), currency });
  }
  return left;
};

/** What a client has as credit in a currency; nobody else uses it until the transaction ends. */
export const heldCredit = async (tx: Transaction, client: Id<'cli'>, currency: string): Promise<bigint> => {
  const { rows } = await sql<{ balance: bigint }>`select balance_minor as balance from client_credit_balances
    where client_id = ${client} and currency = ${currency} for update`.execute(tx);
  return rows[0]?.balance ?? 0n;
};

/**
 * Lets an issued credit note count: it takes off what is still owed of the invoice it corrects; what is more becomes credit of the
 * client, and all of it where it corrects none. Refuses `over_credit`. With a note that credits the invoice whole, its time is free
 * again where that was asked for.
 */
export const applyCreditNote = async (call: Call, note: InvoiceRow): Promise<void> => {
  const { tx } = call;
  const amount = -note.payable_minor;
  const { client_id: client, currency } = note;
  let taken = 0n;
  if (note.corrects_invoice_id !== null) {
    const id = note.corrects_invoice_id;
    await lockRow(tx, 'invoices', id);
    const invoice = await tx
      .selectFrom('invoices')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    if (invoice.status === 'void') {
      const message = `${invoice.number ?? id} was voided, so there is nothing to credit. Delete this credit note.`;
      throw invalidState({ id, status: invoice.status, message });
    }
    const left = await refuseOverCredit(tx, invoice, note);
    const owed = invoice.balance_minor > 0n ? invoice.balance_minor : 0n;
    taken = amount < owed ? amount : owed;
    await tx
      .updateTable('invoices')
      .set({ credited_minor: invoice.credited_minor + taken })
      .where('id', '=', id)
      .execute();
    if (amount === left && note.releases_claims) await releaseClaims(call, id);
  }
  await moveCredit(call, {
    client,
    currency,
    amountMinor: amount - taken,
    source: 'credit_note',
    invoice: note.id,
  });
  await tx
    .updateTable('invoices')
    .set({ credited_minor: note.payable_minor })
    .where('id', '=', note.id)
    .execute();
};

/**
 * Takes back what an issued credit note did, before it is voided: what it credited is owed again, and the time that was free by it is
 * billed again. Refuses where the credit it gave was used, or that time was billed elsewhere.
 */
export const revokeCreditNote = async (call: Call, note: InvoiceRow): Promise<void> => {
  const { tx } = call;
  // Before the client's credit, in the order of everybody who pays: or two would wait for one another.
  if (note.corrects_invoice_id !== null) {
    await lockRow(tx, 'invoices', note.corrects_invoice_id);
    const invoice = await tx
      .selectFrom('invoices')
      .select('status')
      .where('id', '=', note.corrects_invoice_id)
      .executeTakeFirstOrThrow();
    if (invoice.status !== 'void') await reclaim(call, note.corrects_invoice_id);
  }
  const given = await ledgerOf(tx, note.id);
  const { client_id: client, currency } = note;
  if (given > (await heldCredit(tx, client, currency))) throw creditSpent({ id: note.number ?? note.id });
  await moveCredit(call, { client, currency, amountMinor: -given, source: 'reversal', invoice: note.id });
  if (note.corrects_invoice_id !== null) {
    const taken = -note.payable_minor - given;
    await sql`update invoices set credited_minor = credited_minor - ${String(taken)}::bigint
      where id = ${note.corrects_invoice_id}`.execute(tx);
    await settle(tx, note.corrects_invoice_id);
  }
  await sql`update invoices set credited_minor = 0 where id = ${note.id}`.execute(tx);
};
