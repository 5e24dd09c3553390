import { expect, test } from 'vitest';
import { clockwork } from '#jobs/clockwork.ts';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace } from '#testing/people.ts';
import { makeSeries, showSeries } from '#testing/recurring.ts';

const house = await openTestHouse();

test('a paused series makes no invoices', async () => {
  house.setNow('2026-11-23T09:00:00Z');
  const { id: workspace, noor } = await makeWorkspace(house);
  const { id } = await makeSeries(house, noor);
  await call(house, noor, 'recurring_invoices.pause', { id });
  house.setNow('2026-12-02T10:00:00Z');
  await clockwork(house, { workspace });
  expect(await showSeries(house, noor, id)).toMatchObject({
    status: 'paused',
    next_on: '2026-12-01',
    invoices: [],
  });
});
