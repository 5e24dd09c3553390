import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { makeClient } from '#testing/invoices.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { makeSeries, retainer } from '#testing/recurring.ts';

const house = await openTestHouse();
house.setNow('2026-11-23T09:00:00Z');

test('says when it comes round, in its own zone', async () => {
  const { noor } = await makeWorkspace(house, { timezone: 'Europe/Berlin' });
  const series = await makeSeries(house, noor, { schedule: { freq: 'monthly', last_day: true } });
  expect(series).toMatchObject({
    status: 'active',
    timezone: 'Europe/Berlin',
    next_on: '2026-11-30',
    next_dates: ['2026-11-30', '2026-12-31', '2027-01-31', '2027-02-28', '2027-03-31'],
  });
});

test('refuses what could never come to an invoice', async () => {
  const { noor } = await makeWorkspace(house);
  const { client } = await makeClient(house, noor);
  const refused = (input: object) =>
    refusalOf(call(house, noor, 'recurring_invoices.create', { client_id: client, ...retainer, ...input }));
  expect(await refused({ lines: undefined })).toMatchObject({ field: 'lines' });
  expect(await refused({ source: 'unbilled_time' })).toMatchObject({ field: 'lines' });
  expect(await refused({ lines: [{ description: 'Fee', unit_price: '1.005' }] })).toMatchObject({
    code: 'validation_failed',
  });
  expect(await refused({ schedule: { freq: 'weekly', last_day: true } })).toMatchObject({
    code: 'validation_failed',
  });
  expect(
    await refused({ ends_on: '2026-11-24', schedule: { freq: 'monthly', day_of_month: 1 } }),
  ).toMatchObject({ field: 'schedule' });
  const { project } = await makeClient(house, noor);
  const lines = [{ description: 'Fee', unit_price: '1.00', project_id: project }];
  expect(await refused({ lines })).toMatchObject({ field: 'lines[0].project_id' });
  const time = { source: 'unbilled_time', lines: undefined, project_ids: [project] };
  expect(await refused(time)).toMatchObject({ field: 'project_ids[0]' });
});

test('lets nobody e-mail clients by a series who may not by hand', async () => {
  const { noor } = await makeWorkspace(house);
  const { client } = await makeClient(house, noor);
  const asked = call(
    house,
    noor,
    'recurring_invoices.create',
    { client_id: client, ...retainer, auto_send: true },
    { scopes: ['invoices:read', 'invoices:write'] },
  );
  expect(await refusalOf(asked)).toMatchObject({
    code: 'insufficient_scope',
    details: { missing: ['invoices:send'] },
  });
});
