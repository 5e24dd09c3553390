import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { finalize, makeClient } from '#testing/invoices.ts';
import { call, makeWorkspace, type Person } from '#testing/people.ts';
import { log } from '#testing/time.ts';
import { notFound, Refusal } from '#values/refusal.ts';

const house = await openTestHouse();
const entryCount = 6;
/** Days of issue in two years, each of which has numbers of its own. */
const days = ['2025-12-31', '2026-01-01'];

type Step =
  | { do: 'create'; entries: number[] }
  | { do: 'create_all' }
  | { do: 'delete' | 'finalize' | 'void' | 'credit' | 'take_off'; invoice: number };

const create = fc.record({
  do: fc.constant('create' as const),
  entries: fc.uniqueArray(fc.nat(entryCount - 1), { minLength: 1, maxLength: 2 }),
});
const change = (...what: Exclude<Step['do'], 'create' | 'create_all'>[]) =>
  fc.record({ do: fc.constantFrom(...what), invoice: fc.nat(7) });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: create },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('create_all' as const) }) },
  { weight: 5, arbitrary: change('finalize') },
  { weight: 6, arbitrary: change('delete', 'delete', 'void', 'credit', 'credit', 'take_off', 'take_off') },
);
/** Steps that are made at the same time, after one another. */
const history = fc.array(fc.array(step, { minLength: 1, maxLength: 4, size: 'max' }), {
  minLength: 6,
  maxLength: 10,
  size: 'max',
});

interface Billed {
  entry: string;
  active: number;
  on: string | null;
  claimed_by: string | null;
  seconds: number;
  billed: number;
}

/** How often each step was made and not refused. */
const done = new Map<string, number>();

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
  const issued: string[] = [];
  const create = async (from_time: object, issue_date: string) => {
    const made = await call<{ invoice: { id: string } }>(house, ada, 'invoices.create', {
      client_id: client,
      from_time,
      issue_date,
    });
    invoices.push(made.invoice.id);
  };
  const act = async (person: Person, todo: Step): Promise<void> => {
    if (todo.do === 'create')
      return create({ entry_ids: todo.entries.map((at) => entries[at]!) }, days[todo.entries[0]! % 2]!);
    if (todo.do === 'create_all') return create({ group_by: 'day' }, days[0]!);
    const among = todo.do === 'void' || todo.do === 'credit' ? issued : invoices;
    const id = among[todo.invoice % among.length];
    if (id === undefined) throw notFound({});
    if (todo.do === 'delete') await call(house, person, 'invoices.delete', { id });
    if (todo.do === 'void') await call(house, person, 'invoices.void', { id, reason: 'Wrong' });
    if (todo.do === 'finalize') {
      await finalize(house, person, id);
      issued.push(id);
    }
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
    act(ada, todo).then(
      () => void done.set(todo.do, (done.get(todo.do) ?? 0) + 1),
      (error: unknown) => {
        if (!(error instanceof Refusal) || error.code === 'internal_error') throw error;
      },
    );
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

test('23, 24, 25 whatever is drafted, deleted, issued, voided and credited at once: time is on one invoice at most, none is lost, and numbers have no gap', async () => {
  const series = new Set<string>();
  await fc.assert(
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
        for (const given of Map.groupBy(numbers, ({ number }) => number.slice(0, -4)).values()) {
          expect(given.map(({ number }) => Number(number.slice(-4)))).toEqual(given.map((_, at) => at + 1));
          const moments = given.map(({ at }) => at.epochNanoseconds);
          expect(moments).toEqual(moments.toSorted((one, other) => (one < other ? -1 : one > other ? 1 : 0)));
          series.add(given[0]!.number.slice(0, -4));
        }
      }
    }),
    { numRuns: Number(process.env['FUZZ_RUNS'] ?? 8) },
  );
  // Both years, and a credit note; and of what is always refused nothing is proved.
  expect(series.size).toBeGreaterThan(2);
  expect([...done].filter(([, times]) => times > 1)).toHaveLength(7);
});

test('13 whatever is billed of it, and however that is rounded, the time that was worked stays as it is', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 6 }),
      fc.record({
        mode: fc.constantFrom('up', 'down', 'nearest'),
        increment_seconds: fc.constantFrom(60, 900, 3600),
        scope: fc.constantFrom('entry', 'day', 'line'),
      }),
      fc.constantFrom('delete', 'void', 'credit'),
      async (worked, rounding, end) => {
        const { id: workspace, ada, teo } = await makeWorkspace(house);
        const { client, project } = await makeClient(house, ada, { rate: '77.77' });
        for (const [at, duration_seconds] of worked.entries()) {
          const when = at % 2 === 0 ? { date: '2026-10-01' } : { started_at: `2026-10-0${at + 1}T10:00` };
          await log(house, teo, { project_id: project, ...when, duration_seconds });
        }
        const raw = async () => {
          const { rows } = await house.database.run(
            `select to_jsonb(e) - array['invoice_id', 'version', 'updated_at'] as entry, s.started_at::text, s.ended_at::text
             from time_entries e left join time_segments s on s.entry_id = e.id where e.workspace_id = $1 order by e.id, s.started_at`,
            [workspace],
          );
          return rows;
        };
        const before = await raw();
        const input = { client_id: client, from_time: { rounding } };
        type Made = { invoice: { id: string } };
        const made = await call<Made>(house, ada, 'invoices.create', input).catch((error: unknown) => {
          // Rounded down to nothing there is nothing to bill.
          if (error instanceof Refusal && error.code === 'nothing_to_invoice') return null;
          throw error;
        });
        if (made === null) return;
        const { id } = made.invoice;
        expect(await raw()).toEqual(before);
        if (end === 'delete') await call(house, ada, 'invoices.delete', { id });
        else await finalize(house, ada, id);
        expect(await raw()).toEqual(before);
        if (end === 'void') await call(house, ada, 'invoices.void', { id, reason: 'Wrong' });
        if (end === 'credit') await call(house, ada, 'invoices.credit', { id, reason: 'Wrong' });
        expect(await raw()).toEqual(before);
      },
    ),
    { numRuns: 10 },
  ));
