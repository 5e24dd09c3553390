import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { httpDoor } from '#doors/http/door.ts';
import { openTestHouse, type ServedHouse, serveHouse, type TestHouse } from '#testing/house.ts';
import { apiStatus, browserOf, connectApp, postForm, refreshWith, registerApp } from '#testing/oauth.ts';
import { makeWorkspace, tokenFor } from '#testing/people.ts';
import { oauthDoor } from './door.ts';

let house: TestHouse;
let served: ServedHouse;
beforeAll(async () => {
  house = await openTestHouse();
  served = await serveHouse(house, [httpDoor, oauthDoor]);
});
afterAll(() => served.close());

test('neither the database nor the log holds a token, code, secret or session in the clear', async () => {
  const { url } = served;
  const { teo } = await makeWorkspace(house);
  const app = await registerApp(url, { token_endpoint_auth_method: 'client_secret_post' });
  const { tokens } = await connectApp(url, await browserOf(house, teo), { app });
  await refreshWith(url, app, tokens.refresh_token);
  await apiStatus(url, await tokenFor(house, teo, ['tags:read'], 'api'));
  await postForm(`${url}/oauth/token`, {
    grant_type: 'authorization_code',
    code: tokens.access_token,
    client_id: app.client_id,
  });
  await fetch(`${url}/oauth/authorize?client_id=${tokens.refresh_token}`);

  const { rows: tables } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = 'public'`.execute(house.database.identity);
  expect(tables.length).toBeGreaterThan(20);
  for (const { name } of tables) {
    const { rows } = await sql<{ row: string }>`
      select t::text as row from ${sql.table(name)} t where t::text ~ 'stint_(at|rt|ac|pat|se|cs|tx)_[A-Za-z0-9_-]{43}'`.execute(
      house.database.identity,
    );
    expect([name, rows]).toEqual([name, []]);
  }
  expect(house.logged.join('\n')).not.toMatch(/stint_(at|rt|ac|pat|se|cs|tx)_/);
});

test('an API token opens neither the token endpoint nor the consent', async () => {
  const { url } = served;
  const { teo } = await makeWorkspace(house);
  const bearer = { authorization: `Bearer ${await tokenFor(house, teo, undefined, 'api')}` };
  expect((await postForm(`${url}/oauth/introspect`, { token: 'x' }, bearer)).status).toBe(401);
  const sent = await fetch(`${url}/oauth/consent`, {
    method: 'POST',
    headers: { ...bearer, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'tx=x&decision=approve',
    redirect: 'manual',
  });
  expect([sent.status, sent.headers.get('location')?.split('?')[0]]).toEqual([303, '/login']);
});

test('trouble of our own is told so that clients keep their tokens', async () => {
  const broken = new Error('the database is away');
  const identity = new Proxy(house.database.identity, {
    get: () => {
      throw broken;
    },
  });
  const down = await serveHouse({ ...house, database: { ...house.database, identity } }, [oauthDoor]);
  const answer = await postForm(`${down.url}/oauth/token`, {
    grant_type: 'refresh_token',
    refresh_token: 'x',
    client_id: 'x',
  });
  expect(answer.status).toBe(503);
  expect(answer.headers.get('content-type')).toContain('application/json');
  expect(await answer.json()).toMatchObject({ error: 'temporarily_unavailable' });
  await down.close();
});
