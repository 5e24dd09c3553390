import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { makeInvoice } from '#testing/invoices.ts';
import { call, makeWorkspace } from '#testing/people.ts';

const house = await openTestHouse();

test('a copy has the same totals and bills no time', async () => {
  const { noor } = await makeWorkspace(house);
  const { id, total } = await makeInvoice(house, noor);
  expect(await call(house, noor, 'invoices.duplicate', { id })).toMatchObject({
    invoice: { total, status: 'draft', number: null },
  });
});
