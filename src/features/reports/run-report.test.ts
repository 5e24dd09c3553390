import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, type Person, refusalOf, type TestWorkspace } from '#testing/people.ts';
import type { Scope } from '#operation/scopes.ts';
import { scopeNames } from '#operation/scopes.ts';
import { logTime } from '#testing/work.ts';
import { log, makeProject } from '#testing/time.ts';

const house = await openTestHouse();
house.setNow('2026-10-31T12:00:00Z');

interface Report {
  columns: { key: string; type: string; currency?: string }[];
  rows?: (string | number | boolean | null)[][];
  csv?: string;
  totals: {
    entries?: number;
    seconds?: number;
    billable_seconds?: number;
    capacity_seconds?: number;
    currencies?: { currency: string; amounts: Record<string, string> }[];
  };
  row_count: number;
  truncated: boolean;
  meta: {
    next_cursor: string | null;
    notes: string[];
    hint?: string;
    omitted?: { path: string; requires: string }[];
  };
}
const report = (person: Person, input: object, scopes?: readonly Scope[]) =>
  call<Report>(house, person, 'reports.run', input, scopes === undefined ? {} : { scopes });
/** Rows by the names of their columns. */
const records = ({ columns, rows }: Report) =>
  rows!.map((row) => Object.fromEntries(columns.map(({ key }, index) => [key, row[index]])));
const without = (...scopes: Scope[]) => scopeNames.filter((scope) => !scopes.includes(scope));

const makeClient = async (person: Person, name: string, currency = 'EUR') =>
  (await call<{ client: { id: string } }>(house, person, 'clients.create', { name, currency })).client.id;

/** Two projects, two people, two currencies. */
const someWork = async () => {
  const workspace = await makeWorkspace(house);
  const { noor, teo } = workspace;
  const acme = await makeClient(noor, 'Acme');
  const yen = await makeClient(noor, 'Yamada', 'JPY');
  const site = await makeProject(house, noor, { name: 'Site', client_id: acme });
  const shop = await makeProject(house, noor, { name: 'Shop', client_id: yen });
  const onSite = { projectId: site, clientId: acme };
  await logTime(house, teo, { ...onSite, on: '2026-10-01', seconds: 1000, rate: 10_000n });
  await logTime(house, teo, { ...onSite, on: '2026-10-02', seconds: 1000, rate: 10_000n });
  await logTime(house, teo, { ...onSite, on: '2026-10-02', seconds: 600, rate: 9000n });
  await logTime(house, noor, { ...onSite, on: '2026-10-05', seconds: 500, billable: false });
  await logTime(house, noor, {
    projectId: shop,
    clientId: yen,
    on: '2026-10-05',
    rate: 5000n,
    currency: 'JPY',
  });
  await logTime(house, noor, { on: '2026-09-30', seconds: 7, rate: 1n });
  return { ...workspace, acme, yen, site, shop };
};

test('sums time and its worth by project, rounding once per rate, with every currency apart', async () => {
  const { noor, site, shop } = await someWork();
  const found = await report(noor, { type: 'summary' });
  expect(found).toMatchObject({ from: '2026-10-01', to: '2026-10-31', row_count: 2, truncated: false });
  expect(records(found)).toEqual([
    {
      project_id: shop,
      project: 'Shop',
      entries: 1,
      seconds: 3600,
      billable_seconds: 3600,
      amount_EUR: null,
      amount_JPY: '5000',
    },
    {
      project_id: site,
      project: 'Site',
      entries: 4,
      seconds: 3100,
      billable_seconds: 2600,
      // 2,000 s at 100.00 are 55.56, 600 s at 90.00 are 15.00; rounding each entry would give 55.56 + 15.00 by luck only.
      amount_EUR: '70.56',
      amount_JPY: null,
    },
  ]);
  expect(found.totals).toEqual({
    entries: 5,
    seconds: 6700,
    billable_seconds: 6200,
    currencies: [
      { currency: 'EUR', amounts: { amount: '70.56' } },
      { currency: 'JPY', amounts: { amount: '5000' } },
    ],
  });
});

test('groups by three things, sorts by time, cuts openly and keeps the totals whole', async () => {
  const { noor } = await someWork();
  const group_by = ['month', 'member', 'billable'];
  const whole = await report(noor, { type: 'summary', group_by });
  expect(
    records(whole).map(({ month, member, billable, seconds }) => [month, member, billable, seconds]),
  ).toEqual([
    ['2026-10-01', 'Noor', true, 3600],
    ['2026-10-01', 'Noor', false, 500],
    ['2026-10-01', 'Teo', true, 2600],
  ]);
  const cut = await report(noor, { type: 'summary', group_by, sort: 'seconds', limit: 2 });
  expect(records(cut).map(({ seconds }) => seconds)).toEqual([3600, 2600]);
  expect(cut).toMatchObject({ truncated: true, row_count: 3, totals: whole.totals });
  expect(cut.meta.hint).toContain('totals are whole');
});

