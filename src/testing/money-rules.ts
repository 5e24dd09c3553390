import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import type { Database } from '#database/database.ts';
import { historyRules, type Rules } from './half-done.ts';
import type { Written } from './writers.ts';

const issued = `i.finalized_at is not null and i.status <> 'void'`;
const paid = `(select coalesce(sum(case kind when 'refund' then credited_minor - amount_minor else amount_minor - credited_minor end), 0)
  from invoice_payments p where p.invoice_id = i.id and reversed_at is null)`;
const adjusted = (type: string) => `(select coalesce(sum(amount_minor), 0) from invoice_adjustments a
  where a.invoice_id = i.id and a.type = '${type}' and reversed_at is null)`;
const notes = `(select coalesce(sum(-n.payable_minor), 0) from invoices n where n.corrects_invoice_id = i.id and n.status = 'sent')`;
const ledgerOfNotes = `(select coalesce(sum(c.amount_minor), 0) from client_credits c join invoices n on n.id = c.invoice_id
  where n.corrects_invoice_id = i.id and c.payment_id is null)`;
const worth = `(e.duration_seconds::numeric * e.rate_minor / 3600)`;

/**
 * What invoicing keeps whatever happens at once, computed anew from the rows: the sums that are stored are never asked for the sums they
 * are held against. For stores whose time is worth whole minor units, so that nothing is rounded.
 */
export const moneyRules: Rules = {
  ...historyRules,
  'time is on one invoice that counts at most': `select entry_id from invoice_line_entries where active
    group by entry_id having count(*) > 1`,
  'time knows the invoice that claims it, and no other': `select coalesce(e.id::text, x.entry_id::text) from time_entries e
    full join (select * from invoice_line_entries where active) x on x.entry_id = e.id
    where e.invoice_id::text is distinct from x.invoice_id::text`,
  'what was voided claims no time': `select i.id from invoices i join invoice_line_entries x on x.invoice_id = i.id
    where i.status = 'void' and x.active`,
  'what was credited whole claims no time': `select i.id from invoices i join invoices n on n.corrects_invoice_id = i.id
    join invoice_line_entries x on x.invoice_id = i.id and x.active
    where n.status = 'sent' and n.releases_claims and n.payable_minor = -i.payable_minor and i.payable_minor > 0`,
  'what is not credited whole claims its time': `select i.id from invoices i join invoice_line_entries x on x.invoice_id = i.id and not x.active
    where ${issued} and i.kind = 'invoice' and ${notes} < i.payable_minor`,
  'billed and unbilled time come to all time': `select e.client_id from time_entries e
    left join invoice_line_entries x on x.entry_id = e.id and x.active where e.billable and e.deleted_at is null and e.state = 'stopped'
    group by 1 having sum(${worth}) <> sum(coalesce(x.amount_minor, ${worth}))`,
  'a line of time comes to what its time is worth': `select l.id from invoice_lines l join invoice_line_entries x on x.invoice_line_id = l.id
    where x.active group by l.id, l.gross_minor having l.gross_minor <> sum(x.amount_minor)`,
  'numbers run from one without gap or repeat': `select g.kind from (select kind, count(*) as given, count(distinct number) as numbers,
      min(right(number, 4)::int) as first, max(right(number, 4)::int) as last from invoices where number is not null group by kind) g
    full join number_series s on s.kind = g.kind
    where (g.given, g.numbers, g.first, g.last, s.next_value) is distinct from (g.given, g.given, 1, g.given::int, g.given::int + 1)`,
  'numbers follow the moments they were given at': `select number from (select number, finalized_at,
      lag(finalized_at) over (partition by kind order by number) as before from invoices where number is not null) x where finalized_at < before`,
  'an invoice comes to its lines and taxes': `select i.id from invoices i where
    i.subtotal_minor <> (select coalesce(sum(net_minor), 0) from invoice_lines l where l.invoice_id = i.id)
    or i.tax_minor <> (select coalesce(sum(tax_minor), 0) from invoice_tax_groups g where g.invoice_id = i.id and not withholding)
    or i.net_minor <> i.subtotal_minor - i.discount_minor + i.charges_minor`,
  'paid is the sum of the payments that count': `select i.id from invoices i where i.paid_minor <> ${paid}`,
  'late fees are the sum of those that count': `select i.id from invoices i where i.late_fees_minor <> ${adjusted('late_fee')}`,
  'credited is what credit notes and goodwill took off': `select i.id from invoices i where kind = 'invoice'
    and i.credited_minor <> ${notes} - ${ledgerOfNotes} - ${adjusted('credit')}`,
  'a credit note is used up exactly while it counts': `select i.id from invoices i where kind = 'credit_note'
    and i.credited_minor <> case when i.status = 'sent' then i.payable_minor else 0 end`,
  'written off is what was given up and is missing': `select i.id from invoices i where i.written_off_minor <>
    least(-${adjusted('write_off')}, greatest(i.payable_minor + ${adjusted('late_fee')} - i.credited_minor - ${paid}, 0))`,
  'the balance is what is left': `select i.id from invoices i where i.balance_minor <>
    i.total_minor - i.withholding_minor - i.deposit_minor - ${paid} - i.credited_minor - i.written_off_minor + ${adjusted('late_fee')}`,
  'nothing is paid or credited beyond what was owed': `select i.id, i.balance_minor::text from invoices i where ${issued} and i.kind = 'invoice'
    and i.balance_minor < 0`,
  'no more is credited than was charged': `select i.id from invoices i where ${issued} and i.kind = 'invoice' and ${notes} > i.payable_minor`,
  'the credit of a client is the sum of its movements, and never below nothing': `select b.client_id from client_credit_balances b
    where b.balance_minor < 0 or b.balance_minor <> (select coalesce(sum(amount_minor), 0) from client_credits c
      where c.client_id = b.client_id and c.currency = b.currency)`,
  'every movement has a balance': `select client_id from client_credits c where not exists (select from client_credit_balances b
    where b.client_id = c.client_id and b.currency = c.currency)`,
  'a payment moved as much credit as it says': `select p.id from invoice_payments p where
    (select coalesce(sum(amount_minor), 0) from client_credits c where c.payment_id = p.id) <>
    case when reversed_at is not null then 0 when kind = 'payment' then credited_minor
      when kind = 'refund' then -credited_minor else -amount_minor end`,
  'a credit note that was voided gave no credit': `select i.id from invoices i where i.kind = 'credit_note' and i.status <> 'sent'
    and (select coalesce(sum(amount_minor), 0) from client_credits c where c.invoice_id = i.id and c.payment_id is null) <> 0`,
  'what was issued has its frozen document': `select i.id from invoices i where i.finalized_at is not null and
    (i.document->>'number' is distinct from i.number or i.content_hash is null
      or i.document->>'currency' is distinct from i.currency::text)`,
  'what was issued has its file, whole': `select i.id from invoices i where i.finalized_at is not null and not exists (
    select from invoice_artifacts a join files f on f.workspace_id = a.workspace_id and f.sha256 = a.sha256
    where a.invoice_id = i.id and a.kind = 'pdf' and a.content_hash = i.content_hash and length(f.content) = a.bytes
      and encode(sha256(f.content), 'hex') = a.sha256)`,
};

