import { expect, test } from 'vitest';
import { operations } from '#catalogue.ts';
import { obstacle } from '#operation/obstacle.ts';
import type { Scope } from '#operation/scopes.ts';
import { openTestHouse } from '#testing/house.ts';
import { actorOf, call, makeWorkspace, refusalOf } from '#testing/people.ts';

const house = await openTestHouse();
interface Capabilities {
  tools: string[];
  hidden: { tool: string; code: string; because: string; missing?: string[] }[];
  add_permissions_at: string;
}

test('a tool without permission is hidden with the permission that is missing and where to add it', async () => {
  const { teo } = await makeWorkspace(house);
  const acting = { scopes: ['mcp', 'tags:read'] as Scope[] };
  const answer = await call<Capabilities>(house, teo, 'workspace.capabilities', {}, acting);
  expect(answer.tools).toContain('tags.list');
  expect(answer.hidden).toContainEqual({
    tool: 'tags.create',
    code: 'insufficient_scope',
    because: 'The connection was not given tags:write.',
    missing: ['tags:write'],
  });
  expect(answer.add_permissions_at).toBe('http://localhost:4000/account/integrations');
});

test('whoever comes with an API token is sent where tokens are made: it gets no more than it has', async () => {
  const { ada } = await makeWorkspace(house);
  const acting = {
    scopes: ['mcp', 'tags:read'] as Scope[],
    via: { kind: 'token', resource: 'mcp', coarse: null } as const,
  };
  const answer = await call<Capabilities>(house, ada, 'workspace.capabilities', {}, acting);
  expect(answer.add_permissions_at).toBe('http://localhost:4000/account/tokens');
  const fine = await refusalOf(call(house, ada, 'tags.create', { name: 'x' }, acting));
  expect(fine.message).toMatch(
    /An API token keeps what it has: make another one with it under API tokens in Stint\.$/,
  );
  for (const name of ['settings.get', 'settings.update', 'tax_rates.create', 'tax_rates.archive']) {
    const coarse = await refusalOf(call(house, ada, name, {}, acting));
    expect(coarse.message).toMatch(/No API token can have it, only an app that signs in\.$/);
  }
});

test('a tool above the role says which role it takes', async () => {
  const { teo } = await makeWorkspace(house);
  const answer = await call<Capabilities>(house, teo, 'workspace.capabilities', { tool: 'tags_delete' });
  expect(answer.tools).toEqual([]);
  expect(answer.hidden).toEqual([
    {
      tool: 'tags.delete',
      code: 'role_too_low',
      because: 'It needs the role manager or above; yours is member.',
    },
  ]);
});

test('lists exactly the tools that a call would let through, and names nothing that is no tool', async () => {
  const { noor, teo, vera } = await makeWorkspace(house);
  for (const person of [noor, teo, vera]) {
    const acting = { scopes: ['mcp', 'tags:read', 'time:read', 'time:write'] as Scope[] };
    const actor = await actorOf(house, person, acting);
    const { tools, hidden } = await call<Capabilities>(house, person, 'workspace.capabilities', {}, acting);
    const onMcp = operations.filter(({ doors }) => doors.has('mcp'));
    expect(tools).toEqual(
      onMcp.filter((each) => obstacle(actor, each, house.clock()) === null).map(({ name }) => name),
    );
    expect(tools.length + hidden.length).toBe(onMcp.length);
  }
});

test('a tool that does not exist is not guessed', async () => {
  const { teo } = await makeWorkspace(house);
  const refusal = await refusalOf(call(house, teo, 'workspace.capabilities', { tool: 'tags.explode' }));
  expect(refusal).toMatchObject({ code: 'validation_failed', field: 'tool' });
});
