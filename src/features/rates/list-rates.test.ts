import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { makeWork, type Rate, resolve, setRate } from '#testing/rates.ts';
import { log, look } from '#testing/time.ts';

const house = await openTestHouse();
house.setNow('2026-10-05T12:00:00Z');

interface Page {
  data: Rate[];
  meta: { next_cursor: string | null; has_more: boolean };
}

test('lists rates by level with the days they hold, page by page', async () => {
  const { ada, noor, teo } = await makeWorkspace(house);
  const { client, project } = await makeWork(house, ada);
  await setRate(house, ada, { level: 'workspace', rate: '10' });
  await setRate(house, ada, { level: 'workspace', rate: '12', valid_from: '2027-01-01' });
  await setRate(house, ada, { level: 'client', target_id: client, rate: '30' });
  await setRate(house, ada, {
    level: 'project_member',
    target_id: project,
    member_id: teo.membershipId,
    rate: '50',
  });
  const list = (input: object = {}) => call<Page>(house, noor, 'rates.list', input);
  const { data } = await list();
  expect(
    data.map(({ level, rate, valid_from, valid_until }) => [level, rate, valid_from, valid_until]),
  ).toEqual([
    ['workspace', '10.00', null, '2026-12-31'],
    ['workspace', '12.00', '2027-01-01', null],
    ['client', '30.00', null, null],
    ['project_member', '50.00', null, null],
  ]);
  expect(data[3]).toMatchObject({ project: { name: 'Site' }, member_name: 'Teo', client: null });
  expect((await list({ on: '2027-02-01' })).data.map(({ rate }) => rate)).toEqual([
    '12.00',
    '30.00',
    '50.00',
  ]);
  expect((await list({ level: 'client' })).data).toHaveLength(1);
  expect((await list({ target_id: project })).data).toHaveLength(1);
  expect((await list({ member_id: teo.membershipId })).data).toHaveLength(1);

  const seen: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page: Page = await list({ limit: 1, cursor });
    seen.push(...page.data.map(({ id }) => id));
    cursor = page.meta.next_cursor;
  }
  expect(seen).toEqual(data.map(({ id }) => id));
});

test('a deleted rate makes way for the one before, and for logged time where that is asked for', async () => {
  const { ada, teo } = await makeWorkspace(house);
  await setRate(house, ada, { level: 'workspace', rate: '10' });
  const { rate } = await setRate(house, ada, { level: 'workspace', rate: '12', valid_from: '2026-10-01' });
  const kept = await log(house, teo, { date: '2026-10-02', duration: '1:00' });
  await call(house, ada, 'rates.delete', { id: rate.id });
  expect(await resolve(house, ada)).toMatchObject({ rate: '10.00' });
  expect((await look(house, ada, kept.id)).entry.rate).toBe('12.00');
  expect((await refusalOf(call(house, ada, 'rates.delete', { id: rate.id }))).code).toBe('not_found');

  const [first] = (await call<Page>(house, ada, 'rates.list')).data;
  const gone = await call(house, ada, 'rates.delete', { id: first!.id, apply: 'unbilled_from:2026-10-01' });
  expect(gone).toMatchObject({ deleted: first!.id, affected_entries: 1, entry_ids: [kept.id] });
  expect((await look(house, ada, kept.id)).entry.rate).toBeNull();
});

test('the names of clients are for those who may see clients', async () => {
  const { ada } = await makeWorkspace(house);
  const { client } = await makeWork(house, ada);
  await setRate(house, ada, { level: 'client', target_id: client, rate: '30' });
  const { data } = await call<Page>(house, ada, 'rates.list', {}, { scopes: ['rates:read'] });
  expect(data[0]).not.toHaveProperty('client');
});
