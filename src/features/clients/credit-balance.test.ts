import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { makeIssued, record, reverse } from '#testing/payments.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';

const house = await openTestHouse();
const keep = { overpayment: 'client_credit' };

interface Ledger {
  balances: { currency: string; balance: string }[];
  data: { amount: string; source: string }[];
  meta: { next_cursor: string | null; has_more: boolean };
}

test('a client’s credit is shown per currency with all that moved it, page by page', async () => {
  const { noor, ada } = await makeWorkspace(house);
  const { id, client } = await makeIssued(house, noor);
  const ledger = (input: object = {}) =>
    call<Ledger>(house, noor, 'clients.credit_balance', { client_id: client, ...input });
  expect(await ledger()).toMatchObject({ balances: [], data: [] });
  const { payment } = await record(house, noor, id, '150.00', keep);
  await reverse(house, ada, payment.id);
  await record(house, noor, id, '120.00', keep);
  const first = await ledger({ limit: 2 });
  expect(first).toMatchObject({
    balances: [{ currency: 'EUR', balance: '20.00' }],
    data: [
      { amount: '20.00', source: 'overpayment' },
      { amount: '-50.00', source: 'reversal' },
    ],
    meta: { has_more: true },
  });
  expect((await ledger({ cursor: first.meta.next_cursor })).data).toMatchObject([{ amount: '50.00' }]);
});

test('the client of another workspace is none', async () => {
  const { noor } = await makeWorkspace(house);
  const { client } = await makeIssued(house, noor);
  const other = await makeWorkspace(house);
  expect(
    await refusalOf(call(house, other.noor, 'clients.credit_balance', { client_id: client })),
  ).toMatchObject({
    code: 'not_found',
  });
});
