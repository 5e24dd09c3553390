import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { makeWorkspace, refusalOf } from '#testing/people.ts';
import { makeWork, resolve, setRate } from '#testing/rates.ts';
import { log } from '#testing/time.ts';

const house = await openTestHouse();
house.setNow('2026-10-05T12:00:00Z');

test('names every level that was asked, what it had, and which one counted', async () => {
  const { ada, noor, teo } = await makeWorkspace(house);
  const { client, project, task } = await makeWork(house, ada, 'USD');
  await setRate(house, ada, { level: 'workspace', rate: '10' });
  await setRate(house, ada, { level: 'client', target_id: client, rate: '30' });
  await setRate(house, ada, { level: 'project', target_id: project, rate: '40', valid_from: '2026-10-01' });
  await setRate(house, ada, { level: 'task', target_id: task, rate: '50' });
  await setRate(house, ada, { level: 'task', target_id: task, rate: null, valid_from: '2026-10-02' });
  const found = await resolve(house, noor, { member_id: teo.membershipId, task_id: task });
  expect(found).toMatchObject({ rate: '40.00', currency: 'USD', source: 'project' });
  expect(found.chain.map(({ level, outcome, rate }) => [level, outcome, rate])).toEqual([
    ['task', 'ended', null],
    ['project_member', 'none', null],
    ['project', 'used', '40.00'],
    ['client', 'passed_over', '30.00'],
    ['member', 'none', null],
    ['workspace', 'other_currency', null],
  ]);
  expect(found.chain[2]).toMatchObject({ target_id: project, valid_from: '2026-10-01' });
  expect(found.chain[5]).toMatchObject({ other_currencies: ['EUR'] });
});

test('work of no project asks the person and the workspace only', async () => {
  const { noor } = await makeWorkspace(house);
  const { rate, source, chain } = await resolve(house, noor);
  expect([rate, source]).toEqual([null, 'none']);
  expect(chain.map(({ outcome }) => outcome)).toEqual([
    'not_asked',
    'not_asked',
    'not_asked',
    'not_asked',
    'none',
    'none',
  ]);
});

test('an entry’s own rate comes before every level', async () => {
  const { ada, noor } = await makeWorkspace(house);
  await setRate(house, ada, { level: 'workspace', rate: '10' });
  const own = await log(house, ada, { date: '2026-10-02', duration: '1:00', rate: '77' });
  const other = await log(house, ada, { date: '2026-10-02', duration: '1:00' });
  const found = await resolve(house, noor, { entry_id: own.id });
  expect(found).toMatchObject({ rate: '77.00', source: 'entry' });
  expect(found.chain[0]).toMatchObject({ level: 'entry', outcome: 'used' });
  expect(found.chain.at(-1)).toMatchObject({ level: 'workspace', outcome: 'passed_over', rate: '10.00' });
  expect(await resolve(house, noor, { entry_id: other.id })).toMatchObject({ source: 'workspace' });
});

test('refuses two answers to one question', async () => {
  const { ada } = await makeWorkspace(house);
  const { project, task } = await makeWork(house, ada);
  const entry = await log(house, ada, { date: '2026-10-02', duration: '1:00' });
  expect((await refusalOf(resolve(house, ada, { entry_id: entry.id, task_id: task }))).field).toBe(
    'entry_id',
  );
  expect((await refusalOf(resolve(house, ada, { project_id: project, task_id: task }))).field).toBe(
    'task_id',
  );
});
