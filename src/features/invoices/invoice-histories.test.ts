import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { finalize, makeClient } from '#testing/invoices.ts';
import { call, makeWorkspace, type Person } from '#testing/people.ts';
import { log } from '#testing/time.ts';
import { Refusal } from '#values/refusal.ts';

const house = await openTestHouse();
const entryCount = 6;

type Step =
  | { do: 'create'; entries: number[] }
  | { do: 'create_all' }
  | { do: 'delete' | 'finalize' | 'void' | 'credit' | 'take_off'; invoice: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('create' as const),
    entries: fc.uniqueArray(fc.nat(entryCount - 1), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ do: fc.constant('create_all' as const) }),
  fc.record({
    do: fc.constantFrom(
      'delete' as const,
      'finalize' as const,
      'void' as const,
      'credit' as const,
      'take_off' as const,
    ),
    invoice: fc.nat(7),
  }),
);
/** Steps that are made at the same time, after one another. */
const history = fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 7 });

interface Billed {
  entry: string;
  active: number;
  on: string | null;
  claimed_by: string | null;
  seconds: number;
  billed: number;
}

/** A client with six hours of time at 60.00, and what can be done to it. */
const work = async () => {
  const { id: workspace, ada, teo } = await makeWorkspace(house);
  const { client, project } = await makeClient(house, ada, { rate: '60' });
  const entries: string[] = [];
  for (let at = 0; at < entryCount; at += 1) {
    const entry = { project_id: project, date: `2026-10-0${at + 1}`, duration_seconds: 3600 };
    entries.push((await log(house, teo, entry)).id);
  }
  const invoices: string[] = [];
  const create = async (from_time: object) => {
    const made = await call<{ invoice: { id: string } }>(house, ada, 'invoices.create', {
      client_id: client,
      from_time,
    });
    invoices.push(made.invoice.id);
  };
  const act = async (person: Person, todo: Step): Promise<void> => {
    if (todo.do === 'create') return create({ entry_ids: todo.entries.map((at) => entries[at]!) });
    if (todo.do === 'create_all') return create({ group_by: 'day' });
    const id = invoices[todo.invoice];
    if (id === undefined) return;
    if (todo.do === 'delete') await call(house, person, 'invoices.delete', { id });
    if (todo.do === 'void') await call(house, person, 'invoices.void', { id, reason: 'Wrong' });
    if (todo.do === 'finalize') await finalize(house, person, id);
    if (todo.do === 'take_off') {
      const { entries: billed } = await call<{ entries: { entry_id: string }[] }>(
        house,
        person,
        'invoices.get',
        { id, include: ['entries'] },
      );
      if (billed.length > 0)
        await call(house, person, 'invoices.update', { id, remove_entry_ids: [billed[0]!.entry_id] });
    }
    if (todo.do === 'credit') {
      const { invoice } = await call<{ invoice: { id: string } }>(house, person, 'invoices.credit', {
        id,
        reason: 'Wrong',
      });
      await finalize(house, person, invoice.id);
    }
  };
  /** What people are told to expect: everything else is a fault. */
  const tried = (todo: Step) =>
    act(ada, todo).catch((error: unknown) => {
      if (!(error instanceof Refusal) || error.code === 'internal_error') throw error;
    });
  const seen = <Row>(query: ReturnType<typeof sql<Row>>) =>
    query.execute(house.database.identity).then(({ rows }) => rows);
  const state = async () => ({
    billed: await seen(sql<Billed>`select e.id as entry, e.invoice_id as on, e.duration_seconds as seconds,
        count(x.entry_id)::int as active, min(x.invoice_id::text) as claimed_by, coalesce(sum(x.amount_minor), 0)::int as billed
      from time_entries e left join invoice_line_entries x on x.entry_id = e.id and x.active
      where e.workspace_id = ${workspace} group by e.id`),
    numbers: await seen(sql<{ kind: string; number: string; at: Temporal.Instant }>`
      select kind, number, finalized_at as at from invoices where workspace_id = ${workspace} and number is not null order by kind, number`),
    // Time on drafts and issued invoices, in minor units, as the invoices say it.
    onInvoices: await seen(sql<{
      sum: number;
    }>`select coalesce(sum(l.gross_minor), 0)::int as sum from invoice_lines l join invoices i on i.id = l.invoice_id
      where i.workspace_id = ${workspace} and l.kind = 'time'
        and exists (select from invoice_line_entries x where x.invoice_line_id = l.id and x.active)`),
  });
  return { tried, state };
};

test('whatever is drafted, deleted, issued, voided and credited at once: time is on one invoice at most, none is lost, and numbers have no gap', () =>
  fc.assert(
    fc.asyncProperty(history, async (steps) => {
      const { tried, state } = await work();
      for (const together of steps) {
        await Promise.all(together.map(tried));
        const { billed, numbers, onInvoices } = await state();
        for (const entry of billed) {
          expect(entry.active).toBeLessThanOrEqual(1);
          expect(entry.on).toBe(entry.claimed_by);
          expect(entry.seconds).toBe(3600);
        }
        const claimed = billed.reduce((sum, entry) => sum + entry.billed, 0);
        const unbilled = 6000 * billed.filter(({ on }) => on === null).length;
        expect(claimed + unbilled).toBe(6000 * entryCount);
        expect(onInvoices[0]!.sum).toBe(claimed);
        for (const kind of ['invoice', 'credit_note']) {
          const given = numbers.filter((each) => each.kind === kind);
          expect(given.map(({ number }) => Number(number.slice(-4)))).toEqual(given.map((_, at) => at + 1));
          const moments = given.map(({ at }) => at.epochNanoseconds);
          expect(moments).toEqual(moments.toSorted((one, other) => (one < other ? -1 : one > other ? 1 : 0)));
        }
      }
    }),
    { numRuns: Number(process.env['FUZZ_RUNS'] ?? 8) },
  ));
