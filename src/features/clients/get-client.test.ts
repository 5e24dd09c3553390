import { expect, test } from 'vitest';
import type { Scope } from '#operation/scopes.ts';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';

const house = await openTestHouse();

test('a client of another workspace answers exactly like one that never was', async () => {
  const [here, there] = [await makeWorkspace(house), await makeWorkspace(house)];
  const { client } = await call<{ client: { id: string } }>(house, there.noor, 'clients.create', {
    name: 'Theirs',
  });
  const never = `cli_${'0'.repeat(26)}`;
  const [foreign, random] = [
    await refusalOf(call(house, here.noor, 'clients.get', { id: client.id })),
    await refusalOf(call(house, here.noor, 'clients.get', { id: never })),
  ];
  expect(foreign.toJSON()).toEqual(random.toJSON());
  expect(foreign.message).toBe('Resource not found');
});

test('the id of something else is refused with what it is', async () => {
  const { noor } = await makeWorkspace(house);
  const refusal = await refusalOf(call(house, noor, 'clients.get', { id: `prj_${'0'.repeat(26)}` }));
  expect(refusal.message).toContain('This is the id of a project; a client id is wanted');
});

test('projects are left out without projects:read, and the answer says so', async () => {
  const { noor } = await makeWorkspace(house);
  const { client } = await call<{ client: { id: string } }>(house, noor, 'clients.create', { name: 'Acme' });
  const acting = { scopes: ['mcp', 'clients:read', 'time:read'] as Scope[] };
  const answer = await call(house, noor, 'clients.get', { id: client.id }, acting);
  expect(answer).not.toHaveProperty('projects');
  expect(answer.meta?.omitted).toEqual([{ path: 'projects', requires: 'projects:read' }]);
});
