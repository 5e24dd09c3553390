import { describe, expect, test } from 'vitest';
import { openTestHouse, type TestHouse } from '#testing/house.ts';
import { connectionFor, makeWorkspace, tokenFor, type TestWorkspace } from '#testing/people.ts';
import { setDisabled } from './accounts.ts';
import { authenticate } from './authenticate.ts';
import { operator } from './author.ts';
import { deactivateMember, reactivateMember, removeMember } from './members.ts';
import { newSecret, secretPrefixes } from './secrets.ts';
import { setBillingState, setEntitlement, setFeature, setPlan, setStatus } from './workspaces.ts';

/** Each way that access stops and comes back: the code, a word of its reason, how it stops and how it is undone. */
const stops: [
  string,
  RegExp,
  (house: TestHouse, w: TestWorkspace) => Promise<void>,
  (house: TestHouse, w: TestWorkspace) => Promise<void>,
][] = [
  [
    'public_api_access_required',
    /is on the plan free/,
    (h, w) => setPlan(h, w.slug, 'free', operator),
    (h, w) => setPlan(h, w.slug, 'team', operator),
  ],
  [
    'public_api_access_required',
    /taken away/,
    (h, w) => setEntitlement(h, w.slug, 'public_api_access', false, operator),
    (h, w) => setEntitlement(h, w.slug, 'public_api_access', null, operator),
  ],
  [
    'membership_inactive',
    /membership/,
    (h, w) => deactivateMember(h, w.slug, w.teo.email, operator),
    (h, w) => reactivateMember(h, w.slug, w.teo.email, operator),
  ],
  [
    'account_disabled',
    /account is disabled/,
    (h, w) => setDisabled(h, w.teo.email, true, operator),
    (h, w) => setDisabled(h, w.teo.email, false, operator),
  ],
  [
    'workspace_inactive',
    /suspended/,
    (h, w) => setStatus(h, w.slug, 'suspended', operator),
    (h, w) => setStatus(h, w.slug, 'active', operator),
  ],
  [
    'mcp_disabled',
    /MCP is switched off/,
    (h, w) => setFeature(h, w.slug, 'mcp', false, operator),
    (h, w) => setFeature(h, w.slug, 'mcp', true, operator),
  ],
];

describe('access stops on the next request with its own reason, and works again when that is undone', () => {
  test.each(stops)('%s (%s)', async (code, reason, stop, undo) => {
    const house = await openTestHouse();
    const workspace = await makeWorkspace(house);
    const bearers = [
      (await connectionFor(house, workspace.teo)).accessToken,
      await tokenFor(house, workspace.teo),
    ];
    for (const bearer of bearers)
      expect(await authenticate(house, bearer, 'mcp')).toMatchObject({ kind: 'actor' });
    await stop(house, workspace);
    for (const bearer of bearers) {
      const answer = await authenticate(house, bearer, 'mcp');
      expect(answer).toMatchObject({ kind: 'stopped', refusal: { code, kind: 'denied' } });
      if (answer.kind === 'stopped') expect(answer.refusal.message).toMatch(reason);
    }
    await undo(house, workspace);
    for (const bearer of bearers)
      expect(await authenticate(house, bearer, 'mcp')).toMatchObject({ kind: 'actor' });
    const log = await house.database.identity
      .selectFrom('audit_logs')
      .select(['via', 'via_name'])
      .where('workspace_id', '=', workspace.id)
      .execute();
    expect(log).toEqual([
      { via: 'operator', via_name: 'command line' },
      { via: 'operator', via_name: 'command line' },
    ]);
  });

  test('a revoked connection and a revoked token are dead for good', async () => {
    const house = await openTestHouse();
    const { teo } = await makeWorkspace(house);
    const { accessToken, grantId } = await connectionFor(house, teo);
    const token = await tokenFor(house, teo);
    const now = house.clock();
    await house.database.identity
      .updateTable('oauth_grants')
      .set({ revoked_at: now, revoked_reason: 'user' })
      .where('id', '=', grantId)
      .execute();
    await house.database.identity
      .updateTable('api_tokens')
      .set({ revoked_at: now })
      .where('user_id', '=', teo.userId)
      .execute();
    expect(await authenticate(house, accessToken, 'mcp')).toEqual({
      kind: 'invalid',
      description: 'this connection was disconnected; connect again',
    });
    expect(await authenticate(house, token, 'mcp')).toMatchObject({
      kind: 'invalid',
      description: expect.stringContaining('revoked') as string,
    });
  });
});

