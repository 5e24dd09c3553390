import { expect, test } from 'vitest';
import { clockwork } from '#jobs/clockwork.ts';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { makeSeries, showSeries } from '#testing/recurring.ts';

const house = await openTestHouse();
house.setNow('2026-11-23T09:00:00Z');

test('changes when it comes round and what is on it; the rest stays', async () => {
  const { noor } = await makeWorkspace(house);
  const { id, version } = await makeSeries(house, noor);
  const changed = await call(house, noor, 'recurring_invoices.update', {
    id,
    schedule: { freq: 'monthly', interval: 3, day_of_month: 15 },
    notes: 'Thank you',
    expected_version: version,
  });
  expect(changed).toMatchObject({
    recurring_invoice: {
      next_on: '2027-02-15',
      name: 'Retainer',
      template: { notes: 'Thank you', lines: [{ unit_price: '500.00' }] },
    },
  });
  const late = call(house, noor, 'recurring_invoices.update', {
    id,
    name: 'Other',
    expected_version: version,
  });
  expect(await refusalOf(late)).toMatchObject({ code: 'conflict_version' });
});

test('a day that has had its invoice does not come again', async () => {
  const { id: workspace, noor } = await makeWorkspace(house);
  const { id } = await makeSeries(house, noor);
  house.setNow('2026-12-01T09:00:00Z');
  await clockwork(house, { workspace });
  await call(house, noor, 'recurring_invoices.update', { id, ends_on: '2027-06-30' });
  expect(await showSeries(house, noor, id)).toMatchObject({
    next_on: '2027-01-01',
    invoices: [{ period: '2026-12-01' }],
  });
});

test('what a series e-mails by itself is changed and resumed only by those who may e-mail it; anybody stops it', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await makeSeries(house, noor, { auto_send: true });
  const as = (operation: string, input: object) =>
    call(
      house,
      noor,
      `recurring_invoices.${operation}`,
      { id, ...input },
      {
        scopes: ['invoices:read', 'invoices:write'],
      },
    );
  const lines = [{ description: 'Fee', unit_price: '9000.00' }];
  expect(await refusalOf(as('update', { lines }))).toMatchObject({ code: 'insufficient_scope' });
  await as('pause', {});
  expect(await refusalOf(as('resume', {}))).toMatchObject({ code: 'insufficient_scope' });
  await as('update', { lines, auto_send: false });
  await as('resume', {});
});
