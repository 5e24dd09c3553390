import { connect, type Socket } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { callTool, serveEveryDoor, toolAnswer } from '#testing/every-door.ts';
import { makeWorkspace, tokenFor } from '#testing/people.ts';

// Bodies that are too large, slow, cut off or no text at all: a clear no at every door, and nobody else notices.
const open = await serveEveryDoor();
const { mara } = await makeWorkspace(open.house);
const mcpToken = await tokenFor(open.house, mara);
const apiToken = await tokenFor(open.house, mara, undefined, 'api');
afterAll(() => open.close());

interface Place {
  readonly door: string;
  readonly path: string;
  readonly type: string;
  readonly headers: () => Record<string, string>;
}
const none = () => ({});
const json = 'application/json';
const form = 'application/x-www-form-urlencoded';
const places: readonly Place[] = [
  {
    door: 'MCP',
    path: '/mcp',
    type: json,
    headers: () => ({ authorization: `Bearer ${mcpToken}`, accept: 'application/json, text/event-stream' }),
  },
  {
    door: 'HTTP',
    path: '/api/v1/tags',
    type: json,
    headers: () => ({ authorization: `Bearer ${apiToken}` }),
  },
  { door: 'OAuth registration', path: '/oauth/register', type: json, headers: none },
  { door: 'OAuth token', path: '/oauth/token', type: form, headers: none },
  { door: 'OAuth revocation', path: '/oauth/revoke', type: form, headers: none },
  { door: 'sign-in page', path: '/login', type: form, headers: () => ({ origin: open.url }) },
];

/** Everybody else, at both doors that do something. */
const othersAreServed = async () => {
  const [tool, api] = await Promise.all([
    callTool(open.url, mcpToken, 'profile_get'),
    fetch(`${open.url}/api/v1/profile`, { headers: { authorization: `Bearer ${apiToken}` } }),
  ]);
  expect(await toolAnswer(tool)).toHaveProperty('user');
  expect(api.status).toBe(200);
};

const bodies: readonly (readonly [string, string | Uint8Array<ArrayBuffer>])[] = [
  ['nothing', ''],
  ['half of an object', '{"jsonrpc":"2.0","id":1,'],
  ['a NUL', '\0'],
  ['bytes that are no UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d])],
  ['a number past all numbers', '{"jsonrpc":"2.0","id":1e309,"method":"tools/list"}'],
  ['a hundred thousand lists in one another', '['.repeat(100_000) + ']'.repeat(100_000)],
  ['a hundred thousand objects in one another', '{"name":'.repeat(100_000) + '1' + '}'.repeat(100_000)],
  ['a name that is deep', `{"name":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
  [
    'a prototype',
    '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}},"name":"\\u0000"}',
  ],
  ['half a surrogate pair', '{"name":"\\ud800","redirect_uris":["https://a.example/\\ud800"]}'],
  ['text', 'name=1&name=2&grant_type=%00&code=%ff%fe'],
  ['a method that is a list', '{"jsonrpc":"2.0","id":1,"method":["tools/call"],"params":[]}'],
  [
    'deep arguments of a tool',
    `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"tags_create","arguments":{"name":${'['.repeat(20_000)}${']'.repeat(20_000)}}}}`,
  ],
  [
    'arguments that are no object',
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"tags_create","arguments":[1e309,null]}}',
  ],
  ['five megabytes', `{"name":"${'x'.repeat(5_000_000)}"}`],
];

test.each(places.flatMap((place) => bodies.map(([what, body]) => ({ ...place, what, body }))))(
  '$door: $what is refused in words of ours',
  async ({ path, type, headers, body }) => {
    const logged = open.house.logged.length;
    const [response] = await Promise.all([
      fetch(`${open.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': type, ...headers() },
        body,
      }).catch(
        // A door may close before it has been sent all of it.
        (error: unknown) => {
          expect(body.length).toBeGreaterThan(1_000_000);
          expect(String(error)).toMatch(/fetch failed/);
          return null;
        },
      ),
      othersAreServed(),
    ]);
    expect(open.house.logged.slice(logged)).toEqual([]);
    if (response === null) return;
    const text = await response.text();
    const isError = response.status >= 400 && response.status < 500;
    // A tool's refusal is an answer of the protocol.
    expect(isError || /"isError":true|"error":/.test(text), `${response.status} ${text.slice(0, 300)}`).toBe(
      true,
    );
    expect(text.length).toBeLessThan(20_000);
    expect(text).not.toMatch(
      /\bzod\b|SyntaxError|Unexpected (token|end)|at position \d|\.ts:\d|internal_error|node_modules/i,
    );
  },
);

const opened = (): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(open.url).port), '127.0.0.1', () => resolve(socket));
    socket.on('error', reject);
  });
const head = ({ path, type, headers }: Place, more: string) => {
  const lines = Object.entries({ host: new URL(open.url).host, 'content-type': type, ...headers() });
  return `POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}${more}\r\n\r\n`;
};

test.each(places)(
  '$door: bodies that never end hold nobody up, and leave no trace when they go',
  async (place) => {
    const logged = open.house.logged.length;
    const sockets = await Promise.all(Array.from({ length: 20 }, opened));
    for (const [index, socket] of sockets.entries()) {
      socket.write(
        index % 2 === 0
          ? `${head(place, 'content-length: 1000')}{"name":`
          : `${head(place, 'transfer-encoding: chunked')}5\r\n{"nam`,
      );
    }
    await othersAreServed();
    for (const socket of sockets) socket.destroy();
    await othersAreServed();
    expect(open.house.logged.slice(logged)).toEqual([]);
  },
);

test.each(places)('$door: a chunk that is no chunk is a bad request', async (place) => {
  const socket = await opened();
  const answer = new Promise<string>((resolve) => {
    let text = '';
    socket.on('data', (data) => (text += data.toString())).on('close', () => resolve(text));
  });
  socket.write(`${head(place, 'transfer-encoding: chunked\r\nconnection: close')}zz\r\nnot a chunk\r\n`);
  const text = await answer;
  expect(text === '' || /^HTTP\/1\.1 4\d\d/.test(text), text.slice(0, 200)).toBe(true);
  await othersAreServed();
});

test('no prototype has been touched', () => {
  expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
});
