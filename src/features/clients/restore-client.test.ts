import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';

const house = await openTestHouse();

test('a deleted client comes back as it was, for thirty days', async () => {
  const { ada } = await makeWorkspace(house);
  const { client } = await call<{ client: { id: string } }>(house, ada, 'clients.create', {
    name: 'Acme',
    tax_id: 'DE1',
  });
  const { id } = client;
  await call(house, ada, 'clients.delete', { id });
  expect(await call(house, ada, 'clients.restore', { id })).toMatchObject({ client: { id, name: 'Acme' } });
  expect(await call(house, ada, 'clients.get', { id })).toMatchObject({ client: { tax_id: 'DE1' } });
  await call(house, ada, 'clients.delete', { id });
  house.setNow(house.clock().add({ hours: 24 * 30 + 1 }));
  const refusal = await refusalOf(call(house, ada, 'clients.restore', { id }));
  house.setNow(null);
  expect(refusal.code).toBe('not_found');
});

test('bringing back a client that is there changes nothing', async () => {
  const { ada } = await makeWorkspace(house);
  const { client } = await call<{ client: { id: string } }>(house, ada, 'clients.create', { name: 'Acme' });
  expect(await call(house, ada, 'clients.restore', { id: client.id })).toMatchObject({
    client: { name: 'Acme' },
  });
});
