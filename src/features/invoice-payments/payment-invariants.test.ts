import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { makeClient } from '#testing/invoices.ts';
import {
  creditIn,
  doStep,
  type Model,
  type ModelInvoice,
  type Step,
  sumsIn,
} from '#testing/payment-model.ts';
import { issued, type Real, really } from '#testing/payment-steps.ts';
import { creditOf, record, sumsOf } from '#testing/payments.ts';
import { makeWorkspace, type Person, type TestWorkspace } from '#testing/people.ts';
import { parseAmount } from '#values/money.ts';
import { Refusal } from '#values/refusal.ts';

const house = await openTestHouse();
house.setNow('2026-10-05T12:00:00Z');
const numRuns = Number(process.env['PAYMENT_RUNS'] ?? 12);
const minor = (amount: string | undefined) => parseAmount(amount!, 'EUR');

const outcomeOf = (done: Promise<unknown>): Promise<string | null> =>
  done.then(
    () => null,
    (error: unknown) => {
      if (error instanceof Refusal) return error.code;
      throw error;
    },
  );

const at = fc.nat(1);
const amount = fc.oneof(fc.bigInt(1n, 40n), fc.constantFrom(50n, 100n, 150n));
const keeps = fc.boolean();
const forward = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('payment' as const), at, amount, keeps }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('refund' as const, 'credit_applied' as const),
      at,
      amount,
      keeps,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('late_fee' as const, 'credit' as const, 'write_off' as const),
      at,
      amount,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('note' as const), at, amount }) },
);
const back = fc.record({
  do: fc.constantFrom(
    'reverse payment' as const,
    'reverse payment' as const,
    'reverse adjustment' as const,
    'void note' as const,
  ),
  at,
  which: fc.nat(9),
});
const listOf = {
  'reverse payment': 'payments',
  'reverse adjustment': 'adjustments',
  'void note': 'notes',
} as const;

/** A step back is one of those that were done; null where there is none. */
const among = (
  step: Step,
  done: { [list in 'payments' | 'adjustments' | 'notes']: readonly unknown[] },
): Step | null => {
  if (!('which' in step)) return step;
  const { length } = done[listOf[step.do]];
  return length === 0 ? null : { ...step, which: step.which % length };
};

const totals = [100n, 70n];
const newModel = (): Model => ({
  invoices: totals.map((total): ModelInvoice => ({ total, payments: [], adjustments: [], notes: [] })),
  ledger: [],
});
const begin = async (workspace: TestWorkspace) => {
  const { client } = await makeClient(house, workspace.noor);
  const reals: Real[] = [];
  for (const total of totals) reals.push(await issued(house, workspace.noor, client, total));
  return { client, reals, model: newModel() };
};

/** What the steps of a history come to on the model: the outcome of each, and which sums it moves. */
const casesOf = (steps: readonly Step[]): string[] => {
  const model = newModel();
  return steps.flatMap((given) => {
    const invoice = model.invoices[given.at]!;
    const step = among(given, invoice);
    if (step === null) return [];
    const kind = step.do === 'reverse payment' ? invoice.payments[step.which]!.kind : '';
    const before = [creditIn(model), sumsIn(invoice).written_off];
    const outcome = doStep(model, step);
    const [credit, written] = [before[0] !== creditIn(model), before[1] !== sumsIn(invoice).written_off];
    return `${step.do} ${kind}: ${outcome ?? 'done'}${credit ? ', credit moves' : ''}${written ? ', written off moves' : ''}`;
  });
};
/** Of many random histories those that reach something which none before them did: chance alone takes hundreds to get everywhere. */
const tellingHistories = (): Step[][] => {
  const reached = new Set<string>();
  const histories = fc.sample(
    fc.array(fc.oneof({ weight: 3, arbitrary: forward }, { weight: 1, arbitrary: back }), {
      minLength: 4,
      maxLength: 14,
    }),
    { numRuns: 1_500 * numRuns, seed: 22 },
  );
  const telling = histories.filter((steps: Step[]) => {
    const cases = casesOf(steps);
    const isNew = cases.some((each) => !reached.has(each));
    for (const each of cases) reached.add(each);
    return isNew;
  });
  expect(reached.size).toBeGreaterThan(46);
  return telling;
};

