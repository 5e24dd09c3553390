// What an invoice of 1,000 lines costs: made from 1,000 pieces of time, looked at, issued, drawn; beside the same by hand.
import { sql } from 'kysely';
import type { Transaction } from '#database/database.ts';
import { renderPdf } from '#documents/render-pdf.ts';
import type { InvoiceDocument } from '#documents/invoice-document.ts';
import type { House } from '#operation/run.ts';
import { confirmOf, finalize, makeClient } from '#testing/invoices.ts';
import { call, makeWorkspace, type Person } from '#testing/people.ts';
import { type Id, newId } from '#values/id.ts';
import { median, type Row } from './performance-page.ts';

const lines = 1_000;

/** A client with so many unbilled pieces of time, put there behind the doors. */
const work = async (house: House, person: Person): Promise<string> => {
  const { client, project } = await makeClient(house, person, { currency: 'EUR', rate: '60' });
  await house.database.inWorkspace(person.workspaceId, house.clock(), async (tx) => {
    await sql`insert into time_entries (id, membership_id, client_id, project_id, description, mode, state, timezone, local_date,
        duration_seconds, billable, rate_minor, currency, rate_source, source, created_at, updated_at)
      select 'ten_' || lpad(to_hex(n), 8, '0') || right(${client}, 18), ${person.membershipId}, ${client}, ${project}, 'work on ' || n, 'duration',
        'stopped', 'Europe/Berlin', date '2026-01-01' + (n % 300), 300 + n % 3600, true, 6000, 'EUR', 'client', 'web', now(), now()
      from generate_series(1, ${lines}::int) n`.execute(tx);
  });
  await house.database.run('analyze time_entries');
  return client;
};

const undone = new Error('undone');
/** Does something in a transaction that is then rolled back. */
const tried = async (
  house: House,
  person: Person,
  what: (tx: Transaction) => Promise<unknown>,
): Promise<void> => {
  const now = house.clock();
  await house.database
    .inWorkspace(person.workspaceId, now, async (tx) => {
      await what(tx);
      throw undone;
    })
    .catch((error: unknown) => {
      if (error !== undone) throw error;
    });
};

const emptyInvoice = async (
  tx: Transaction,
  person: Person,
  client: string,
  id: Id<'inv'>,
): Promise<void> => {
  await sql`insert into invoices (id, client_id, currency, issue_date, due_date, created_by)
    values (${id}, ${client}, 'EUR', current_date, current_date, ${person.membershipId})`.execute(tx);
};

/** What somebody would write by hand who wants no rounding, no taxes, no groups and no audit: four statements. */
const byHand = (house: House, person: Person, client: string) =>
  tried(house, person, async (tx) => {
    const id = newId('inv', house.clock());
    await emptyInvoice(tx, person, client, id);
    await sql`insert into invoice_lines (id, invoice_id, position, kind, description, quantity_num, quantity_den, unit, unit_price_minor,
        price_base, gross_minor, net_minor, raw_seconds, billed_seconds)
      select 'lin' || right(e.id, 27), ${id}, row_number() over (order by e.local_date, e.id), 'time', e.description, e.duration_seconds, 1,
        'second', e.rate_minor, 3600, round(e.duration_seconds * e.rate_minor / 3600.0), round(e.duration_seconds * e.rate_minor / 3600.0),
        e.duration_seconds, e.duration_seconds
      from time_entries e where e.client_id = ${client} and e.invoice_id is null and e.billable and e.state = 'stopped'`.execute(
      tx,
    );
    await sql`insert into invoice_line_entries (invoice_id, invoice_line_id, entry_id, billed_seconds, amount_minor)
      select ${id}, l.id, 'ten' || right(l.id, 27), l.billed_seconds, l.net_minor from invoice_lines l where l.invoice_id = ${id}`.execute(
      tx,
    );
    await sql`update invoices set (subtotal_minor, net_minor, total_minor) = (select sum(net_minor), sum(net_minor), sum(net_minor)
      from invoice_lines where invoice_id = ${id}) where id = ${id}`.execute(tx);
  });

