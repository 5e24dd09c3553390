import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { makeWorkspace, tokenFor } from '#testing/people.ts';
import { authenticate } from './authenticate.ts';

test('what the store did not tell of counts after a second all the same', async () => {
  const house = await openTestHouse();
  const { teo } = await makeWorkspace(house);
  const token = await tokenFor(house, teo);
  const kind = async () => (await authenticate(house, token, 'mcp')).kind;
  await house.database.run('alter table api_tokens disable trigger tell_access_changed');
  try {
    expect(await kind()).toBe('actor');
    await house.database.run('update api_tokens set revoked_at = now() where user_id = $1', [teo.userId]);
    // Kept, and not asked again.
    expect(await kind()).toBe('actor');
    await expect.poll(kind, { timeout: 1_500, interval: 50 }).toBe('invalid');
  } finally {
    await house.database.run('alter table api_tokens enable trigger tell_access_changed');
  }
});

test('what changes while the store is being asked is not missed', async () => {
  const house = await openTestHouse();
  const { teo } = await makeWorkspace(house);
  const token = await tokenFor(house, teo);
  const asked = Array.from({ length: 20 }, () => authenticate(house, token, 'mcp'));
  await house.database.run('update api_tokens set revoked_at = now() where user_id = $1', [teo.userId]);
  expect(await authenticate(house, token, 'mcp')).toMatchObject({ kind: 'invalid' });
  await Promise.all(asked);
  expect(await authenticate(house, token, 'mcp')).toMatchObject({ kind: 'invalid' });
});

test('every table that a look-up reads tells when it changes', async () => {
  const { database } = await openTestHouse();
  const { rows } = await database.run(
    `select distinct event_object_table as name from information_schema.triggers where trigger_name = 'tell_access_changed' order by 1`,
  );
  expect(rows).toEqual(
    [
      'api_tokens',
      'memberships',
      'oauth_access_tokens',
      'oauth_grants',
      'users',
      'workspace_entitlement_overrides',
      'workspaces',
    ].map((name) => ({ name })),
  );
});
