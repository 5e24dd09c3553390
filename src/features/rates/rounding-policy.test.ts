import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import type { Id } from '#values/id.ts';
import { roundingSql, storedRounding } from './rounding-policy.ts';

const house = await openTestHouse();

test('time is rounded as its project says, else its client, else the workspace, else not at all', async () => {
  const workspace = await makeWorkspace(house);
  const { ada, noor } = workspace;
  const up = (increment_seconds: number) => ({ mode: 'up', increment_seconds });
  const { client } = await call<{ client: { id: Id<'cli'> } }>(house, noor, 'clients.create', {
    name: 'Acme',
  });
  const { project } = await call<{ project: { id: Id<'prj'> } }>(house, noor, 'projects.create', {
    name: 'Site',
    client_id: client.id,
  });
  const step = (projectId: Id<'prj'> | null = project.id, clientId: Id<'cli'> | null = client.id) =>
    house.database.inWorkspace(workspace.id, house.clock(), async (tx) => {
      const { rows } = await sql<{ rounding: unknown }>`
        select ${roundingSql(sql`${projectId}::text`, sql`${clientId}::text`)} as rounding`.execute(tx);
      const { mode, increment_seconds, scope } = storedRounding(rows[0]!.rounding);
      return mode === 'none' ? 'none' : `${mode} ${increment_seconds} ${scope}`;
    });
  expect(await step()).toBe('none');
  await call(house, ada, 'settings.update', { rounding: up(60) });
  expect(await step()).toBe('up 60 entry');
  await call(house, noor, 'clients.update', { id: client.id, rounding: { ...up(900), scope: 'day' } });
  expect(await step()).toBe('up 900 day');
  expect(await step(null, null)).toBe('up 60 entry');
  const changed = await call(house, noor, 'projects.update', { id: project.id, rounding: up(360) });
  expect(changed).toMatchObject({ project: { rounding: { mode: 'up', increment_seconds: 360 } } });
  expect(await step()).toBe('up 360 entry');
  // That somebody rounds to nothing is a policy too, and ends the search.
  await call(house, noor, 'projects.update', {
    id: project.id,
    rounding: { mode: 'none', increment_seconds: 1 },
  });
  expect(await step()).toBe('none');
  await call(house, noor, 'projects.update', { id: project.id, rounding: null });
  expect(await step()).toBe('up 900 day');
  await call(house, ada, 'settings.update', { rounding: null });
  await call(house, noor, 'clients.update', { id: client.id, rounding: null });
  expect(await step()).toBe('none');
});

test('who manages a project without seeing its money does not say how it is billed', async () => {
  const { noor, teo } = await makeWorkspace(house);
  const { project } = await call<{ project: { id: string } }>(house, noor, 'projects.create', {
    name: 'Site',
    members: [{ member_id: teo.membershipId, is_manager: true }],
  });
  const rounding = { mode: 'up', increment_seconds: 900 };
  const refusal = await refusalOf(call(house, teo, 'projects.update', { id: project.id, rounding }));
  expect(refusal.code).toBe('access_denied');
});