const stateOf = ({ written, balance, paid, credited }: ReturnType<typeof sumsIn>) =>
  written ? 'written_off' : balance === 0n ? 'paid' : paid + credited > 0n ? 'partially_paid' : 'sent';

const shown = async (person: Person, id: string) => {
  const { status, total: _, ...sums } = await sumsOf(house, person, id);
  return { status, ...Object.fromEntries(Object.entries(sums).map(([name, value]) => [name, minor(value)])) };
};
const creditShown = async (person: Person, client: string): Promise<bigint> =>
  minor((await creditOf(house, person, client)).balances[0]?.balance ?? '0.00');

test('15, 22 whatever is paid, refunded, credited, given up and taken back, the sums are those of the lists', async () => {
  const workspace = await makeWorkspace(house);
  for (const steps of tellingHistories()) {
    const { client, reals, model } = await begin(workspace);
    for (const given of steps) {
      const step = among(given, model.invoices[given.at]!);
      if (step === null) continue;
      const expected = doStep(model, step);
      const outcome = await outcomeOf(really(house, workspace, reals[step.at]!, step));
      expect([steps, step, outcome]).toEqual([steps, step, expected]);
      const { written: _, recovered: __, ...sums } = sumsIn(model.invoices[step.at]!);
      const status = stateOf(sumsIn(model.invoices[step.at]!));
      expect(await shown(workspace.noor, reals[step.at]!.id)).toEqual({ status, ...sums });
      expect(await creditShown(workspace.noor, client)).toBe(creditIn(model));
      expect(creditIn(model)).toBeGreaterThanOrEqual(0n);
      expect(sums.balance).toBeGreaterThanOrEqual(0n);
      expect(sums.paid).toBeGreaterThanOrEqual(0n);
    }
  }
});

test('22 to record and to reverse is to have done nothing, whatever was done before', async () => {
  const workspace = await makeWorkspace(house);
  await fc.assert(
    fc.asyncProperty(fc.array(forward, { maxLength: 6 }), forward, async (steps, last) => {
      const { client, reals } = await begin(workspace);
      for (const step of steps) await outcomeOf(really(house, workspace, reals[step.at]!, step));
      const real = reals[last.at]!;
      const look = async () => [
        await shown(workspace.noor, real.id),
        await creditShown(workspace.noor, client),
      ];
      const before = await look();
      const done = await outcomeOf(really(house, workspace, real, last));
      if (done === null) {
        const undo =
          last.do === 'note'
            ? 'void note'
            : 'amount' in last && !('keeps' in last)
              ? 'reverse adjustment'
              : 'reverse payment';
        await really(house, workspace, real, { do: undo, at: last.at, which: real[listOf[undo]].length - 1 });
      }
      expect(await look()).toEqual(before);
    }),
    { numRuns, seed: 23 },
  );
});

interface Kept {
  balance: string;
  paid: string;
  written_off: string;
  list: string;
  total: string;
}
/** What the store itself says, past every operation. */
const inStore = async (client: string) => {
  const { rows } = await house.database.run(
    `select i.balance_minor::text as balance, i.paid_minor::text as paid, i.written_off_minor::text as written_off, i.total_minor::text as total,
       coalesce((select sum(case kind when 'refund' then credited_minor - amount_minor else amount_minor - credited_minor end)
         from invoice_payments p where p.invoice_id = i.id and p.reversed_at is null), 0)::text as list
     from invoices i where i.client_id = $1 and i.kind = 'invoice' order by i.id`,
    [client],
  );
  const ledger = await house.database.run(
    `select coalesce((select sum(amount_minor) from client_credits where client_id = $1), 0)::text as sum,
       coalesce((select sum(balance_minor) from client_credit_balances where client_id = $1), 0)::text as balance,
       coalesce((select sum(case p.kind when 'refund' then -p.amount_minor when 'payment' then p.amount_minor else 0 end) from invoice_payments p
         join invoices i on i.id = p.invoice_id where i.client_id = $1 and p.reversed_at is null), 0)::text as money,
       coalesce((select sum(c.amount_minor) from client_credits c where c.client_id = $1 and c.payment_id is null), 0)::text as notes`,
    [client],
  );
  return {
    invoices: rows as unknown as Kept[],
    credit: ledger.rows[0] as { sum: string; balance: string; money: string; notes: string },
  };
};

