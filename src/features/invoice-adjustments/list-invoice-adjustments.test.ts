import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { adjust, makeIssued } from '#testing/payments.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';

const house = await openTestHouse();

test('adjustments of an invoice are listed from the oldest on, page by page', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await makeIssued(house, noor);
  for (const [minute, amount] of ['1.00', '2.00', '3.00'].entries()) {
    house.setNow(`2026-10-05T12:0${minute}:00Z`);
    await adjust(house, noor, id, 'late_fee', { amount });
  }
  const list = (input: object) =>
    call<{ data: { amount: string }[]; meta: { next_cursor: string } }>(
      house,
      noor,
      'invoice_adjustments.list',
      {
        invoice_id: id,
        limit: 2,
        ...input,
      },
    );
  const first = await list({});
  expect(first.data.map(({ amount }) => amount)).toEqual(['1.00', '2.00']);
  expect((await list({ cursor: first.meta.next_cursor })).data).toMatchObject([
    { amount: '3.00', currency: 'EUR' },
  ]);
});

test('those of an invoice of another workspace are not found', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await makeIssued(house, noor);
  const other = await makeWorkspace(house);
  expect(
    await refusalOf(call(house, other.noor, 'invoice_adjustments.list', { invoice_id: id })),
  ).toMatchObject({
    code: 'not_found',
  });
});