/** What is written without a thought: two statements for every piece of time. */
const naive = (house: House, person: Person, client: string) =>
  tried(house, person, async (tx) => {
    const now = house.clock();
    const id = newId('inv', now);
    await emptyInvoice(tx, person, client, id);
    const { rows } = await sql<{
      id: string;
      description: string;
      seconds: number;
      rate: bigint;
    }>`select id, description,
        duration_seconds as seconds, rate_minor as rate from time_entries where client_id = ${client} and invoice_id is null`.execute(
      tx,
    );
    for (const [at, entry] of rows.entries()) {
      const line = newId('lin', now);
      const net = (BigInt(entry.seconds) * entry.rate) / 3600n;
      await sql`insert into invoice_lines (id, invoice_id, position, kind, description, quantity_num, quantity_den, unit, unit_price_minor,
          price_base, gross_minor, net_minor, raw_seconds, billed_seconds) values (${line}, ${id}, ${at}, 'time', ${entry.description},
          ${entry.seconds}, 1, 'second', ${entry.rate}, 3600, ${net}, ${net}, ${entry.seconds}, ${entry.seconds})`.execute(
        tx,
      );
      await sql`insert into invoice_line_entries (invoice_id, invoice_line_id, entry_id, billed_seconds, amount_minor)
        values (${id}, ${line}, ${entry.id}, ${entry.seconds}, ${net})`.execute(tx);
    }
  });

/** An invoice as rows, by hand. */
const read = (house: House, person: Person, id: string) =>
  tried(house, person, async (tx) => {
    await sql`select i.*, c.name from invoices i join clients c on c.id = i.client_id where i.id = ${id}`.execute(
      tx,
    );
    await sql`select * from invoice_lines where invoice_id = ${id} order by position`.execute(tx);
    await sql`select * from invoice_tax_groups where invoice_id = ${id}`.execute(tx);
  });

/** Measures on one store, taking turns; the rows of the table. */
export const longInvoices = async (house: House, store: string, rounds = 7): Promise<Row[]> => {
  const { mara } = await makeWorkspace(house);
  const times = new Map<string, number[]>();
  const timed = async <Result>(name: string, what: () => Promise<Result>): Promise<Result> => {
    const start = performance.now();
    const result = await what();
    times.set(name, [...(times.get(name) ?? []), performance.now() - start]);
    return result;
  };
  for (let round = 0; round <= rounds; round += 1) {
    const client = await work(house, mara);
    await timed('by hand', () => byHand(house, mara, client));
    if (round % 3 === 0) await timed('naive', () => naive(house, mara, client));
    const { invoice } = await timed('create', () =>
      call<{ invoice: { id: string; lines: unknown[] } }>(house, mara, 'invoices.create', {
        client_id: client,
        from_time: { group_by: 'entry' },
      }),
    );
    if (invoice.lines.length !== lines) throw new Error(`the invoice has ${invoice.lines.length} lines`);
    await timed('read', () => read(house, mara, invoice.id));
    await timed('get', () => confirmOf(house, mara, invoice.id));
    await timed('finalize', () => finalize(house, mara, invoice.id));
    const row = await house.database.identity
      .selectFrom('invoices')
      .select('document')
      .where('id', '=', invoice.id as Id<'inv'>)
      .executeTakeFirstOrThrow();
    await timed('pdf', () => renderPdf(row.document as InvoiceDocument));
    // The first round is for what is compiled and kept.
    if (round === 0) times.clear();
  }
  const ms = (name: string) => median(times.get(name)!);
  const told = (name: string) => `${Math.round(ms(name))} ms`;
  const ratio = (name: string, to: string) => `${(ms(name) / ms(to)).toFixed(1)}×`;
  return [
    [
      `invoices.create from ${lines} entries, ${store}, against bare SQL by hand`,
      `${ratio('create', 'by hand')} (${told('create')})`,
      '–',
      true,
    ],
    [
      'the same by a loop of two statements an entry, against ours',
      `${ratio('naive', 'create')} (${told('naive')})`,
      'above 1×',
      ms('naive') > ms('create'),
    ],
    [
      `invoices.get of ${lines} lines, ${store}, with its content hash, against its rows by hand`,
      `${ratio('get', 'read')} (${told('get')})`,
      '–',
      true,
    ],
    [`its PDF`, told('pdf'), '–', true],
    [
      `looked at and issued (invoices.get, invoices.finalize), against its PDF`,
      `${ratio('finalize', 'pdf')} (${told('finalize')})`,
      '–',
      true,
    ],
  ];
};
