import { expect, test } from 'vitest';
import { authenticate } from '#identity/authenticate.ts';
import { operator } from '#identity/author.ts';
import { setBillingState } from '#identity/workspaces.ts';
import { openTestHouse } from '#testing/house.ts';
import { call, makeWorkspace, type Person, refusalOf } from '#testing/people.ts';
import type { Id } from '#values/id.ts';

const make = async (house: Awaited<ReturnType<typeof openTestHouse>>, person: Person) => {
  const wish = { name: 'script', resource: 'api', scopes: ['time:read'] };
  const { api_token, secret } = await call<{ api_token: { id: Id<'tok'> }; secret: string }>(
    house,
    person,
    'api_tokens.create',
    wish,
  );
  return { id: api_token.id, secret };
};

test('ends a token on its next request, and once more changes nothing', async () => {
  const house = await openTestHouse();
  house.setNow('2026-10-05T09:00:00Z');
  const { teo } = await makeWorkspace(house);
  const { id, secret } = await make(house, teo);
  await call(house, teo, 'api_tokens.revoke', { id });
  expect(await authenticate(house, secret, 'api')).toMatchObject({ kind: 'invalid' });
  house.setNow('2026-10-06T09:00:00Z');
  expect(await call(house, teo, 'api_tokens.revoke', { id })).toMatchObject({
    api_token: { status: 'revoked', revoked_at: '2026-10-05T09:00:00Z' },
  });
});

test('somebody else’s token is not found, not even by the owner of the workspace', async () => {
  const house = await openTestHouse();
  const { teo, mara } = await makeWorkspace(house);
  const { id } = await make(house, teo);
  expect((await refusalOf(call(house, mara, 'api_tokens.revoke', { id }))).code).toBe('not_found');
});

test('a token can revoke itself and no other', async () => {
  const house = await openTestHouse();
  const { teo } = await makeWorkspace(house);
  const [one, other] = [await make(house, teo), await make(house, teo)];
  const acting = { via: { kind: 'token', id: one.id, resource: 'api' } } as const;
  expect((await refusalOf(call(house, teo, 'api_tokens.revoke', { id: other.id }, acting))).code).toBe(
    'only_in_person',
  );
  await call(house, teo, 'api_tokens.revoke', { id: one.id }, acting);
  expect(await authenticate(house, one.secret, 'api')).toMatchObject({ kind: 'invalid' });
});

test('works in a read-only workspace, where nothing else can be changed', async () => {
  const house = await openTestHouse();
  const { teo, slug } = await makeWorkspace(house);
  const { id } = await make(house, teo);
  await setBillingState(house, slug, 'read_only', operator);
  expect((await refusalOf(make(house, teo))).code).toBe('workspace_read_only');
  expect(await call(house, teo, 'api_tokens.revoke', { id })).toMatchObject({
    api_token: { status: 'revoked' },
  });
});