const withoutMeta = (answer: unknown): unknown => {
  const { meta: _, ...rest } = (answer ?? {}) as Record<string, unknown>;
  return rest;
};

/** The record that an answer is about. */
export const aboutOf = (answer: unknown): string | null => {
  const { payment, adjustment, invoice, entry, deleted } = (answer ?? {}) as Record<string, { id?: string }>;
  return (
    (payment ?? adjustment ?? invoice ?? entry)?.id ?? (deleted as unknown as string | undefined) ?? null
  );
};

/** Acknowledged calls of which the store knows nothing, or something else; and numbers that were told and are not so. Empty is well. */
export const lostMoney = async (database: Database, calls: readonly Written[]): Promise<string[]> => {
  const done = calls.filter(({ outcome }) => outcome === 'done');
  const { identity } = database;
  const { rows } = await sql<{
    key: string;
    response: unknown;
  }>`select key, response from idempotency_keys`.execute(identity);
  const kept = new Map(rows.map((row) => [row.key, row]));
  const entries = await sql<{
    entry: string;
  }>`select distinct action || ' ' || entity_id as entry from audit_logs`.execute(identity);
  const told = new Set(entries.rows.map(({ entry }) => entry));
  const invoices = await sql<{
    id: string;
    number: string;
  }>`select id, number from invoices where number is not null`.execute(database.identity);
  const numbers = new Map(invoices.rows.map(({ id, number }) => [id, number]));
  return done.flatMap(({ tool, input, answer }) => {
    const row = kept.get(input.idempotency_key);
    const about = aboutOf(answer);
    const same = about !== null && isDeepStrictEqual(withoutMeta(row?.response), withoutMeta(answer));
    const faults =
      same && told.has(`${tool.replace(/_(?=[a-z]+(_off|_sent)?$)/, '.')} ${about}`)
        ? []
        : [`${tool} ${input.idempotency_key}: ${JSON.stringify({ answer, row }).slice(0, 600)}`];
    const { invoice } = (answer ?? {}) as { invoice?: { id: string; number: string | null } };
    if (invoice?.number != null && numbers.get(invoice.id) !== invoice.number)
      faults.push(`${invoice.id} was told to be ${invoice.number}, and is ${numbers.get(invoice.id)}`);
    return faults;
  });
};
