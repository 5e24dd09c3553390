import { beforeAll, describe, expect, test } from 'vitest';
import { operator } from '#identity/author.ts';
import { setBillingState } from '#identity/workspaces.ts';
import { openTestHouse, type TestHouse } from '#testing/house.ts';
import { call, connectionFor, makeWorkspace, refusalOf, type TestWorkspace } from '#testing/people.ts';

let house: TestHouse;
let workspace: TestWorkspace;
beforeAll(async () => {
  house = await openTestHouse();
  workspace = await makeWorkspace(house);
});

interface Connection {
  id: string;
  scopes: string[];
  status: string;
  revoked_reason: string | null;
  version: number;
  recent_actions: { action: string }[];
  member: { email: string };
}
const list = (person = workspace.teo, input: object = {}) =>
  call<{ data: Connection[]; meta: { next_cursor: string | null } }>(
    house,
    person,
    'connections.list',
    input,
  );

describe('a list', () => {
  test('shows my own connections of this workspace, newest first, page by page', async () => {
    const own = await makeWorkspace(house);
    const first = await connectionFor(house, own.teo);
    const second = await connectionFor(house, own.teo);
    await connectionFor(house, own.noor);
    const { data, meta } = await list(own.teo, { limit: 1 });
    expect(data.map(({ id }) => id)).toEqual([second.grantId]);
    const rest = await list(own.teo, { limit: 1, cursor: meta.next_cursor! });
    expect(rest.data.map(({ id }) => id)).toEqual([first.grantId]);
  });

  test('says what each did last', async () => {
    const own = await makeWorkspace(house);
    const { grantId } = await connectionFor(house, own.noor);
    const via = { kind: 'grant', id: grantId, name: 'Test client' } as const;
    await call(house, own.noor, 'tags.create', { name: 'urgent' }, { via });
    const { data } = await list(own.noor);
    expect(data[0]?.recent_actions.map(({ action }) => action)).toEqual(['tags.create']);
  });

  test('of everybody is for admins, and says whose each is', async () => {
    const { grantId } = await connectionFor(house, workspace.teo);
    const { data } = await call<{ data: Connection[] }>(house, workspace.ada, 'connections.list_members');
    expect(data.find(({ id }) => id === grantId)?.member.email).toBe(workspace.teo.email);
    expect((await refusalOf(call(house, workspace.noor, 'connections.list_members'))).code).toBe(
      'role_too_low',
    );
  });

  test('leaves out what ended unless asked', async () => {
    const own = await makeWorkspace(house);
    const { grantId } = await connectionFor(house, own.teo);
    await call(house, own.teo, 'connections.revoke', { id: grantId });
    expect((await list(own.teo)).data).toEqual([]);
    const { data } = await list(own.teo, { ended: true });
    expect(data).toMatchObject([{ id: grantId, status: 'revoked', revoked_reason: 'revoked_by_person' }]);
  });

  test('counts a connection as expired after sixty days without use', async () => {
    const own = await makeWorkspace(house);
    await connectionFor(house, own.teo);
    house.setNow(house.clock().add({ hours: 61 * 24 }));
    expect((await list(own.teo)).data).toEqual([]);
    expect((await list(own.teo, { ended: true })).data[0]?.status).toBe('expired');
    house.setNow(null);
  });
});