test('22 many at once: never more than the total, never more credit than there is, and no cent lost', async () => {
  const workspace = await makeWorkspace(house);
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.array(fc.oneof({ weight: 4, arbitrary: forward }, { weight: 1, arbitrary: back }), {
          minLength: 2,
          maxLength: 8,
        }),
        {
          minLength: 1,
          maxLength: 3,
        },
      ),
      async (rounds) => {
        const { client, reals } = await begin(workspace);
        for (const round of rounds) {
          const steps = round.flatMap((given) => among(given, reals[given.at]!) ?? []);
          await Promise.all(steps.map((step) => outcomeOf(really(house, workspace, reals[step.at]!, step))));
          const { invoices, credit } = await inStore(client);
          for (const { balance, paid, list, written_off } of invoices) {
            expect(paid).toBe(list);
            for (const each of [balance, paid, written_off]) expect(BigInt(each)).toBeGreaterThanOrEqual(0n);
          }
          expect(credit.sum).toBe(credit.balance);
          expect(BigInt(credit.balance)).toBeGreaterThanOrEqual(0n);
          // Every cent that came is on an invoice or is credit; what a credit note gave was on its invoice, and is credit too.
          const paid = invoices.reduce((all, each) => all + BigInt(each.paid), 0n);
          expect(paid + BigInt(credit.balance)).toBe(BigInt(credit.money) + BigInt(credit.notes));
        }
      },
    ),
    { numRuns, seed: 24 },
  );
});

test('22 of many who pay the same invoice at once, as many win as it is owed; with client_credit all do', async () => {
  const { noor, ada } = await makeWorkspace(house);
  const { client } = await makeClient(house, noor);
  const { id } = await issued(house, noor, client, 100n);
  const pay = (fields: object = {}) =>
    Promise.all(
      Array.from({ length: 8 }, (_, at) =>
        outcomeOf(record(house, at % 2 === 0 ? noor : ada, id, '0.30', fields)),
      ),
    );
  const outcomes = await pay();
  expect(outcomes.filter((outcome) => outcome === null)).toHaveLength(3);
  expect(outcomes.filter((outcome) => outcome === 'overpayment')).toHaveLength(5);
  expect(await pay({ overpayment: 'client_credit' })).toEqual(Array.from({ length: 8 }, () => null));
  expect(await sumsOf(house, noor, id)).toMatchObject({ status: 'paid', paid: '1.00', balance: '0.00' });
  expect(await creditShown(noor, client)).toBe(230n);
});

test('22 of many who use the same credit at once on different invoices, as many win as there is', async () => {
  const { noor } = await makeWorkspace(house);
  const { client } = await makeClient(house, noor);
  const { id } = await issued(house, noor, client, 100n);
  await record(house, noor, id, '2.00', { overpayment: 'client_credit' });
  const others: Real[] = [];
  for (let count = 0; count < 6; count += 1) others.push(await issued(house, noor, client, 100n));
  const outcomes = await Promise.all(
    others.map((other) => outcomeOf(record(house, noor, other.id, '0.40', { kind: 'credit_applied' }))),
  );
  expect(outcomes.filter((outcome) => outcome === null)).toHaveLength(2);
  expect(outcomes.filter((outcome) => outcome === 'not_enough_credit')).toHaveLength(4);
  expect(await creditShown(noor, client)).toBe(20n);
});
