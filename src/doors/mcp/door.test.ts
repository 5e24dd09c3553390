import { connect } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { hashSecret } from '#identity/secrets.ts';
import { scopeNames } from '#operation/scopes.ts';
import { serveMcp } from '#testing/mcp-house.ts';
import { errorOf, initialize, list, ping } from '#testing/mcp-messages.ts';
import { call, connectionFor, makeWorkspace, tokenFor } from '#testing/people.ts';

const mcp = await serveMcp();
const { url, house, post } = mcp;
afterAll(() => mcp.close());
const workspace = await makeWorkspace(house);
const token = await tokenFor(house, workspace.mara);
const metadata = (path = '/mcp') => `${url}/.well-known/oauth-protected-resource${path}`;

test.for(['GET', 'HEAD', 'DELETE', 'POST'])(
  '%s without a token asks for one, and does not call it wrong',
  async (method) => {
    const response = await fetch(`${url}/mcp`, { method });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(
      `Bearer resource_metadata="${metadata()}", scope="mcp"`,
    );
  },
);

test.for(['GET', 'HEAD', 'DELETE', 'PUT'])('%s with a token is not a method here', async (method) => {
  const response = await fetch(`${url}/mcp`, { method, headers: { Authorization: `Bearer ${token}` } });
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe('POST');
});

test('the address with a slash has a document of its own', async () => {
  const asked = await fetch(`${url}/mcp/`, { method: 'POST' });
  expect(asked.headers.get('www-authenticate')).toContain(`resource_metadata="${metadata('/mcp/')}"`);
  const answered = await fetch(`${url}/mcp/`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(ping),
  });
  expect(await answered.json()).toEqual({ jsonrpc: '2.0', id: 1, result: {} });
});

test('a token that does not work is called invalid, with the reason', async () => {
  const response = await post(`stint_pat_${'x'.repeat(43)}`, ping);
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toMatch(
    /^Bearer error="invalid_token", error_description="[\x20-\x7e]+", resource_metadata="[^"]+", scope="mcp"$/,
  );
  expect((await errorOf(response)).code).toBe('invalid_token');
});

test('a token for the API does not open this door', async () => {
  const response = await post(await tokenFor(house, workspace.mara, scopeNames, 'api'), ping);
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
});

test('a token in the address is never looked at', async () => {
  const response = await post(null, ping, {}, `?access_token=${token}`);
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).not.toContain('error=');
});

