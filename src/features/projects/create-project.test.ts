import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';

const house = await openTestHouse();
interface Made {
  client: { id: string };
}

test('keeps everything that was said, with the people and their rates', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const { client } = await call<Made>(house, noor, 'clients.create', { name: 'Acme', currency: 'USD' });
  const answer = await call(house, noor, 'projects.create', {
    name: 'Site',
    client_id: client.id,
    code: 'S-1',
    color: 7,
    rate: '90',
    budget: { kind: 'seconds', seconds: 36_000, period: 'month', hard_stop: true },
    members: [{ member_id: teo.membershipId, is_manager: true, rate: '70.5' }],
  });
  expect(answer).toMatchObject({
    project: {
      name: 'Site',
      code: 'S-1',
      color: 7,
      client: { id: client.id, name: 'Acme' },
      billing: 'hourly',
      billable: true,
      currency: 'USD',
      rate: '90.00',
      fixed_fee: null,
      budget: {
        seconds: 36_000,
        period: 'month',
        hard_stop: true,
        alert_percents: [50, 80, 100],
        used: { percent: 0 },
      },
      members: [{ member_id: teo.membershipId, name: 'Teo', is_manager: true, rate: '70.50' }],
      version: 1,
    },
  });
});

test('cannot be in another currency than its client', async () => {
  const { noor } = await makeWorkspace(house);
  const { client } = await call<Made>(house, noor, 'clients.create', { name: 'Acme', currency: 'USD' });
  const refusal = await refusalOf(
    call(house, noor, 'projects.create', { name: 'Site', client_id: client.id, currency: 'EUR' }),
  );
  expect(refusal).toMatchObject({ code: 'currency_mismatch', details: { wanted: 'USD', given: 'EUR' } });
});

test('cannot be for an archived client, nor for one of another workspace', async () => {
  const [{ noor }, there] = [await makeWorkspace(house), await makeWorkspace(house)];
  const { client } = await call<Made>(house, noor, 'clients.create', { name: 'Acme' });
  await call(house, noor, 'clients.update', { id: client.id, archived: true });
  const archived = await refusalOf(
    call(house, noor, 'projects.create', { name: 'Site', client_id: client.id }),
  );
  expect(archived).toMatchObject({ code: 'client_archived', fixTool: 'clients.update' });
  const foreign = await refusalOf(
    call(house, there.noor, 'projects.create', { name: 'Site', client_id: client.id }),
  );
  expect(foreign).toMatchObject({ code: 'not_found', message: 'Resource not found' });
});

test('a non-billable project has non-billable time unless said otherwise', async () => {
  const { noor } = await makeWorkspace(house);
  expect(await call(house, noor, 'projects.create', { name: 'Us', billing: 'non_billable' })).toMatchObject({
    project: { billable: false },
  });
});

test.each([
  [{ billing: 'fixed' }, 'A project with billing fixed needs a fixed_fee.'],
  [
    { fixed_fee: '10' },
    'fixed_fee goes with billing fixed, not hourly. Set billing fixed, or leave fixed_fee out.',
  ],
  [
    { budget: { kind: 'money', seconds: 5 } },
    'A budget of kind money has amount and nothing else as its limit.',
  ],
  [{ budget: { kind: 'money', amount: '0' } }, 'budget.amount must be more than zero.'],
])('refuses %j with a sentence', async (more, message) => {
  const { noor } = await makeWorkspace(house);
  expect((await refusalOf(call(house, noor, 'projects.create', { name: 'Site', ...more }))).message).toBe(
    message,
  );
});
