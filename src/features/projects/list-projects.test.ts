import { expect, test } from 'vitest';
import type { Scope } from '#operation/scopes.ts';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { logTime } from '#testing/work.ts';

const house = await openTestHouse();
interface Project {
  id: string;
  name: string;
}
interface List {
  data: Project[];
  meta: { next_cursor: string | null; omitted?: { path: string; requires: string }[] };
}
const names = ({ data }: List) => data.map(({ name }) => name);

const setUp = async () => {
  const workspace = await makeWorkspace(house);
  const add = async (name: string, more: object = {}) =>
    (await call<{ project: Project }>(house, workspace.noor, 'projects.create', { name, ...more })).project
      .id;
  return { ...workspace, add };
};

test('lists by client, by status and by text in name or code, page by page', async () => {
  const { noor, vera, add } = await setUp();
  const { client } = await call<{ client: Project }>(house, noor, 'clients.create', { name: 'Acme' });
  await add('Website', { client_id: client.id, code: 'WEB-1' });
  await add('App', { client_id: client.id });
  const old = await add('Old');
  await call(house, noor, 'projects.update', { id: old, archived: true });
  expect(names(await call<List>(house, vera, 'projects.list'))).toEqual(['App', 'Website']);
  expect(names(await call<List>(house, vera, 'projects.list', { status: 'all' }))).toEqual([
    'App',
    'Old',
    'Website',
  ]);
  expect(names(await call<List>(house, vera, 'projects.list', { client_id: client.id, q: 'web-' }))).toEqual([
    'Website',
  ]);
  const first = await call<List>(house, vera, 'projects.list', { limit: 1 });
  const second = await call<List>(house, vera, 'projects.list', { limit: 1, cursor: first.meta.next_cursor });
  expect([names(first), names(second), second.meta.next_cursor]).toEqual([['App'], ['Website'], null]);
});

test('a private project is there for managers and the people on it, for nobody else', async () => {
  const { noor, teo, vera, add } = await setUp();
  const id = await add('Secret', { private: true, members: [{ member_id: teo.membershipId }] });
  expect(names(await call<List>(house, noor, 'projects.list'))).toEqual(['Secret']);
  expect(names(await call<List>(house, teo, 'projects.list'))).toEqual(['Secret']);
  expect(names(await call<List>(house, vera, 'projects.list'))).toEqual([]);
  expect((await refusalOf(call(house, vera, 'projects.get', { id }))).message).toBe('Resource not found');
});

test('a budget counts what was used in its period, and finds the projects beyond theirs', async () => {
  house.setNow('2026-10-20T10:00:00Z');
  const { noor, teo, add } = await setUp();
  const hours = await add('Hours', { budget: { kind: 'seconds', seconds: 7200, period: 'month' } });
  const money = await add('Money', { budget: { kind: 'money', amount: '100.00' } });
  await logTime(house, teo, { projectId: hours, seconds: 99_999, on: '2026-09-30' });
  await logTime(house, teo, { projectId: hours, seconds: 3600 });
  await logTime(house, teo, { projectId: hours, runningSince: '2026-10-20T09:30:00Z' });
  await logTime(house, teo, { projectId: money, seconds: 5400, rate: 8000n });
  await logTime(house, teo, { projectId: money, seconds: 5400, billable: false });
  expect((await call<List>(house, noor, 'projects.list')).data).toMatchObject([
    {
      name: 'Hours',
      budget: { kind: 'seconds', seconds: 7200, amount: null, used: { seconds: 5400, percent: 75 } },
    },
    {
      name: 'Money',
      budget: { amount: '100.00', seconds: null, used: { seconds: 10_800, amount: '120.00', percent: 120 } },
    },
  ]);
  expect(names(await call<List>(house, noor, 'projects.list', { over_budget: true }))).toEqual(['Money']);
  expect(names(await call<List>(house, noor, 'projects.list', { over_budget: false }))).toEqual(['Hours']);
  // Whoever may not see amounts is not told either that one is passed.
  expect(names(await call<List>(house, teo, 'projects.list', { over_budget: true }))).toEqual([]);
  house.setNow(null);
});

test('without leave to see amounts no key speaks of money', async () => {
  const { teo, add } = await setUp();
  await add('Fixed', {
    billing: 'fixed',
    fixed_fee: '5000',
    rate: '80',
    budget: { kind: 'money', amount: '100.00' },
  });
  const answer = await call<List>(house, teo, 'projects.list');
  expect(JSON.stringify(answer.data)).not.toMatch(/rate|amount|fee|5000|80\.00/);
  expect(answer.meta.omitted?.map(({ path }) => path)).toEqual([
    'data[].rate',
    'data[].fixed_fee',
    'data[].budget.amount',
    'data[].budget.used.amount',
    'data[].budget.used.percent',
  ]);
});

test('clients and use of time stay out without their scopes', async () => {
  const { noor, add } = await setUp();
  await add('Hours', { budget: { kind: 'seconds', seconds: 7200 } });
  const acting = { scopes: ['mcp', 'projects:read'] as Scope[] };
  const { data, meta } = await call<List>(house, noor, 'projects.list', {}, acting);
  expect(data[0]).not.toHaveProperty('client');
  expect(meta.omitted).toEqual([
    { path: 'data[].client', requires: 'clients:read' },
    { path: 'data[].budget.used', requires: 'time:read' },
  ]);
  const refusal = await refusalOf(call(house, noor, 'projects.list', { over_budget: true }, acting));
  expect(refusal.code).toBe('insufficient_scope');
});
