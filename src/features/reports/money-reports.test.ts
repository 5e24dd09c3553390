import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { issueDocument, makeTaxCode, spend } from '#testing/money.ts';
import { makeWorkspace, type Person } from '#testing/people.ts';
import { clientNamed, runReport } from '#testing/reports.ts';
import { makeProject } from '#testing/time.ts';
import { logTime } from '#testing/work.ts';

const house = await openTestHouse();
house.setNow('2026-10-31T12:00:00Z');

const report = (person: Person, input: object) => runReport(house, person, input);
const makeClient = (person: Person, name: string, currency = 'EUR') =>
  clientNamed(house, person, name, currency);

test('profitability: revenue, cost and margin; no margin over two currencies', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const projectId = await makeProject(house, noor);
  const other = await makeProject(house, noor, { name: 'Yen' });
  const hour = { on: '2026-10-05', seconds: 3600 };
  await logTime(house, teo, { ...hour, projectId, rate: 10_000n });
  await logTime(house, teo, { ...hour, projectId, billable: false });
  await logTime(house, teo, { ...hour, projectId: other, rate: 5000n, currency: 'JPY' });
  await house.database.run(`update time_entries set cost_rate_minor = 4000 where membership_id = $1`, [
    teo.membershipId,
  ]);
  const { records, totals } = await report(noor, { type: 'profitability' });
  expect(records).toEqual([
    {
      project_id: projectId,
      project: 'Redesign',
      seconds: 7200,
      billable_seconds: 3600,
      revenue_EUR: '100.00',
      effective_rate_EUR: '50.00',
      revenue_JPY: null,
      effective_rate_JPY: null,
      cost_EUR: '80.00',
      margin_EUR: '20.00',
      margin_percent: '20.0',
    },
    {
      project_id: other,
      project: 'Yen',
      seconds: 3600,
      billable_seconds: 3600,
      revenue_EUR: null,
      effective_rate_EUR: null,
      revenue_JPY: '5000',
      effective_rate_JPY: '5000',
      cost_EUR: '40.00',
      margin_EUR: null,
      margin_percent: null,
    },
  ]);
  expect(totals.currencies).toEqual([
    { currency: 'EUR', amounts: { revenue: '100.00', cost: '120.00' } },
    { currency: 'JPY', amounts: { revenue: '5000' } },
  ]);
});

test('utilization: tracked against working days, with whoever tracked nothing', async () => {
  const { noor, teo, vera } = await makeWorkspace(house);
  await house.database.run(`update memberships set capacity_seconds_week = 144000 where id = $1`, [
    teo.membershipId,
  ]);
  await logTime(house, teo, { on: '2026-10-05', seconds: 28_800, rate: 1n });
  await logTime(house, teo, { on: '2026-10-06', seconds: 14_400, billable: false });
  // Monday to Sunday: five working days.
  const week = { type: 'utilization', from: '2026-10-05', to: '2026-10-11' };
  const { records, totals } = await report(noor, week);
  expect(records).toHaveLength(5);
  expect(records.find(({ member }) => member === 'Teo')).toEqual({
    member_id: teo.membershipId,
    member: 'Teo',
    capacity_seconds: 144_000,
    seconds: 43_200,
    billable_seconds: 28_800,
    utilization_percent: '30.0',
    billable_percent: '66.7',
  });
  expect(records.find(({ member_id }) => member_id === vera.membershipId)).toMatchObject({
    capacity_seconds: null,
    seconds: 0,
    utilization_percent: null,
  });
  expect(totals).toMatchObject({ seconds: 43_200, capacity_seconds: 144_000 });
  const days = await report(noor, { ...week, group_by: ['day'], member_ids: [teo.membershipId] });
  expect(days.records.map(({ day, capacity_seconds, seconds }) => [day, capacity_seconds, seconds])).toEqual([
    ['2026-10-05', 28_800, 28_800],
    ['2026-10-06', 28_800, 14_400],
    ['2026-10-07', 28_800, 0],
    ['2026-10-08', 28_800, 0],
    ['2026-10-09', 28_800, 0],
    ['2026-10-10', 0, 0],
    ['2026-10-11', 0, 0],
  ]);
  expect((await report(teo, week)).records).toHaveLength(1);
});

