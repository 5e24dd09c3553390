import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, type Person, refusalOf } from '#testing/people.ts';
import { log, makeProject } from '#testing/time.ts';

const house = await openTestHouse();
house.setNow('2026-10-05T10:00:00Z');
const addClient = async (person: Person, input: object = {}) =>
  (await call<{ client: { id: string } }>(house, person, 'clients.create', { name: 'Acme', ...input })).client
    .id;

test('whoever may not see amounts cannot take away a budget or a fee', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const id = await makeProject(house, noor, {
    billing: 'fixed',
    fixed_fee: '5000',
    budget: { kind: 'money', amount: '4000', hard_stop: true },
    members: [{ member_id: teo.membershipId, is_manager: true }],
  });
  for (const input of [
    { budget: null },
    { budget: { kind: 'seconds', seconds: 9 } },
    { billing: 'hourly' },
  ]) {
    const refusal = await refusalOf(call(house, teo, 'projects.update', { id, ...input }));
    expect(refusal.code).toBe('access_denied');
  }
  await call(house, teo, 'projects.update', { id, name: 'Other' });
});

test('nothing new goes into a project of an archived client', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const client = await addClient(noor);
  const project = await makeProject(house, noor, { client_id: client });
  await call(house, noor, 'clients.update', { id: client, archived: true });
  const timer = await refusalOf(call(house, teo, 'timers.start', { project_id: project }));
  expect(timer.code).toBe('client_archived');
  const task = await refusalOf(call(house, teo, 'tasks.create', { summary: 'x', project_id: project }));
  expect(task.code).toBe('client_archived');
});

test('the currency stays while a timer runs, or deleted time can come back, in it', async () => {
  const { noor } = await makeWorkspace(house);
  const client = await addClient(noor, { rate: '80' });
  const project = await makeProject(house, noor, { client_id: client });
  const dollars = await addClient(noor, { currency: 'USD' });
  const moves = [
    ['clients.update', { id: client, currency: 'USD' }],
    ['projects.update', { id: project, client_id: dollars }],
  ] as const;
  await call(house, noor, 'timers.start', { project_id: project });
  for (const [operation, input] of moves)
    expect((await refusalOf(call(house, noor, operation, input))).code).toBe('currency_mismatch');
  await call(house, noor, 'timers.discard', { confirm: true });
  for (const [operation, input] of moves)
    expect((await refusalOf(call(house, noor, operation, input))).code).toBe('currency_mismatch');
});

test('a connection that may not write time does not change it through a project', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const client = await addClient(noor);
  const id = await makeProject(house, noor);
  await log(house, teo, { date: '2026-10-01', duration: '1:00', project_id: id });
  const scopes = ['projects:read', 'projects:write'] as const;
  for (const input of [{ client_id: client }, { rate: '50', rate_apply: 'unbilled_from:2026-09-01' }]) {
    const refusal = await refusalOf(call(house, noor, 'projects.update', { id, ...input }, { scopes }));
    expect(refusal.code).toBe('insufficient_scope');
    await call(house, noor, 'projects.update', { id, ...input, dry_run: true });
  }
});
