import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';

const house = await openTestHouse();

test('a deleted project comes back, but not before the client that was deleted after it', async () => {
  const { ada } = await makeWorkspace(house);
  const { client } = await call<{ client: { id: string } }>(house, ada, 'clients.create', { name: 'Acme' });
  const { project } = await call<{ project: { id: string } }>(house, ada, 'projects.create', {
    name: 'Site',
    client_id: client.id,
    budget: { kind: 'seconds', seconds: 60 },
  });
  await call(house, ada, 'projects.delete', { id: project.id });
  await call(house, ada, 'clients.delete', { id: client.id });
  const refusal = await refusalOf(call(house, ada, 'projects.restore', { id: project.id }));
  expect(refusal.message).toBe(
    `Its client (${client.id}) was deleted too. Restore that first: clients.restore.`,
  );
  await call(house, ada, 'clients.restore', { id: client.id });
  await call(house, ada, 'projects.restore', { id: project.id });
  expect(await call(house, ada, 'projects.get', { id: project.id })).toMatchObject({
    project: { name: 'Site', budget: { seconds: 60 }, client: { id: client.id } },
  });
});
