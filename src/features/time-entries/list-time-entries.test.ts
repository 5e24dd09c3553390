import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, type Person, refusalOf } from '#testing/people.ts';
import { approve, closePeriod, type EntryPage, log, makeProject } from '#testing/time.ts';

const house = await openTestHouse();
house.setNow('2026-10-05T10:00:00Z');
const list = (person: Person, input: object = {}) =>
  call<EntryPage>(house, person, 'time_entries.list', input);
const ids = async (person: Person, input: object) => (await list(person, input)).data.map(({ id }) => id);

test('refuses days in the wrong order, and one person together with everybody', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const reversed = { from: '2026-10-05', to: '2026-10-04' };
  for (const operation of ['time_entries.list', 'tasks.notes']) {
    const refused = await refusalOf(call(house, noor, operation, reversed));
    expect(refused).toMatchObject({ code: 'validation_failed', field: 'from' });
    await call(house, noor, operation, { from: '2026-10-05', to: '2026-10-05' });
  }
  const both = { all_members: true, member_id: teo.membershipId };
  expect((await refusalOf(list(noor, both))).message).toContain('not both');
});

test('pages through everything once, newest first, with totals over the whole filter on every page', async () => {
  const { teo } = await makeWorkspace(house);
  const logged: string[] = [];
  for (const given of [
    { date: '2026-10-01', duration: '1:00' },
    { date: '2026-10-01', duration: '2:00' },
    { started_at: '2026-10-01T09:00', duration: '0:30' },
    { started_at: '2026-10-01T11:00', duration: '0:30', billable: false },
    { started_at: '2026-10-03T09:00', duration: '1:00' },
    { date: '2026-09-30', duration: '1:00' },
    { started_at: '2026-10-05T11:30' },
  ])
    logged.push((await log(house, teo, given)).id);
  const [dayA, dayB, early, late, third, september, running] = logged as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const through = async (sort: 'newest' | 'oldest') => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { data, meta }: EntryPage = await list(teo, {
        limit: 2,
        sort,
        ...(cursor === null ? {} : { cursor }),
      });
      seen.push(...data.map(({ id }) => id));
      expect(meta.totals).toEqual({ entries: 7, seconds: 6.5 * 3600, billable_seconds: 6 * 3600 });
      cursor = meta.next_cursor;
    } while (cursor !== null);
    return seen;
  };
  const timeless = [dayA, dayB].sort().reverse();
  const expected = [running, third, late, early, ...timeless, september];
  expect(await through('newest')).toEqual(expected);
  expect(await through('oldest')).toEqual(expected.reverse());
});

test('totals say what the time is worth by currency, rounded once per rate as in reports, to whoever may see amounts', async () => {
  const { noor } = await makeWorkspace(house);
  const dollars = await makeProject(house, noor, { currency: 'USD' });
  for (let round = 0; round < 3; round += 1)
    await log(house, noor, { date: '2026-10-01', duration_seconds: 20, rate: '1.00' });
  await log(house, noor, { date: '2026-10-01', duration: '1:00', rate: '80.00', project_id: dollars });
  await log(house, noor, { date: '2026-10-01', duration: '1:00', rate: '80.00', billable: false });
  const { data, meta } = await list(noor);
  // Each of the three is worth 0.56 cents, shown as 0.01; together they are worth 1.67 cents.
  expect(data.filter(({ amount }) => amount === '0.01')).toHaveLength(3);
  expect(meta.totals.amounts).toEqual([
    { currency: 'EUR', amount: '0.02' },
    { currency: 'USD', amount: '80.00' },
  ]);
  // Each of these is worth half a cent and a little more.
  for (const rate of ['18.00', '18.40', '18.80'])
    await log(house, noor, { date: '2026-10-02', duration_seconds: 1, rate });
  const day = { from: '2026-10-02', to: '2026-10-02' };
  const amounts = [{ currency: 'EUR', amount: '0.03' }];
  expect((await list(noor, day)).meta.totals.amounts).toEqual(amounts);
  const report = { type: 'summary', ...day, group_by: ['day'] };
  expect(await call(house, noor, 'reports.run', report)).toMatchObject({
    totals: { currencies: [{ currency: 'EUR', amounts: { amount: '0.03' } }] },
  });
});