describe('permissions', () => {
  test('are changed by the person, with the permission to read beside every other, and mcp kept', async () => {
    const { grantId } = await connectionFor(house, workspace.teo, ['mcp', 'time:read']);
    const { connection } = await call<{ connection: Connection }>(
      house,
      workspace.teo,
      'connections.update',
      {
        id: grantId,
        scopes: ['tasks:write'],
      },
    );
    expect(connection.scopes).toEqual(['mcp', 'tasks:read', 'tasks:write']);
  });

  test('cannot be changed by an app or an API token, not even its own', async () => {
    const { grantId } = await connectionFor(house, workspace.teo, ['mcp']);
    const scopes = ['mcp', 'time:write'];
    for (const via of [{ kind: 'grant', id: grantId }, { kind: 'token' }] as const) {
      const change = call(house, workspace.teo, 'connections.update', { id: grantId, scopes }, { via });
      expect((await refusalOf(change)).message).toBe('Access denied');
    }
  });

  test('of a colleague’s connection are not there, for an owner neither', async () => {
    const { grantId } = await connectionFor(house, workspace.teo);
    const change = call(house, workspace.mara, 'connections.update', { id: grantId, scopes: ['mcp'] });
    expect((await refusalOf(change)).message).toBe('Resource not found');
  });

  test('of an ended connection stay as they were', async () => {
    const { grantId } = await connectionFor(house, workspace.teo);
    await call(house, workspace.teo, 'connections.revoke', { id: grantId });
    const change = call(house, workspace.teo, 'connections.update', { id: grantId, scopes: ['mcp'] });
    expect((await refusalOf(change)).code).toBe('connection_ended');
  });

  test('are refused where somebody changed them in between', async () => {
    const { grantId } = await connectionFor(house, workspace.teo);
    const change = { id: grantId, scopes: ['mcp'], expected_version: 1 };
    await call(house, workspace.teo, 'connections.update', change);
    expect((await refusalOf(call(house, workspace.teo, 'connections.update', change))).code).toBe(
      'conflict_version',
    );
  });
});

describe('disconnecting', () => {
  test('a colleague’s app takes an admin, and says so on the connection', async () => {
    const { grantId } = await connectionFor(house, workspace.teo);
    const byMember = call(house, workspace.noor, 'connections.revoke', { id: grantId });
    expect((await refusalOf(byMember)).message).toBe('Resource not found');
    const { connection } = await call<{ connection: Connection }>(
      house,
      workspace.ada,
      'connections.revoke',
      { id: grantId },
    );
    expect(connection).toMatchObject({ status: 'revoked', revoked_reason: 'revoked_by_admin' });
  });

  test('what another workspace owns is not there', async () => {
    const { grantId } = await connectionFor(house, (await makeWorkspace(house)).teo);
    const foreign = call(house, workspace.mara, 'connections.revoke', { id: grantId });
    expect((await refusalOf(foreign)).message).toBe('Resource not found');
  });

  test('all at once ends mine in this workspace and nobody else’s', async () => {
    const own = await makeWorkspace(house);
    const mine = [await connectionFor(house, own.teo), await connectionFor(house, own.teo)];
    await connectionFor(house, own.noor);
    const { revoked } = await call<{ revoked: string[] }>(house, own.teo, 'connections.revoke_all');
    expect(revoked.sort()).toEqual(mine.map(({ grantId }) => grantId as string).sort());
    expect((await list(own.noor)).data).toHaveLength(1);
  });

  test('can be tried without doing it', async () => {
    const own = await makeWorkspace(house);
    const { grantId } = await connectionFor(house, own.teo);
    await call(house, own.teo, 'connections.revoke', { id: grantId, dry_run: true });
    expect((await list(own.teo)).data).toHaveLength(1);
  });
});

test('in a read-only workspace permissions can be taken away, not given; of several changes of one version one counts', async () => {
  const own = await makeWorkspace(house);
  const { grantId: id } = await connectionFor(house, own.teo, ['mcp', 'time:read', 'time:write']);
  const update = (scopes: string[], expected_version: number) =>
    call(house, own.teo, 'connections.update', { id, scopes, expected_version });
  const outcomes = await Promise.allSettled(
    Array.from({ length: 4 }, () => update(['time:read', 'time:write'], 1)),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  await setBillingState(house, own.slug, 'read_only', operator);
  expect((await refusalOf(update(['time:read', 'time:write', 'tags:read'], 2))).code).toBe(
    'workspace_read_only',
  );
  const narrowed = await call<{ connection: Connection }>(house, own.teo, 'connections.update', {
    id,
    scopes: ['time:read'],
    expected_version: 2,
  });
  expect(narrowed.connection.scopes).toEqual(['mcp', 'time:read']);
});