test('a credential without mcp is told so: a connection by a challenge, an API token without', async () => {
  const { accessToken } = await connectionFor(house, workspace.mara, ['tags:read']);
  const connection = await post(accessToken, list);
  expect(connection.status).toBe(403);
  expect(connection.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
  const withToken = await post(await tokenFor(house, workspace.mara, ['tags:read']), list);
  expect(withToken.status).toBe(403);
  expect(withToken.headers.get('www-authenticate')).toBeNull();
});

test('an access token that ends while it is in use stops at once', async () => {
  const { accessToken, grantId } = await connectionFor(house, workspace.teo);
  expect((await post(accessToken, ping)).status).toBe(200);
  await call(house, workspace.teo, 'connections.revoke', { id: grantId });
  expect((await post(accessToken, ping)).status).toBe(401);
  expect((await post(accessToken, list)).status).toBe(401);
});

test('where access stops for now the answer is ours, and no invitation to sign in again', async () => {
  const other = await makeWorkspace(house);
  const held = await tokenFor(house, other.mara);
  expect((await post(held, list)).status).toBe(200);
  const set = (changes: object) =>
    house.database.aboveWorkspaces(house.clock(), (tx) =>
      tx.updateTable('workspaces').set(changes).where('id', '=', other.id).execute(),
    );
  await set({ plan: 'free' });
  const stopped = await post(held, list);
  expect(stopped.status).toBe(403);
  expect(stopped.headers.get('www-authenticate')).toBeNull();
  expect((await errorOf(stopped)).code).toBe('public_api_access_required');
  await set({ plan: 'business' });
  expect((await post(held, list)).status).toBe(200);
});

test.for(['https://evil.example', 'null', 'http://localhost.evil.example', 'not an origin'])(
  'a page of %s may not speak here, not even with a token',
  async (origin) => {
    const response = await post(token, ping, { Origin: origin });
    expect(response.status).toBe(403);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  },
);

test('a page on this machine may, and is told what it may read', async () => {
  const origin = 'http://127.0.0.1:6274';
  const asked = await fetch(`${url}/mcp`, { method: 'OPTIONS', headers: { Origin: origin } });
  expect(asked.status).toBe(204);
  expect(asked.headers.get('access-control-allow-origin')).toBe(origin);
  expect(asked.headers.get('access-control-allow-headers')).toContain('Mcp-Method');
  const response = await post(token, ping, { Origin: origin });
  expect(response.status).toBe(200);
  expect(response.headers.get('access-control-expose-headers')).toContain('WWW-Authenticate');
});

/** A request with any Host, which fetch would not send. */
const withHost = (host: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const body = JSON.stringify(ping);
    let answer = '';
    socket.on('data', (data) => (answer += data.toString()));
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
    socket.write(
      `POST /mcp HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
  });

test('a name that somebody else points to this machine is not ours', async () => {
  expect(await withHost('evil.example')).toMatch(/^HTTP\/1.1 403 /);
  expect(await withHost('localhost:1234')).toMatch(/^HTTP\/1.1 200 /);
});

test('a batch is answered message by message, in 2025-03-26 only', async () => {
  const batch = [
    ping,
    { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } },
    { ...list, id: 'two' },
    { jsonrpc: '2.0', id: 3, method: 'tools/call', params: { name: 'tags_list' } },
    { jsonrpc: '2.0', id: 4, method: 'tools/call', params: { name: 'tags.list' } },
  ];
  const answers = (await (await post(token, batch)).json()) as { id: unknown; result: object }[];
  expect(answers.map(({ id }) => id)).toEqual([1, 'two', 3, 4]);
  expect(await (await post(token, [ping])).json()).toEqual([{ jsonrpc: '2.0', id: 1, result: {} }]);
  expect((await post(token, [batch[1]])).status).toBe(202);
  expect((await post(token, batch, { 'MCP-Protocol-Version': '2025-06-18' })).status).toBe(400);
  expect((await post(token, [initialize('2025-03-26')])).status).toBe(400);
  expect(
    (
      await post(
        token,
        Array.from({ length: 101 }, () => ping),
      )
    ).status,
  ).toBe(400);
  expect((await post(token, [])).status).toBe(400);
});

test('what is no JSON, no message or no content type is refused before anything is done', async () => {
  expect((await post(token, '{')).status).toBe(400);
  expect((await post(token, '7')).status).toBe(400);
  expect((await post(token, { hello: 'there' })).status).toBe(400);
  expect((await post(token, ping, { 'Content-Type': 'text/plain' })).status).toBe(415);
});

test('a body over 4 MiB is refused, declared or not', async () => {
  const long = JSON.stringify({ ...ping, params: { text: 'x'.repeat(4 * 1024 * 1024) } });
  expect((await post(token, long)).status).toBe(413);
  const chunks = async function* () {
    for (let sent = 0; sent < 5; sent += 1) yield Buffer.alloc(1024 * 1024, 32);
  };
  const chunked = await fetch(`${url}/mcp`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: ReadableStream.from(chunks()),
    duplex: 'half',
  });
  expect(chunked.status).toBe(413);
});

test('the use of a connection is noted, and neither logs nor answers hold the token', async () => {
  const response = await post(token, list, { 'User-Agent': 'a test' });
  expect(await response.text()).not.toContain(token);
  const row = await house.database.identity
    .selectFrom('api_tokens')
    .select('last_used_at')
    .where('hash', '=', hashSecret(token))
    .executeTakeFirstOrThrow();
  expect(row.last_used_at).not.toBeNull();
  expect(house.logged.join('\n')).not.toContain(token);
});

test('when the store does not answer, the caller is told that it is our fault', async () => {
  const other = await serveMcp();
  Object.assign(other.house, {
    clock: () => {
      throw new Error('no clock: hunter2');
    },
  });
  const response = await other.post(token, ping);
  await other.close();
  expect(response.status).toBe(500);
  const text = await response.text();
  expect(text).toContain('"code":-32603');
  expect(text).not.toContain('hunter2');
});

test('who comes without a working token too often waits; who has one does not', async () => {
  const strict = await serveMcp({}, { requests: 100, reads: 100, writes: 100, strangers: 2 });
  const statuses = [];
  for (const bearer of [null, `${token}x`, null, token])
    statuses.push((await strict.post(bearer, ping)).status);
  expect(statuses).toEqual([401, 401, 429, 200]);
  await strict.close();
});
