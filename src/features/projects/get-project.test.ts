import { expect, test } from 'vitest';
import type { Scope } from '#operation/scopes.ts';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace } from '#testing/people.ts';

const house = await openTestHouse();

test('the people on a project are shown with members:read, their rates to those who may see amounts', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const { project } = await call<{ project: { id: string } }>(house, noor, 'projects.create', {
    name: 'Site',
    members: [{ member_id: teo.membershipId, rate: '70' }],
  });
  const { id } = project;
  const seen = await call<{ project: { members: object[] } }>(house, teo, 'projects.get', { id });
  expect(seen.project.members).toEqual([{ member_id: teo.membershipId, name: 'Teo', is_manager: false }]);
  const acting = { scopes: ['mcp', 'projects:read', 'clients:read', 'time:read'] as Scope[] };
  const unseen = await call<{ project: object; meta: { omitted: object[] } }>(
    house,
    noor,
    'projects.get',
    { id },
    acting,
  );
  expect(unseen.project).not.toHaveProperty('members');
  expect(unseen.meta.omitted).toEqual([{ path: 'project.members', requires: 'members:read' }]);
});
