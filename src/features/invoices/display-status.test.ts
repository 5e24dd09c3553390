import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';

const house = await openTestHouse();

interface Facts {
  status: 'draft' | 'scheduled' | 'sent' | 'void' | 'written_off';
  kind: 'invoice' | 'credit_note';
  paid_minor: number;
  credited_minor: number;
  balance_minor: number;
  due_date: string;
}

/** The definition once more: what is stored, but of an issued invoice what its sums and the day make of it. */
const displayed = (
  { status, kind, paid_minor, credited_minor, balance_minor, due_date }: Facts,
  today: string,
): string => {
  if (kind === 'credit_note' || status !== 'sent') return status;
  if (balance_minor <= 0) return 'paid';
  if (due_date < today) return 'overdue';
  return paid_minor + credited_minor > 0 ? 'partially_paid' : 'sent';
};

const sum = fc.constantFrom(-100, 0, 0, 1, 50, 100);
const day = fc.constantFrom('2026-10-04', '2026-10-05', '2026-10-06');
const facts: fc.Arbitrary<Facts> = fc.record({
  status: fc.constantFrom('draft', 'scheduled', 'sent', 'sent', 'sent', 'void', 'written_off'),
  kind: fc.constantFrom('invoice', 'invoice', 'credit_note'),
  paid_minor: sum,
  credited_minor: sum,
  balance_minor: sum,
  due_date: day,
});

test('21 the displayed state is what its definition says, of any sums on any day', async () => {
  const rows = fc.sample(fc.tuple(facts, day), { numRuns: 2_000, seed: 21 });
  const { rows: answers } = await house.database.run(
    `select invoice_display_status(jsonb_populate_record(null::invoices, e.row), e.today) as said
     from jsonb_to_recordset($1::jsonb) as e (row jsonb, today date)`,
    [JSON.stringify(rows.map(([row, today]) => ({ row, today })))],
  );
  const said = (answers as { said: string }[]).map((answer) => answer.said);
  expect(said).toEqual(rows.map(([row, today]) => displayed(row, today)));
  expect(new Set(said).size).toBe(8);
});
