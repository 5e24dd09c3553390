import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestHouse, type ServedHouse, serveHouse } from '#testing/house.ts';
import { oauthDoor } from './door.ts';

let served: ServedHouse;
beforeAll(async () => {
  served = await serveHouse(await openTestHouse(), [oauthDoor]);
});
afterAll(() => served.close());

const register = async (body: unknown, headers: Record<string, string> = {}, path = '/oauth/register') => {
  const answer = await fetch(`${served.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return {
    status: answer.status,
    headers: answer.headers,
    body: (await answer.json()) as Record<string, unknown>,
  };
};
const loopback = 'http://127.0.0.1:1234/callback';

test('addresses that run code, leave the machine in the clear or hide something are refused', async () => {
  for (const uri of [
    'javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'http://evil.example/callback',
    'https://app.example/callback#fragment',
    'https://user:secret@app.example/callback',
    'not an address',
  ]) {
    const { status, body } = await register({ redirect_uris: [uri] });
    expect([uri, status, body['error']]).toEqual([uri, 400, 'invalid_redirect_uri']);
  }
});

// Gemini CLI comes here with an empty list after a 403, and shows the person exactly this text.
test('an empty list is refused with a sentence that helps', async () => {
  const { status, body } = await register({ redirect_uris: [] });
  expect([status, body['error']]).toEqual([400, 'invalid_redirect_uri']);
  expect(body['error_description']).toContain('sign in again with /mcp auth');
});

test('Cursor’s three addresses, loopback without an application type, and nulls are taken', async () => {
  const cursor = [
    'cursor://anysphere.cursor-mcp/oauth/callback',
    'https://www.cursor.com/agents/mcp/oauth/callback',
    'http://localhost:8787/callback',
  ];
  const { status, body } = await register({ redirect_uris: cursor, client_name: null, scope: null });
  expect([status, body['redirect_uris'], body['client_name']]).toEqual([201, cursor, 'Unnamed app']);
  expect(Object.values(body)).not.toContain(null);
  expect((await register({ redirect_uris: [loopback], token_endpoint_auth_method: 'none' })).status).toBe(
    201,
  );
});

test('a public app gets no secret, a confidential one gets it once', async () => {
  const open = await register({ redirect_uris: [loopback], token_endpoint_auth_method: 'none' });
  expect(open.body).not.toHaveProperty('client_secret');
  const closed = await register({ redirect_uris: [loopback] });
  expect(closed.body).toMatchObject({
    token_endpoint_auth_method: 'client_secret_basic',
    client_secret: expect.stringMatching(/^stint_cs_[\w-]{43}$/) as unknown,
    client_secret_expires_at: 0,
  });
  expect(closed.headers.get('cache-control')).toBe('no-store');
});

test('a name is kept to what can be read: one line, no direction marks, a hundred characters', async () => {
  const name = `\u202eevil\u200b\n\t<b>App</b>${'x'.repeat(10_000)}`;
  const { body } = await register({ redirect_uris: [loopback], client_name: name });
  expect(body['client_name']).toMatch(/^evil ?<b>App<\/b>x+$/);
  expect(body['client_name']).toHaveLength(100);
});

test('what is no metadata is refused in JSON', async () => {
  for (const body of ['not json', '[]', '"text"']) {
    expect((await register(body)).body['error']).toBe('invalid_client_metadata');
  }
  const unfit = { redirect_uris: [loopback], token_endpoint_auth_method: 'tls_client_auth' };
  expect((await register(unfit)).body['error']).toBe('invalid_client_metadata');
  expect((await register({ redirect_uris: loopback })).body['error']).toBe('invalid_redirect_uri');
});

// Some clients send their static header everywhere.
test('a bearer here means nothing', async () => {
  const { status } = await register(
    { redirect_uris: [loopback] },
    { authorization: 'Bearer stint_pat_x' },
    '/register',
  );
  expect(status).toBe(201);
});

test('the 31st registration within an hour is told how long to wait; refused ones do not count', async () => {
  const own = await serveHouse(served.house, [oauthDoor]);
  const once = (redirectUri = loopback) =>
    fetch(`${own.url}/oauth/register`, {
      method: 'POST',
      body: JSON.stringify({ redirect_uris: [redirectUri] }),
    });
  for (let number = 1; number <= 31; number += 1) expect((await once('file:///x')).status).toBe(400);
  for (let number = 1; number <= 30; number += 1) expect((await once()).status).toBe(201);
  const answer = await once();
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await answer.json()).toEqual({
    error: 'temporarily_unavailable',
    error_description: 'too many registrations from this network; try again in 60 minutes',
  });
  await own.close();
});