test('time with two tags counts under each, and once in the totals', async () => {
  const { noor } = await makeWorkspace(house);
  await log(house, noor, { date: '2026-10-05', duration: '1:00', tags: ['red', 'blue'] });
  await log(house, noor, { date: '2026-10-05', duration: '0:30' });
  const found = await report(noor, { type: 'summary', group_by: ['tag'] });
  expect(records(found).map(({ tag, seconds }) => [tag, seconds])).toEqual([
    ['blue', 3600],
    ['red', 3600],
    [null, 1800],
  ]);
  expect(found.totals).toMatchObject({ entries: 2, seconds: 5400 });
  expect(found.meta.notes.join(' ')).toContain('under each of them');
});

test('weeks begin as the user’s do, and the weekly grid has their days in that order', async () => {
  const { noor } = await makeWorkspace(house);
  await house.database.run(`update users set week_start = 0 where id = $1`, [noor.userId]);
  await logTime(house, noor, { on: '2026-10-04', seconds: 60 });
  await logTime(house, noor, { on: '2026-10-10', seconds: 120 });
  await logTime(house, noor, { on: '2026-10-11', seconds: 30 });
  const found = await report(noor, { type: 'weekly', group_by: ['member'] });
  expect(found.columns.map(({ key }) => key).slice(3)).toEqual([
    'sunday',
    'monday',
    'tuesday',
    'wednesday',
    'thursday',
    'friday',
    'saturday',
    'seconds',
  ]);
  expect(found.rows!.map(([week, , member, ...days]) => [week, member, ...days])).toEqual([
    ['2026-10-04', 'Noor', 60, 0, 0, 0, 0, 0, 120, 180],
    ['2026-10-11', 'Noor', 30, 0, 0, 0, 0, 0, 0, 30],
  ]);
  const days = await report(noor, { type: 'summary', group_by: ['week'] });
  expect(records(days).map(({ week }) => week)).toEqual(['2026-10-04', '2026-10-11']);
});

test('filters choose, and an unknown id chooses nothing', async () => {
  const { noor, teo, acme, yen } = await someWork();
  const seconds = async (filter: object) =>
    (await report(noor, { type: 'summary', ...filter })).totals.seconds;
  expect(await seconds({ client_ids: [acme] })).toBe(3100);
  expect(await seconds({ client_ids: [acme, yen] })).toBe(6700);
  expect(await seconds({ member_ids: [teo.membershipId] })).toBe(2600);
  expect(await seconds({ billable: false })).toBe(500);
  expect(await seconds({ from: '2026-09-30', to: '2026-09-30' })).toBe(7);
  expect(await seconds({ client_ids: [`cli_${'0'.repeat(26)}`] })).toBe(0);
});

test('a running timer counts up to now', async () => {
  const { teo } = await makeWorkspace(house);
  await logTime(house, teo, { runningSince: '2026-10-31T11:00:00Z', on: '2026-10-31' });
  const { totals } = await report(teo, { type: 'summary' });
  expect(totals).toMatchObject({ entries: 1, seconds: 3600 });
});

test('the detailed report walks through every entry, each once, with the same totals on each page', async () => {
  const { noor } = await someWork();
  const ids: unknown[] = [];
  let cursor: string | undefined;
  do {
    const page = await report(noor, { type: 'detailed', limit: 2, cursor });
    expect(page.totals).toMatchObject({ entries: 5, seconds: 6700 });
    expect(page.truncated).toBe(page.meta.next_cursor !== null);
    expect(page.row_count).toBe(5);
    ids.push(...records(page).map(({ entry_id }) => entry_id));
    cursor = page.meta.next_cursor ?? undefined;
  } while (cursor !== undefined);
  expect(new Set(ids).size).toBe(5);
  expect(ids).toHaveLength(5);
});

test('CSV has the same rows, and runs nothing in a spreadsheet', async () => {
  const { noor } = await makeWorkspace(house);
  await makeProject(house, noor, { name: '=cmd|"x"' }).then((projectId) =>
    logTime(house, noor, { projectId, on: '2026-10-05', seconds: 60 }),
  );
  const found = await report(noor, { type: 'summary', format: 'csv' });
  expect(found.rows).toBeUndefined();
  expect(found.csv).toMatch(
    /^Project id,Project,Entries,Seconds,Billable seconds\r\nprj_\w+,"'=cmd\|""x""",1,60,60\r\n$/,
  );
});

const types = ['summary', 'detailed', 'weekly', 'utilization', 'budget', 'uninvoiced', 'expenses'];

