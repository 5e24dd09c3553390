import { afterAll, expect, test } from 'vitest';
import { serveMcp } from '#testing/mcp-house.ts';
import { errorOf, initialize, list, ping } from '#testing/mcp-messages.ts';
import { modernMeta } from '#testing/modern-meta.ts';
import { makeWorkspace, tokenFor } from '#testing/people.ts';

const mcp = await serveMcp();
const { house, post, postModern } = mcp;
afterAll(() => mcp.close());
const workspace = await makeWorkspace(house);
const token = await tokenFor(house, workspace.mara);
test.for(['2025-11-25', '2025-06-18', '2025-03-26'])(
  '%s: the handshake, and JSON for answers',
  async (version) => {
    const greeted = await post(token, initialize(version));
    expect(greeted.headers.get('content-type')).toBe('application/json');
    expect(greeted.headers.get('mcp-session-id')).toBeNull();
    const { result } = (await greeted.json()) as { result: Record<string, unknown> };
    expect(result['protocolVersion']).toBe(version);
    expect(result['serverInfo']).toMatchObject({ name: 'stint', version: '0.1.0' });
    const headers = { 'MCP-Protocol-Version': version };
    const noted = await post(token, { jsonrpc: '2.0', method: 'notifications/initialized' }, headers);
    expect([noted.status, await noted.text()]).toEqual([202, '']);
    const listed = await post(token, list, headers);
    expect(listed.status).toBe(200);
    expect(listed.headers.get('content-type')).toBe('application/json');
  },
);

test.for([undefined, '*/*', 'application/json', 'text/event-stream'])(
  'an older client that accepts %s is served',
  async (accept) => {
    expect((await post(token, list, accept === undefined ? {} : { Accept: accept })).status).toBe(200);
  },
);

test('a session id of whoever is ignored', async () => {
  const response = await post(token, ping, { 'Mcp-Session-Id': 'somebody-elses', 'Last-Event-ID': '7' });
  expect(response.status).toBe(200);
  expect(response.headers.get('mcp-session-id')).toBeNull();
});

test('a revision that nobody knows is refused, with those that are known', async () => {
  const legacy = await post(token, list, { 'MCP-Protocol-Version': '1999-01-01' });
  expect(legacy.status).toBe(400);
  const modern = await postModern(
    token,
    'tools/list',
    {},
    {
      headers: { 'MCP-Protocol-Version': '2099-01-01' },
      meta: { 'io.modelcontextprotocol/protocolVersion': '2099-01-01' },
    },
  );
  expect(modern.status).toBe(400);
  expect(await errorOf(modern)).toMatchObject({ code: -32_022, data: { supported: ['2026-07-28'] } });
});

test('2026-07-28: discovery says what is offered, privately', async () => {
  const response = await postModern(token, 'server/discover');
  expect(response.status).toBe(200);
  const { result } = (await response.json()) as { result: Record<string, unknown> };
  expect(result).toMatchObject({
    supportedVersions: ['2026-07-28'],
    resultType: 'complete',
    cacheScope: 'private',
  });
  expect(result['capabilities']).toEqual({
    tools: { listChanged: false },
    resources: { listChanged: false },
    prompts: { listChanged: false },
    completions: {},
  });
});

test.for([
  ['another method', { 'Mcp-Method': 'tools/call' }],
  ['no method', { 'Mcp-Method': '' }],
  ['another revision', { 'MCP-Protocol-Version': '2025-11-25' }],
] as const)(
  '2026-07-28: headers that name %s are refused, also for a list that is at hand',
  async ([, headers]) => {
    expect((await postModern(token, 'tools/list')).status).toBe(200);
    const response = await postModern(token, 'tools/list', {}, { headers });
    expect(response.status).toBe(400);
    expect((await errorOf(response)).code).toBe(-32_020);
  },
);

test('2026-07-28: a list without the revision in its header is refused', async () => {
  const message = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: modernMeta } };
  const response = await post(token, message, { 'Mcp-Method': 'tools/list' });
  expect([response.status, (await errorOf(response)).code]).toEqual([400, -32_020]);
});

test('2026-07-28: the tool in the header is the tool in the body', async () => {
  const params = { name: 'tags_list', arguments: {} };
  const wrong = await postModern(token, 'tools/call', params, { headers: { 'Mcp-Name': 'tags_delete' } });
  expect([wrong.status, (await errorOf(wrong)).code]).toEqual([400, -32_020]);
  const encoded = `=?base64?${Buffer.from('tags_list').toString('base64')}?=`;
  const right = await postModern(token, 'tools/call', params, { headers: { 'Mcp-Name': encoded } });
  expect(right.status).toBe(200);
});

test('2026-07-28: a method that does not exist is 404', async () => {
  const response = await postModern(token, 'tools/dance');
  expect([response.status, (await errorOf(response)).code]).toEqual([404, -32_601]);
});

test('a listener is told that there is nothing to listen to, and let go', async () => {
  const response = await postModern(token, 'subscriptions/listen', {
    notifications: { toolsListChanged: true },
  });
  const events = await response.text();
  expect(events).toContain('"notifications":{}');
  expect(events).toContain('"resultType":"complete"');
});

test('a Claude connector that names the older revision in its header is served all the same', async () => {
  const meta = { 'io.modelcontextprotocol/clientInfo': { name: 'claude-ai', version: '1' } };
  const headers = { 'MCP-Protocol-Version': '2025-11-25' };
  const listed = await postModern(token, 'tools/list', {}, { meta, headers });
  expect(listed.status).toBe(200);
  const message = {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'tags_list', _meta: { ...modernMeta, ...meta } },
  };
  expect((await post(token, message, headers)).status).toBe(200);
});
