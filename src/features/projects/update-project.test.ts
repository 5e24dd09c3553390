import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { logTime } from '#testing/work.ts';

const house = await openTestHouse();

const setUp = async (more: object = {}) => {
  const workspace = await makeWorkspace(house);
  const { client } = await call<{ client: { id: string } }>(house, workspace.noor, 'clients.create', {
    name: 'Acme',
  });
  const { project } = await call<{ project: { id: string } }>(house, workspace.noor, 'projects.create', {
    name: 'Site',
    client_id: client.id,
    ...more,
  });
  const entries = () =>
    house.database.inWorkspace(workspace.id, house.clock(), (tx) =>
      tx
        .selectFrom('time_entries')
        .select(['rate_minor', 'rate_source', 'client_id'])
        .orderBy('id')
        .execute(),
    );
  return { ...workspace, id: project.id, client: client.id, entries };
};

test('null clears, what is left out stays', async () => {
  const { noor, id } = await setUp({ code: 'S-1', rate: '80', budget: { kind: 'seconds', seconds: 60 } });
  expect(await call(house, noor, 'projects.update', { id, code: null, budget: null })).toMatchObject({
    project: { name: 'Site', code: null, budget: null, rate: '80.00', client: { name: 'Acme' } },
    affected_entries: 0,
  });
});

test('a new rate leaves logged time alone unless asked, and then changes what is unbilled, unlocked and not rated by hand', async () => {
  house.setNow('2026-10-20T10:00:00Z');
  const { noor, teo, id, entries } = await setUp({ rate: '80' });
  const time = { projectId: id, rate: 8000n, rateSource: 'project' as const };
  await logTime(house, teo, { ...time, on: '2026-10-01' });
  await logTime(house, teo, { ...time, on: '2026-10-10' });
  await logTime(house, teo, { ...time, on: '2026-10-10', approvedAt: '2026-10-11T00:00:00Z' });
  await logTime(house, teo, { ...time, on: '2026-10-10', rate: 5000n, rateSource: 'entry' });
  await logTime(house, teo, { ...time, on: '2026-10-10', billable: false });
  expect(await call(house, noor, 'projects.update', { id, rate: '90' })).toMatchObject({
    project: { rate: '90.00' },
    affected_entries: 0,
  });
  const again = { id, rate: '100', rate_apply: 'unbilled_from:2026-10-05' };
  expect(await call(house, noor, 'projects.update', { ...again, dry_run: true })).toMatchObject({
    affected_entries: 1,
  });
  expect((await entries()).map((entry) => Number(entry.rate_minor)).sort((a, b) => a - b)).toEqual([
    5000, 8000, 8000, 8000, 8000,
  ]);
  expect(await call(house, noor, 'projects.update', again)).toMatchObject({ affected_entries: 1 });
  expect((await entries()).map((entry) => Number(entry.rate_minor)).sort((a, b) => a - b)).toEqual([
    5000, 8000, 8000, 8000, 10_000,
  ]);
  house.setNow(null);
});

test('re-rating from a day that has not been is refused', async () => {
  const { noor, id } = await setUp();
  for (const rate_apply of ['unbilled_from:2999-01-01', 'unbilled_from:2026-02-30', 'always']) {
    const refusal = await refusalOf(call(house, noor, 'projects.update', { id, rate: '1', rate_apply }));
    expect(refusal).toMatchObject({ code: 'validation_failed', field: 'rate_apply' });
  }
});

test('moving to another client takes tasks and unlocked time along, and says what stayed', async () => {
  const { noor, teo, id, client, entries } = await setUp();
  const other = await call<{ client: { id: string } }>(house, noor, 'clients.create', { name: 'Other' });
  await logTime(house, teo, { projectId: id, clientId: client });
  await logTime(house, teo, { projectId: id, clientId: client, approvedAt: '2026-10-06T00:00:00Z' });
  const answer = await call(house, noor, 'projects.update', { id, client_id: other.client.id });
  expect(answer).toMatchObject({ project: { client: { name: 'Other' } }, affected_entries: 1 });
  expect(answer.meta?.warnings).toEqual(['1 locked time entry stays with the client of that time.']);
  expect(new Set((await entries()).map((entry) => entry.client_id))).toEqual(
    new Set([other.client.id, client]),
  );
});

test('moving to a client of another currency is refused while money is in the old one', async () => {
  const { noor, id } = await setUp({ billing: 'fixed', fixed_fee: '500' });
  const other = await call<{ client: { id: string } }>(house, noor, 'clients.create', {
    name: 'US',
    currency: 'USD',
  });
  const refusal = await refusalOf(call(house, noor, 'projects.update', { id, client_id: other.client.id }));
  expect(refusal.code).toBe('currency_mismatch');
  expect(refusal.message).toContain('its fee or budget would be mixed');
});

test('somebody who manages the project may change it, but not the money they may not see; other members may not', async () => {
  const { noor, teo, id } = await setUp();
  const denied = await refusalOf(call(house, teo, 'projects.update', { id, name: 'Mine' }));
  expect(denied.message).toBe('Access denied');
  await call(house, noor, 'projects.update', {
    id,
    members: [{ member_id: teo.membershipId, is_manager: true }],
  });
  expect(await call(house, teo, 'projects.update', { id, name: 'Mine' })).toMatchObject({
    project: { name: 'Mine' },
  });
  const money = await refusalOf(call(house, teo, 'projects.update', { id, rate: '500' }));
  expect(money.message).toBe('Access denied');
});
