import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { makeSeries } from '#testing/recurring.ts';

const house = await openTestHouse();

test('a series that was ended is gone', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await makeSeries(house, noor);
  await call(house, noor, 'recurring_invoices.delete', { id });
  expect(await refusalOf(call(house, noor, 'recurring_invoices.get', { id }))).toMatchObject({
    code: 'not_found',
  });
});
