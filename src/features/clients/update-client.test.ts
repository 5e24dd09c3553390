import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf, type TestWorkspace } from '#testing/people.ts';
import { logTime } from '#testing/work.ts';

const house = await openTestHouse();

const withClient = async (more: object = {}): Promise<TestWorkspace & { id: string; client: string }> => {
  const workspace = await makeWorkspace(house);
  const { client } = await call<{ client: { id: string } }>(house, workspace.noor, 'clients.create', {
    name: 'Acme',
    email: 'a@acme.example',
    tax_id: 'DE1',
    ...more,
  });
  return { ...workspace, client: client.id };
};

test('null clears, what is left out stays', async () => {
  const { noor, client } = await withClient({ contacts: [{ name: 'Ines' }], rate: '80' });
  const answer = await call(house, noor, 'clients.update', { id: client, email: null, rate: null });
  expect(answer).toMatchObject({
    client: { email: null, tax_id: 'DE1', rate: null, contacts: [{ name: 'Ines' }], version: 2 },
  });
});

test('is refused when somebody else changed it meanwhile, and says the version to use', async () => {
  const { noor, client } = await withClient();
  await call(house, noor, 'clients.update', { id: client, tax_id: 'DE2', expected_version: 1 });
  const refusal = await refusalOf(
    call(house, noor, 'clients.update', { id: client, tax_id: 'DE3', expected_version: 1 }),
  );
  expect(refusal).toMatchObject({ code: 'conflict_version', details: { current_version: 2 } });
});

test('an archived client leaves the list and comes back', async () => {
  const { noor, client } = await withClient();
  await call(house, noor, 'clients.update', { id: client, archived: true });
  expect((await call(house, noor, 'clients.list'))['data']).toEqual([]);
  expect((await call(house, noor, 'clients.list', { archived: true }))['data']).toHaveLength(1);
  await call(house, noor, 'clients.update', { id: client, archived: false });
  expect((await call(house, noor, 'clients.list'))['data']).toHaveLength(1);
});

test('a new rate leaves what is planned for tomorrow, as days are where it is set', async () => {
  const { ada } = await makeWorkspace(house, { timezone: 'America/Los_Angeles' });
  // Tomorrow in UTC.
  house.setNow('2026-10-06T03:00:00Z');
  const { client } = await call<{ client: { id: string } }>(house, ada, 'clients.create', { name: 'Acme' });
  const planned = { level: 'client', target_id: client.id, rate: '95', valid_from: '2026-10-06' };
  await call(house, ada, 'rates.set', planned);
  await call(house, ada, 'clients.update', { id: client.id, rate: '80' });
  const on = async (at: string) =>
    (await call(house, ada, 'rates.resolve', { client_id: client.id, at }))['rate'];
  expect([await on('2026-10-01'), await on('2026-10-05'), await on('2026-10-06')]).toEqual([
    '80.00',
    '80.00',
    '95.00',
  ]);
  house.setNow(null);
});

test('the currency cannot change while something unbilled is in the old one', async () => {
  const { noor, teo, client } = await withClient();
  await logTime(house, teo, { clientId: client, rate: 8000n });
  const refusal = await refusalOf(call(house, noor, 'clients.update', { id: client, currency: 'USD' }));
  expect(refusal).toMatchObject({
    code: 'currency_mismatch',
    field: 'currency',
    details: { wanted: 'EUR', given: 'USD' },
  });
});

test('otherwise its projects move to the new currency with it, and rates in the old one no longer count', async () => {
  const { noor, client } = await withClient({ rate: '80' });
  const { project } = await call<{ project: { id: string } }>(house, noor, 'projects.create', {
    name: 'Site',
    client_id: client,
  });
  const answer = await call(house, noor, 'clients.update', { id: client, currency: 'USD' });
  expect(answer).toMatchObject({ client: { currency: 'USD', rate: null } });
  expect(answer.meta?.warnings?.[0]).toContain('Rates in EUR no longer apply');
  expect(await call(house, noor, 'projects.get', { id: project.id })).toMatchObject({
    project: { currency: 'USD' },
  });
});
