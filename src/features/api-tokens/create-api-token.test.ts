import { expect, test } from 'vitest';
import { authenticate } from '#identity/authenticate.ts';
import { operator } from '#identity/author.ts';
import { setPlan } from '#identity/workspaces.ts';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';

interface Made {
  api_token: { id: string; scopes: string[]; expires_at: string | null; last4: string };
  secret: string;
}
const wish = { name: 'Nightly export', resource: 'api', scopes: ['time:read'] };

test('shows the token once, and keeps only its hash', async () => {
  const house = await openTestHouse();
  const { teo, id } = await makeWorkspace(house);
  const { api_token, secret } = await call<Made>(house, teo, 'api_tokens.create', wish);
  expect(secret).toMatch(/^stint_pat_[\w-]{43}$/);
  expect(api_token).toMatchObject({ status: 'active', last4: secret.slice(-4), scopes: ['time:read'] });
  expect(await authenticate(house, secret, 'api')).toMatchObject({
    kind: 'actor',
    actor: { user: { id: teo.userId }, workspace: { id }, via: { name: 'Nightly export' } },
  });
  const { identity } = house.database;
  const dump = JSON.stringify(
    [
      await identity.selectFrom('api_tokens').selectAll().where('workspace_id', '=', id).execute(),
      await identity.selectFrom('audit_logs').selectAll().where('workspace_id', '=', id).execute(),
      await identity.selectFrom('idempotency_keys').selectAll().where('workspace_id', '=', id).execute(),
      await call(house, teo, 'api_tokens.list'),
    ],
    (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
  );
  expect(dump).toContain('Nightly export');
  expect(dump).not.toContain(secret.slice(10));
});

test('takes no idempotency key, for the answer with the secret would be kept', async () => {
  const house = await openTestHouse();
  const { teo } = await makeWorkspace(house);
  const refused = await refusalOf(
    call(house, teo, 'api_tokens.create', { ...wish, idempotency_key: 'once-and-again' }),
  );
  expect(refused.code).toBe('validation_failed');
});

test('a token lasts 90 days unless asked otherwise, and for ever only when asked', async () => {
  const house = await openTestHouse();
  house.setNow('2026-10-05T09:00:00Z');
  const { teo } = await makeWorkspace(house);
  const expiry = async (more: object) =>
    (await call<Made>(house, teo, 'api_tokens.create', { ...wish, ...more })).api_token.expires_at;
  expect(await expiry({})).toBe('2027-01-03T09:00:00Z');
  expect(await expiry({ expires_in_days: 7 })).toBe('2026-10-12T09:00:00Z');
  expect(await expiry({ expires_in_days: null })).toBeNull();
});

test('mcp comes with the MCP resource and not with the API', async () => {
  const house = await openTestHouse();
  const { teo } = await makeWorkspace(house);
  const scopes = async (more: object) =>
    (await call<Made>(house, teo, 'api_tokens.create', { ...wish, ...more })).api_token.scopes;
  expect(await scopes({ resource: 'mcp' })).toEqual(['mcp', 'time:read']);
  expect(await scopes({ resource: 'api', scopes: ['time:read', 'mcp'] })).toEqual(['time:read']);
});

test.each([
  [['time:write'], 'read_scope_missing', /time:write can only be given together with time:read/],
  [['stint:admin'], 'validation_failed', /scopes/],
  [['mcp'], 'scopes_not_offered', /at least one permission/],
  [[], 'scopes_not_offered', /at least one permission/],
])('the scopes %s are refused', async (scopes, code, sentence) => {
  const house = await openTestHouse();
  const { teo } = await makeWorkspace(house);
  const refused = await refusalOf(call(house, teo, 'api_tokens.create', { ...wish, scopes }));
  expect(refused).toMatchObject({ code, message: expect.stringMatching(sentence) as string });
});

test.each(['grant', 'token'] as const)('a %s cannot make a token, whatever its scopes', async (kind) => {
  const house = await openTestHouse();
  const { mara } = await makeWorkspace(house);
  const refused = await refusalOf(
    call(house, mara, 'api_tokens.create', wish, { via: { kind, resource: 'api' } }),
  );
  expect(refused.code).toBe('only_in_person');
});

test('needs a plan with API access', async () => {
  const house = await openTestHouse();
  const { mara, slug } = await makeWorkspace(house);
  await setPlan(house, slug, 'solo_pro', operator);
  expect((await refusalOf(call(house, mara, 'api_tokens.create', wish))).code).toBe('entitlement_required');
});
