import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { makeIssued, record } from '#testing/payments.ts';
import { call, makeWorkspace } from '#testing/people.ts';

const house = await openTestHouse();
house.setNow('2026-10-05T12:00:00Z');

interface List {
  data: { id: string; amount: string; client?: object }[];
  meta: { next_cursor: string | null; totals: object[]; omitted?: object[] };
}

test('payments are found by invoice, client, kind and day, the newest first, summed by currency', async () => {
  const { noor } = await makeWorkspace(house);
  const acme = await makeIssued(house, noor);
  const globex = await makeIssued(house, noor, { currency: 'JPY', total: '5000' });
  await record(house, noor, acme.id, '40.00', { paid_on: '2026-10-01' });
  await record(house, noor, acme.id, '70.00', { paid_on: '2026-10-03', overpayment: 'client_credit' });
  await record(house, noor, acme.id, '5.00', { paid_on: '2026-10-04', kind: 'refund' });
  await record(house, noor, globex.id, '5000', { paid_on: '2026-10-02', currency: 'JPY' });
  const list = (input: object = {}) => call<List>(house, noor, 'invoice_payments.list', input);
  const amounts = async (input: object) => (await list(input)).data.map(({ amount }) => amount);

  const all = await list();
  expect(all.data.map(({ amount }) => amount)).toEqual(['5.00', '70.00', '5000', '40.00']);
  expect(all.meta.totals).toEqual([
    { currency: 'EUR', count: 3, received: '110.00', refunded: '5.00', credit_applied: '0.00' },
    { currency: 'JPY', count: 1, received: '5000', refunded: '0', credit_applied: '0' },
  ]);
  expect(await amounts({ invoice_id: globex.id })).toEqual(['5000']);
  expect(await amounts({ client_id: acme.client, kind: 'payment' })).toEqual(['70.00', '40.00']);
  expect(await amounts({ from: '2026-10-02', to: '2026-10-03' })).toEqual(['70.00', '5000']);

  const first = await list({ limit: 3 });
  expect(first.meta.totals).toEqual(all.meta.totals);
  expect(await amounts({ limit: 3, cursor: first.meta.next_cursor })).toEqual(['40.00']);
});

test('without leave to see clients, a payment does not say who paid', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await makeIssued(house, noor);
  await record(house, noor, id, '40.00');
  const { data, meta } = await call<List>(
    house,
    noor,
    'invoice_payments.list',
    {},
    { scopes: ['invoices:read'] },
  );
  expect(data[0]).not.toHaveProperty('client');
  expect(meta.omitted).toEqual([{ path: 'data[].client', requires: 'clients:read' }]);
});

test('an invoice shows its payments and adjustments where asked', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await makeIssued(house, noor);
  await record(house, noor, id, '40.00');
  await call(house, noor, 'invoice_adjustments.create', {
    invoice_id: id,
    type: 'late_fee',
    amount: '5',
    reason: 'Late',
  });
  const shown = await call(house, noor, 'invoices.get', { id, include: ['payments', 'adjustments'] });
  expect(shown).toMatchObject({
    payments: [{ kind: 'payment', amount: '40.00' }],
    adjustments: [{ type: 'late_fee', amount: '5.00', reason: 'Late' }],
  });
  expect(await call(house, noor, 'invoices.get', { id })).not.toHaveProperty('payments');
});
