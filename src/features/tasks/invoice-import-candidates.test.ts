import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { billableWork } from '#testing/money.ts';
import { call, refusalOf } from '#testing/people.ts';

const house = await openTestHouse();
house.setNow('2026-10-31T12:00:00Z');

interface Candidates {
  candidates: { task: { id: string } | null; amount: string; billed_seconds: number; entry_ids: string[] }[];
  totals: { amount: string; tasks: number };
  excluded: { reason: string; count: number }[];
  truncated: boolean;
}

test('tasks to invoice, with rounding or without', async () => {
  const { noor, clientId, task, free, locked } = await billableWork(house);
  const ask = (input: object) =>
    call<Candidates>(house, noor, 'tasks.invoice_import_candidates', { client_id: clientId, ...input });
  const found = await ask({});
  expect(found.candidates).toMatchObject([
    {
      task: { id: task },
      amount: '50.00',
      billed_seconds: 1800,
      entry_ids: [free],
      excluded: [
        { reason: 'already_invoiced', count: 1 },
        { reason: 'not_billable', count: 1 },
      ],
    },
    { task: null, amount: '25.00', entry_ids: [locked] },
  ]);
  expect(found.totals).toMatchObject({ tasks: 2, amount: '75.00' });
  const raw = await ask({ rounding: 'none' });
  expect(raw.totals).toMatchObject({ amount: '52.78' });
  expect(await ask({ limit: 1 })).toMatchObject({ truncated: true, totals: { amount: '75.00' } });
  expect((await refusalOf(ask({ currency: 'JPY' }))).code).toBe('currency_mismatch');
});