test('MCP switched off stops MCP only', async () => {
  const house = await openTestHouse();
  const { slug, teo } = await makeWorkspace(house);
  await setFeature(house, slug, 'mcp', false, operator);
  expect(await authenticate(house, await tokenFor(house, teo, ['time:read'], 'api'), 'api')).toMatchObject({
    kind: 'actor',
  });
});

test('a removed member’s credentials are dead, also after joining again', async () => {
  const house = await openTestHouse();
  const { slug, teo, id } = await makeWorkspace(house);
  const { accessToken } = await connectionFor(house, teo);
  const token = await tokenFor(house, teo);
  await removeMember(house, slug, teo.email, operator);
  for (const bearer of [accessToken, token]) {
    expect(await authenticate(house, bearer, 'mcp')).toEqual({
      kind: 'invalid',
      description: 'the person is no longer a member of the workspace',
    });
  }
  const left = await house.database.identity
    .selectFrom('memberships')
    .select(['status', 'display_name', 'user_id'])
    .where('id', '=', teo.membershipId)
    .where('workspace_id', '=', id)
    .executeTakeFirst();
  expect(left).toEqual({ status: 'placeholder', display_name: 'Teo', user_id: null });
});

test('a past-due workspace goes on working', async () => {
  const house = await openTestHouse();
  const { slug, teo } = await makeWorkspace(house);
  await setBillingState(house, slug, 'past_due', operator);
  expect(await authenticate(house, await tokenFor(house, teo), 'mcp')).toMatchObject({
    kind: 'actor',
    actor: { workspace: { billing_state: 'past_due' } },
  });
});

test('an override wins over the plan, in both directions', async () => {
  const house = await openTestHouse();
  const { slug, teo } = await makeWorkspace(house, { plan: 'free' });
  const token = await tokenFor(house, teo);
  expect(await authenticate(house, token, 'mcp')).toMatchObject({ kind: 'stopped' });
  await setEntitlement(house, slug, 'public_api_access', true, operator);
  await setEntitlement(house, slug, 'members_limit', 7, operator);
  expect(await authenticate(house, token, 'mcp')).toMatchObject({
    kind: 'actor',
    actor: { workspace: { entitlements: { public_api_access: true, members_limit: 7, invoicing: false } } },
  });
});

test('the actor has the credential’s scopes, and the name that the audit log will show', async () => {
  const house = await openTestHouse();
  const { teo } = await makeWorkspace(house);
  const { accessToken, grantId } = await connectionFor(house, teo, ['mcp', 'time:read'], {
    clientName: 'Claude Code',
  });
  const answer = await authenticate(house, accessToken, 'mcp');
  expect(answer).toMatchObject({
    kind: 'actor',
    actor: {
      membership: { role: 'member' },
      user: { week_start: 1 },
      via: { kind: 'grant', id: grantId, name: 'Claude Code', resource: 'mcp' },
    },
  });
  if (answer.kind === 'actor') expect([...answer.actor.via.scopes]).toEqual(['mcp', 'time:read']);
});

test('a scope added to the connection counts at once; a narrowed token stays narrow', async () => {
  const house = await openTestHouse();
  const { teo } = await makeWorkspace(house);
  const { accessToken, grantId } = await connectionFor(house, teo, ['mcp', 'time:read']);
  const scopesNow = async () => {
    const answer = await authenticate(house, accessToken, 'mcp');
    return answer.kind === 'actor' ? [...answer.actor.via.scopes] : answer.kind;
  };
  await house.database.identity
    .updateTable('oauth_grants')
    .set({ scopes: ['mcp', 'time:read', 'time:write'] })
    .where('id', '=', grantId)
    .execute();
  expect(await scopesNow()).toEqual(['mcp', 'time:read', 'time:write']);
  await house.database.identity
    .updateTable('oauth_access_tokens')
    .set({ scopes: ['mcp', 'time:read'] })
    .where('grant_id', '=', grantId)
    .execute();
  expect(await scopesNow()).toEqual(['mcp', 'time:read']);
});