test('members and viewers see their own time and no money: no column, total or order tells', async () => {
  const { teo, vera } = await someWork();
  const { totals } = await report(teo, { type: 'summary' });
  expect(totals).toEqual({ entries: 3, seconds: 2600, billable_seconds: 2600 });
  for (const type of types)
    for (const format of ['json', 'csv']) {
      const found = await report(teo, { type, format });
      expect(found.columns.filter(({ type: kind }) => kind === 'money')).toEqual([]);
      expect(found.csv ?? '').not.toMatch(/Amount|Rate|EUR|70\.56/);
      expect(found.totals.currencies).toBeUndefined();
      expect((await report(vera, { type, format })).totals.seconds ?? 0).toBe(0);
    }
  expect((await report(teo, { type: 'summary' })).meta.omitted).toContainEqual({
    path: 'columns.amount_EUR',
    requires: 'role',
  });
  for (const type of ['profitability', 'ageing', 'tax'])
    expect((await refusalOf(report(teo, { type }))).code).toBe('access_denied');
  const of = { type: 'summary', member_ids: [vera.membershipId] };
  expect((await refusalOf(report(teo, of))).code).toBe('access_denied');
});

test('members see amounts where the workspace lets them', async () => {
  const { teo } = await makeWorkspace(house, { settings: { members_see_rates: true } });
  await logTime(house, teo, { on: '2026-10-05', rate: 10_000n });
  const { totals } = await report(teo, { type: 'summary' });
  expect(totals.currencies).toEqual([{ currency: 'EUR', amounts: { amount: '100.00' } }]);
});

test('a scope taken away takes its columns, says so, and nothing else', async () => {
  const { noor } = await someWork();
  const group_by = ['member', 'project', 'client'];
  const whole = await report(noor, { type: 'summary', group_by });
  const gone: Partial<Record<Scope, string[]>> = {
    'members:read': ['member'],
    'projects:read': ['project_id', 'project'],
    'clients:read': ['client_id', 'client'],
    'billing:read': ['amount_EUR', 'amount_JPY'],
  };
  for (const [scope, keys] of Object.entries(gone) as [Scope, string[]][]) {
    const less = await report(noor, { type: 'summary', group_by }, without(scope));
    expect(records(less)).toEqual(
      records(whole).map((row) =>
        Object.fromEntries(Object.entries(row).filter(([key]) => !keys.includes(key))),
      ),
    );
    expect(less.meta.omitted).toEqual([
      ...keys.map((key) => ({ path: `columns.${key}`, requires: scope })),
      ...(scope === 'billing:read' ? [{ path: 'totals.currencies', requires: scope }] : []),
    ]);
    expect(less.totals).toEqual(
      scope === 'billing:read' ? { ...whole.totals, currencies: undefined } : whole.totals,
    );
  }
  const blind = await report(noor, { type: 'detailed' }, without('time:read'));
  expect(blind).toMatchObject({ columns: [], totals: whole.totals });
  expect(blind.rows).toBeUndefined();
  expect(blind.meta.omitted).toEqual([{ path: 'rows', requires: 'time:read' }]);
  for (const [type, scope] of [
    ['ageing', 'billing:read'],
    ['expenses', 'expenses:read'],
  ] as const)
    expect((await refusalOf(report(noor, { type }, without(scope)))).code).toBe('insufficient_scope');
});

test('refuses more than 400 days, days in the wrong order, and what a report does not take', async () => {
  const { noor } = await makeWorkspace(house);
  const code = async (input: object) => {
    const refusal = await refusalOf(report(noor, input));
    return [refusal.code, refusal.field];
  };
  const year = { type: 'summary', from: '2025-01-01' };
  expect((await report(noor, { ...year, to: '2026-02-04' })).truncated).toBe(false);
  expect(await code({ ...year, to: '2026-02-05' })).toEqual(['range_too_long', 'from']);
  expect(await code({ ...year, to: '2024-12-31' })).toEqual(['validation_failed', 'from']);
  expect(await code({ type: 'tax', group_by: ['day'] })).toEqual(['validation_failed', 'group_by']);
  expect(await code({ type: 'weekly', group_by: ['day'] })).toEqual(['validation_failed', 'group_by']);
  expect(await code({ type: 'uninvoiced', billable: false })).toEqual(['validation_failed', 'billable']);
  expect(await code({ type: 'ageing', split_at_midnight: true })).toEqual([
    'validation_failed',
    'split_at_midnight',
  ]);
  expect(await code({ type: 'summary', cursor: 'x' })).toEqual(['validation_failed', 'cursor']);
});

test('an empty workspace has every report, and every sum is zero', async () => {
  const { mara }: TestWorkspace = await makeWorkspace(house);
  for (const type of [...types, 'profitability', 'ageing', 'tax']) {
    const found = await report(mara, { type });
    expect(found.totals.seconds ?? 0).toBe(0);
    if (type !== 'utilization') expect(found.row_count).toBe(0);
  }
});