test('a member is shown neither rates nor amounts, nor totals of them', async () => {
  const { teo } = await makeWorkspace(house);
  await log(house, teo, { duration: '1:00' });
  const page = await list(teo);
  expect(JSON.stringify([page.data, page.meta.totals])).not.toMatch(/rate|amount/);
  expect(page.meta.omitted).toContainEqual({ path: 'meta.totals.amounts', requires: 'role' });
});

test('is one’s own time; a manager may ask for others’', async () => {
  const { noor, teo, vera } = await makeWorkspace(house);
  const [hers, his] = [
    await log(house, noor, { duration: '1:00' }),
    await log(house, teo, { duration: '1:00' }),
  ];
  expect(await ids(teo, {})).toEqual([his.id]);
  expect(await ids(vera, {})).toEqual([]);
  expect(await ids(noor, { member_id: teo.membershipId })).toEqual([his.id]);
  expect((await ids(noor, { all_members: true })).sort()).toEqual([hers.id, his.id].sort());
  expect((await refusalOf(list(teo, { member_id: noor.membershipId }))).message).toBe('Access denied');
  expect((await refusalOf(list(teo, { all_members: true }))).code).toBe('access_denied');
});

test('filters by day, project, client, task, tag, billing, state and text', async () => {
  const { noor } = await makeWorkspace(house);
  const { client } = await call<{ client: { id: string } }>(house, noor, 'clients.create', {
    name: 'Acme',
    currency: 'EUR',
  });
  const project = await makeProject(house, noor, { client_id: client.id });
  const one = await log(house, noor, {
    date: '2026-10-01',
    duration: '1:00',
    project_id: project,
    summary: 'Header',
    tags: ['a'],
  });
  const two = await log(house, noor, {
    date: '2026-10-02',
    duration: '1:00',
    billable: false,
    description: 'Taxes 100%',
  });
  const three = await log(house, noor, { started_at: '2026-10-05T11:00' });
  expect(await ids(noor, { from: '2026-10-02', to: '2026-10-02' })).toEqual([two.id]);
  expect(await ids(noor, { to: '2026-10-01' })).toEqual([one.id]);
  expect(await ids(noor, { project_ids: [project] })).toEqual([one.id]);
  expect(await ids(noor, { client_ids: [client.id] })).toEqual([one.id]);
  expect(await ids(noor, { task_id: one.task!.id })).toEqual([one.id]);
  expect(await ids(noor, { tag_ids: [one.tags![0]!.id] })).toEqual([one.id]);
  expect(await ids(noor, { billable: false })).toEqual([two.id]);
  expect(await ids(noor, { running: true })).toEqual([three.id]);
  expect(await ids(noor, { running: false })).toEqual([two.id, one.id]);
  expect(await ids(noor, { q: 'header' })).toEqual([one.id]);
  expect(await ids(noor, { q: '100%' })).toEqual([two.id]);
  const blind = { scopes: ['mcp', 'time:read'] } as const;
  expect((await call<EntryPage>(house, noor, 'time_entries.list', { q: 'header' }, blind)).data).toEqual([]);
});

test('finds what is locked, and what changed since', async () => {
  const { id: workspace, noor } = await makeWorkspace(house);
  const old = await log(house, noor, { date: '2026-09-01', duration: '1:00' });
  const approved = await log(house, noor, { date: '2026-10-01', duration: '1:00' });
  const open = await log(house, noor, { date: '2026-10-02', duration: '1:00' });
  await approve(house, approved.id);
  await closePeriod(house, workspace, '2026-09-30');
  expect(await ids(noor, { locked: true })).toEqual([approved.id, old.id]);
  expect(await ids(noor, { locked: false })).toEqual([open.id]);
  house.setNow('2026-10-05T11:00:00Z');
  await call(house, noor, 'time_entries.update', { id: open.id, description: 'x' });
  expect(await ids(noor, { updated_since: '2026-10-05T12:30' })).toEqual([open.id]);
  house.setNow('2026-10-05T10:00:00Z');
});

test('shows nothing of another workspace', async () => {
  const [here, there] = [await makeWorkspace(house), await makeWorkspace(house)];
  await log(house, there.noor, { duration: '1:00' });
  expect(await ids(here.noor, { all_members: true })).toEqual([]);
});