test('a token narrowed to a smaller umbrella has that one', async () => {
  const house = await openTestHouse();
  const { teo } = await makeWorkspace(house);
  const { accessToken, grantId } = await connectionFor(house, teo, ['mcp', 'time:read', 'time:write']);
  const { identity } = house.database;
  await identity
    .updateTable('oauth_grants')
    .set({ coarse: 'stint:write' })
    .where('id', '=', grantId)
    .execute();
  const umbrella = async (scopes: string[] | null) => {
    await identity
      .updateTable('oauth_access_tokens')
      .set({ scopes })
      .where('grant_id', '=', grantId)
      .execute();
    const answer = await authenticate(house, accessToken, 'mcp');
    return answer.kind === 'actor' ? answer.actor.via.coarse : answer.kind;
  };
  expect(await umbrella(null)).toBe('stint:write');
  expect(await umbrella(['mcp', 'time:read', 'stint:read'])).toBe('stint:read');
  expect(await umbrella(['mcp', 'time:read', 'stint:admin'])).toBeNull();
  expect(await umbrella(['mcp', 'time:read'])).toBeNull();
});

test('an expired access token is invalid, to the second', async () => {
  const house = await openTestHouse();
  const now = Temporal.Instant.from('2026-10-05T09:00:00Z');
  house.setNow(now);
  const { teo } = await makeWorkspace(house);
  const { accessToken } = await connectionFor(house, teo);
  house.setNow(now.add({ seconds: 3599 }));
  expect(await authenticate(house, accessToken, 'mcp')).toMatchObject({
    kind: 'actor',
    expiresAt: now.add({ hours: 1 }),
  });
  house.setNow(now.add({ seconds: 3600 }));
  expect(await authenticate(house, accessToken, 'mcp')).toEqual({
    kind: 'invalid',
    description: 'this access token has expired',
  });
});

test('a credential of the other resource is invalid, and so is every secret that is no bearer', async () => {
  const house = await openTestHouse();
  const { teo } = await makeWorkspace(house);
  expect(await authenticate(house, await tokenFor(house, teo), 'api')).toMatchObject({ kind: 'invalid' });
  const { accessToken } = await connectionFor(house, teo, undefined, { resource: 'api' });
  expect(await authenticate(house, accessToken, 'mcp')).toMatchObject({ kind: 'invalid' });
  for (const prefix of Object.values(secretPrefixes)) {
    expect(await authenticate(house, newSecret(prefix), 'mcp')).toMatchObject({ kind: 'invalid' });
  }
  expect(await authenticate(house, 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYXJhIn0.', 'mcp')).toMatchObject({
    kind: 'invalid',
  });
});

test('the last use is noted at most once a minute', async () => {
  const house = await openTestHouse();
  const now = Temporal.Instant.from('2026-10-05T09:00:00Z');
  house.setNow(now);
  const { teo } = await makeWorkspace(house);
  const { accessToken, grantId } = await connectionFor(house, teo);
  const used = async (after: number) => {
    house.setNow(now.add({ seconds: after }));
    await authenticate(house, accessToken, 'mcp', {
      ipPrefix: `203.0.${after}.0/24`,
      userAgent: 'Claude Code',
    });
    await new Promise((done) => setTimeout(done, 50));
    return house.database.identity
      .selectFrom('oauth_grants')
      .select(['last_used_at', 'last_ip_prefix', 'last_user_agent'])
      .where('id', '=', grantId)
      .executeTakeFirstOrThrow();
  };
  expect(await used(1)).toEqual({
    last_used_at: now.add({ seconds: 1 }),
    last_ip_prefix: '203.0.1.0/24',
    last_user_agent: 'Claude Code',
  });
  expect((await used(40)).last_ip_prefix).toBe('203.0.1.0/24');
  expect((await used(70)).last_ip_prefix).toBe('203.0.70.0/24');
});