test('budget: what is used of each, rounded down', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const projectId = await makeProject(house, noor, {
    budget: { kind: 'seconds', seconds: 7200, period: 'month' },
  });
  await makeProject(house, noor, { name: 'Unlimited' });
  await logTime(house, teo, { projectId, on: '2026-10-05', seconds: 7199 });
  await logTime(house, teo, { projectId, on: '2026-09-05', seconds: 3600 });
  const october = await report(noor, { type: 'budget' });
  expect(october.records).toMatchObject([
    { project_id: projectId, kind: 'seconds', budget_seconds: 7200, used_seconds: 7199, percent: '99' },
  ]);
  const september = await report(noor, { type: 'budget', to: '2026-09-30' });
  expect(september.records).toMatchObject([{ used_seconds: 3600, percent: '50' }]);
});

test('uninvoiced: billable finished time that is on no invoice, however old', async () => {
  const { noor } = await makeWorkspace(house);
  const clientId = await makeClient(noor, 'Acme');
  await logTime(house, noor, { clientId, on: '2025-01-05', rate: 10_000n });
  await logTime(house, noor, { clientId, on: '2026-10-30', rate: 10_000n });
  await logTime(house, noor, { clientId, on: '2026-10-30', seconds: 60 });
  await logTime(house, noor, { clientId, on: '2026-10-30', billable: false });
  const billed = await logTime(house, noor, { clientId, on: '2026-10-30', rate: 10_000n });
  const invoice = await issueDocument(house, noor, {
    clientId,
    number: '1',
    issuedOn: '2026-10-30',
    net: 1n,
  });
  await house.database.run(`update time_entries set invoice_id = $1 where id = $2`, [invoice, billed]);
  const { records } = await report(noor, { type: 'uninvoiced' });
  expect(records).toEqual([
    {
      client_id: clientId,
      client: 'Acme',
      entries: 3,
      seconds: 7260,
      oldest: '2025-01-05',
      seconds_over_30_days: 3600,
      seconds_without_rate: 60,
      amount_EUR: '200.00',
    },
  ]);
});

test('tax: per code and currency, credit notes taken off, void ones left out', async () => {
  const { noor } = await makeWorkspace(house);
  const clientId = await makeClient(noor, 'Acme');
  const full = await makeTaxCode(house, noor, 190_000);
  const less = await makeTaxCode(house, noor, 70_000);
  const group = (taxCodeId: string, ppm: number, taxable: bigint, tax: bigint) => ({
    taxCodeId,
    ppm,
    taxable,
    tax,
  });
  const one = { clientId, issuedOn: '2026-10-05' };
  const first = await issueDocument(house, noor, {
    ...one,
    number: '1',
    net: 15_000n,
    taxes: [group(full, 190_000, 10_000n, 1900n), group(less, 70_000, 5000n, 350n)],
  });
  await issueDocument(house, noor, {
    ...one,
    number: 'C1',
    kind: 'credit_note',
    correctsId: first,
    net: -1000n,
    taxes: [group(full, 190_000, -1000n, -190n)],
  });
  await issueDocument(house, noor, {
    ...one,
    number: '2',
    status: 'void',
    net: 10_000n,
    taxes: [group(full, 190_000, 10_000n, 1900n)],
  });
  await issueDocument(house, noor, {
    ...one,
    number: '3',
    issuedOn: '2026-09-30',
    net: 10_000n,
    taxes: [group(full, 190_000, 10_000n, 1900n)],
  });
  const { records, totals } = await report(noor, { type: 'tax' });
  expect(records).toMatchObject([
    { tax_code_id: full, rate_percent: '19', invoices: 1, credit_notes: 1, taxable: '90.00', tax: '17.10' },
    { tax_code_id: less, rate_percent: '7', invoices: 1, credit_notes: 0, taxable: '50.00', tax: '3.50' },
  ]);
  expect(totals.currencies).toEqual([{ currency: 'EUR', amounts: { tax: '20.60', withheld: '0.00' } }]);
});

test('expenses: by category, one’s own unless a manager asks', async () => {
  const { noor, teo } = await makeWorkspace(house);
  await spend(house, teo, { minor: 1000n, on: '2026-10-05' });
  await spend(house, noor, { minor: 500n, on: '2026-10-05', billable: false });
  await spend(house, noor, { minor: 99n, on: '2026-09-30' });
  const { records } = await report(noor, { type: 'expenses' });
  expect(records).toEqual([
    {
      category_id: null,
      category: null,
      currency: 'EUR',
      expenses: 2,
      amount: '15.00',
      tax: '0.00',
      billable: '10.00',
      unbilled: '10.00',
    },
  ]);
  const own = await report(teo, { type: 'expenses', group_by: ['month', 'member'] });
  expect(own.records).toEqual([
    {
      month: '2026-10-01',
      member_id: teo.membershipId,
      member: 'Teo',
      category_id: null,
      category: null,
      expenses: 1,
    },
  ]);
});
