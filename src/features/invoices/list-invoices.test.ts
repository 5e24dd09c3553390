import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { finalize, makeClient, makeInvoice } from '#testing/invoices.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';

const house = await openTestHouse();

test('gives invoices by their state today, with totals by currency over the whole filter', async () => {
  const { noor } = await makeWorkspace(house);
  const { client } = await makeClient(house, noor);
  const late = await makeInvoice(house, noor, { client, issue_date: '2026-01-01', due_date: '2026-01-15' });
  await finalize(house, noor, late.id);
  await makeInvoice(house, noor, { client });
  const dollars = await makeClient(house, noor, { name: 'Bolt', currency: 'USD' });
  await finalize(house, noor, (await makeInvoice(house, noor, { client: dollars.client })).id);
  const list = (input: object) =>
    call<{ data: { id: string }[]; meta: { totals: object[]; has_more: boolean } }>(
      house,
      noor,
      'invoices.list',
      input,
    );
  expect(await list({ limit: 1 })).toMatchObject({
    meta: {
      has_more: true,
      totals: [
        { currency: 'EUR', count: 2, total: '350.00', balance: '350.00', overdue: '350.00' },
        { currency: 'USD', count: 1, balance: '350.00', overdue: '0.00' },
      ],
    },
  });
  const overdue = await list({ status: 'overdue' });
  expect(overdue.data.map(({ id }) => id)).toEqual([late.id]);
  expect((await list({ status: 'draft' })).data).toHaveLength(1);
  expect((await list({ client_id: dollars.client })).data).toHaveLength(1);
  const reversed = await refusalOf(list({ due_from: '2026-01-02', due_to: '2026-01-01' }));
  expect(reversed).toMatchObject({
    field: 'due_from',
    message: expect.stringMatching(/after due_to/) as string,
  });
});
