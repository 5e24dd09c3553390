import { expect, test } from 'vitest';
import { clockwork } from '#jobs/clockwork.ts';
import { openTestHouse } from '#testing/house.ts';
import { makeClient } from '#testing/invoices.ts';
import { call, makeWorkspace } from '#testing/people.ts';
import { makeTaxCode } from '#testing/money.ts';
import { makeSeries, showSeries } from '#testing/recurring.ts';
import { log } from '#testing/time.ts';

const house = await openTestHouse();

test('makes the invoice of its day once, however many clocks look', async () => {
  house.setNow('2026-11-23T09:00:00Z');
  const { id: workspace, noor } = await makeWorkspace(house);
  const { id } = await makeSeries(house, noor);
  house.setNow('2026-11-30T22:59:00Z');
  await clockwork(house, { workspace });
  expect((await showSeries(house, noor, id)).invoices).toEqual([]);
  // Midnight in Berlin, an hour before that of UTC.
  house.setNow('2026-11-30T23:00:00Z');
  await Promise.all([
    clockwork(house, { workspace }),
    clockwork(house, { workspace }),
    clockwork(house, { workspace }),
  ]);
  const series = await showSeries(house, noor, id);
  expect(series).toMatchObject({ next_on: '2027-01-01', invoices: [{ period: '2026-12-01', number: null }] });
  const made = await call(house, noor, 'invoices.get', { id: series.invoices[0]!.id });
  expect(made).toMatchObject({
    invoice: { issue_date: '2026-12-01', due_date: '2026-12-15', total: '500.00', status: 'draft' },
  });
});

test('bills the unbilled time up to the day before; a month without work makes no invoice and is no failure', async () => {
  house.setNow('2026-11-23T09:00:00Z');
  const { id: workspace, noor, teo } = await makeWorkspace(house);
  const { client, project } = await makeClient(house, noor, { rate: '60' });
  const { id } = await makeSeries(house, noor, { client, source: 'unbilled_time', lines: undefined });
  for (const date of ['2026-11-20', '2026-12-01']) {
    house.setNow(`${date}T20:00:00Z`);
    await log(house, teo, { project_id: project, date, duration_seconds: 3600 });
  }
  house.setNow('2026-12-01T20:00:00Z');
  await clockwork(house, { workspace });
  const first = await showSeries(house, noor, id);
  expect(await call(house, noor, 'invoices.get', { id: first.invoices[0]!.id })).toMatchObject({
    invoice: { total: '60.00' },
  });
  await call(house, noor, 'invoices.delete', { id: first.invoices[0]!.id });
  await call(house, noor, 'invoices.create', { client_id: client, from_time: {} });
  house.setNow('2027-01-01T10:00:00Z');
  await clockwork(house, { workspace });
  expect(await showSeries(house, noor, id)).toMatchObject({
    next_on: '2027-02-01',
    failures: 0,
    invoices: [],
  });
});

test('a tax that was archived since goes on no invoice of a series either', async () => {
  house.setNow('2026-11-23T09:00:00Z');
  const { id: workspace, noor, ada } = await makeWorkspace(house);
  const tax = await makeTaxCode(house, noor, 160_000);
  const { id } = await makeSeries(house, noor, { tax_ids: [tax] });
  await call(house, ada, 'tax_rates.archive', { id: tax });
  house.setNow('2026-12-01T10:00:00Z');
  await clockwork(house, { workspace });
  expect(await showSeries(house, noor, id)).toMatchObject({
    failures: 1,
    invoices: [],
    last_error: expect.stringContaining('is archived'),
  });
});

test('three failures, an hour apart, pause it with the reason; resuming it starts afresh', async () => {
  house.setNow('2026-11-23T09:00:00Z');
  const { id: workspace, noor } = await makeWorkspace(house);
  const { client } = await makeClient(house, noor);
  const { id } = await makeSeries(house, noor, { client });
  await call(house, noor, 'clients.update', { id: client, archived: true });
  for (const hour of ['10', '11', '12']) {
    house.setNow(`2026-12-01T${hour}:00:00Z`);
    await clockwork(house, { workspace });
    await clockwork(house, { workspace });
  }
  const last_error = expect.stringContaining('is archived');
  expect(await showSeries(house, noor, id)).toMatchObject({ status: 'paused', failures: 3, last_error });
  await call(house, noor, 'clients.update', { id: client, archived: false });
  house.setNow('2027-02-10T10:00:00Z');
  const { recurring_invoice } = await call<{ recurring_invoice: object }>(
    house,
    noor,
    'recurring_invoices.resume',
    { id },
  );
  expect(recurring_invoice).toMatchObject({
    status: 'active',
    next_on: '2027-03-01',
    failures: 0,
    last_error: null,
  });
});

test('after its last day it is over', async () => {
  house.setNow('2026-11-23T09:00:00Z');
  const { id: workspace, noor } = await makeWorkspace(house);
  const { id } = await makeSeries(house, noor, { ends_on: '2026-12-20' });
  house.setNow('2026-12-01T10:00:00Z');
  await clockwork(house, { workspace });
  expect(await showSeries(house, noor, id)).toMatchObject({ status: 'completed', next_on: null });
});

test('what is to be sent at once goes out with the next round of the clock, issued and e-mailed', async () => {
  house.setNow('2026-11-23T09:00:00Z');
  const { id: workspace, noor } = await makeWorkspace(house);
  const { client } = await makeClient(house, noor, { email: 'billing@acme.example' });
  const { id } = await makeSeries(house, noor, { client, auto_send: true });
  house.setNow('2026-12-01T10:00:00Z');
  await clockwork(house, { workspace });
  await clockwork(house, { workspace });
  const [made] = (await showSeries(house, noor, id)).invoices;
  expect(await call(house, noor, 'invoices.get', { id: made!.id })).toMatchObject({
    invoice: { status: 'sent', number: expect.any(String), send_problem: null },
  });
  expect(await call(house, noor, 'invoice_dispatches.list', { invoice_id: made!.id })).toMatchObject({
    data: [{ to: ['billing@acme.example'], kind: 'invoice' }],
  });
});
