import { afterAll, expect, test } from 'vitest';
import type { Scope } from '#operation/scopes.ts';
import { rateLimits } from '#doors/common/rate-limit.ts';
import {
  type AnyClient,
  type ClientKind,
  clientKinds,
  connectClient,
  errorOf,
  namesOf,
  textOf,
} from '#testing/mcp-clients.ts';
import { serveMcp } from '#testing/mcp-house.ts';
import { connectionFor, makeWorkspace, tokenFor } from '#testing/people.ts';

const mcp = await serveMcp();
const { url, house, post, postModern } = mcp;
const open: AnyClient[] = [];
afterAll(async () => {
  for (const client of open) await client.close();
  await mcp.close();
});
const clientOf = async (kind: ClientKind, token: string, query = ''): Promise<AnyClient> => {
  const client = await connectClient(url, kind, token, query);
  open.push(client);
  return client;
};

test.for(clientKinds)('%s client: lists, calls, and reads the same facts in both places', async (kind) => {
  const { mara } = await makeWorkspace(house);
  const client = await clientOf(kind, await tokenFor(house, mara));
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toContain('tags_create');
  expect(tools.find(({ name }) => name === 'tags_delete')).toMatchObject({
    title: 'Delete a tag',
    annotations: {
      title: 'Delete a tag',
      readOnlyHint: false,
      destructiveHint: true,
      idempotentHint: true,
      openWorldHint: false,
    },
  });
  const made = await client.callTool({ name: 'tags_create', arguments: { name: 'deep work' } });
  expect(made['isError'] ?? false).toBe(false);
  expect(made['structuredContent']).toMatchObject({ tag: { name: 'deep work' } });
  expect(JSON.parse(textOf(made))).toEqual(made['structuredContent']);
  const listed = await client.callTool({ name: 'tags_list' });
  expect(listed['structuredContent']).toMatchObject({ data: [{ name: 'deep work' }] });
});

test.for(clientKinds)('%s client: a refusal is a tool result that says what to do', async (kind) => {
  const { mara } = await makeWorkspace(house);
  const client = await clientOf(kind, await tokenFor(house, mara));
  await client.listTools();
  await client.callTool({ name: 'tags_create', arguments: { name: 'deep work' } });
  const refused = await client.callTool({ name: 'tags_create', arguments: { name: 'Deep Work' } });
  expect(refused['isError']).toBe(true);
  expect(errorOf(refused)).toMatchObject({
    code: 'tag_name_taken',
    field: 'name',
    fix_tool: 'tags_list',
    retryable: false,
  });
});

test.for(clientKinds)(
  '%s client: arguments that do not fit are explained, with those that exist',
  async (kind) => {
    const { mara } = await makeWorkspace(house);
    const client = await clientOf(kind, await tokenFor(house, mara));
    const refused = await client.callTool({ name: 'tags_list', arguments: { colour: 'red', limit: 'many' } });
    const { code, message } = errorOf(refused);
    expect(code).toBe('validation_failed');
    expect(message).toContain('limit must be');
    expect(message).toContain('It takes: q, archived, limit, cursor.');
  },
);

test.for(clientKinds)('%s client: a tool that does not exist is a protocol error', async (kind) => {
  const { mara } = await makeWorkspace(house);
  const client = await clientOf(kind, await tokenFor(house, mara));
  await expect(client.callTool({ name: 'weather_tell' })).rejects.toMatchObject({
    code: -32_602,
    message: expect.stringContaining('tools/list lists those that there are.') as unknown,
  });
  await expect(client.callTool({ name: 'create_tag' })).rejects.toMatchObject({
    code: -32_602,
    message: expect.stringContaining('Did you mean tags_create?') as unknown,
  });
  await expect(client.callTool({ name: 'connections_list' })).rejects.toMatchObject({ code: -32_602 });
});

test('both spellings are called, and ?names=dotted lists the other one', async () => {
  const { mara } = await makeWorkspace(house);
  const token = await tokenFor(house, mara);
  const wire = await namesOf(await clientOf('modern', token));
  const dotted = await namesOf(await clientOf('modern', token, '?names=dotted'));
  expect(dotted).toContain('tags.list');
  expect(dotted.map((name) => name.replaceAll('.', '_'))).toEqual(wire);
  for (const name of ['tags_list', 'tags.list']) {
    const client = await clientOf('legacy', token);
    expect((await client.callTool({ name }))['structuredContent']).toMatchObject({ data: [] });
  }
});

test('texts name tools as the list does', async () => {
  const { mara } = await makeWorkspace(house);
  const token = await tokenFor(house, mara);
  const read = async (query: string) =>
    (await post(token, { jsonrpc: '2.0', id: 1, method: 'tools/list' }, {}, query)).text();
  const operation = house.operations.find(({ name }) => name === 'tags.delete');
  expect(operation?.guidance).toContain('tags.update');
  expect(await read('')).not.toContain('tags.update');
  expect(await read('?names=dotted')).toContain('tags.update');
});

test('?toolsets= chooses what is listed, not what is allowed', async () => {
  const { mara } = await makeWorkspace(house);
  const token = await tokenFor(house, mara);
  const client = await clientOf('modern', token, '?toolsets=core');
  const names = await namesOf(client);
  expect(names).toContain('profile_get');
  expect(names).not.toContain('tags_list');
  expect((await client.callTool({ name: 'tags_list' }))['isError'] ?? false).toBe(false);
  expect(await namesOf(await clientOf('modern', token, '?toolsets=catalog,core'))).toEqual(
    expect.arrayContaining(['profile_get', 'tags_list']),
  );
});

test('an address that asks for what does not exist is told what does', async () => {
  const { mara } = await makeWorkspace(house);
  const token = await tokenFor(house, mara);
  for (const query of ['?toolsets=core,dancing', '?names=roman']) {
    const response = await post(token, { jsonrpc: '2.0', id: 1, method: 'tools/list' }, {}, query);
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(query.includes('names') ? /dotted/ : /core/);
  }
});

test('only what role, permissions and plan allow is listed, and a change shows at the next list', async () => {
  const workspace = await makeWorkspace(house);
  const { accessToken, grantId } = await connectionFor(house, workspace.teo, ['mcp', 'tags:read']);
  const read = async () => namesOf(await clientOf('modern', accessToken));
  const before = await read();
  expect(before).toContain('tags_list');
  expect(before).not.toContain('tags_create');
  await house.database.identity
    .updateTable('oauth_grants')
    .set({ scopes: ['mcp', 'tags:read', 'tags:write'] satisfies Scope[] })
    .where('id', '=', grantId)
    .execute();
  const after = await read();
  expect(after).toContain('tags_create');
  expect(after, 'a member may not delete tags').not.toContain('tags_delete');
  await house.database.aboveWorkspaces(house.clock(), (tx) =>
    tx.updateTable('workspaces').set({ billing_state: 'read_only' }).where('id', '=', workspace.id).execute(),
  );
  expect(await read()).not.toContain('tags_create');
});

test('two workspaces share a list and never a name', async () => {
  const [one, two] = [await makeWorkspace(house), await makeWorkspace(house)];
  const read = async (person: typeof one.mara) =>
    (await postModern(await tokenFor(house, person), 'tools/list')).text();
  const [first, second] = [await read(one.mara), await read(two.mara)];
  const [tailOne, tailTwo] = [one.slug.slice(2), two.slug.slice(2)];
  expect(first).toContain(`Stint: Workspace ${tailOne}`);
  expect(second).toContain(`Stint: Workspace ${tailTwo}`);
  expect(second).not.toContain(tailOne);
  expect(second.replace(tailTwo, tailOne)).toBe(first);
});

test('the id of a request comes back as it was, whatever it is', async () => {
  const { mara } = await makeWorkspace(house);
  const token = await tokenFor(house, mara);
  for (const id of [0, 7, 'a "quoted" id', '$&', '@@the id goes here@@']) {
    const response = await post(token, { jsonrpc: '2.0', id, method: 'tools/list' });
    expect(((await response.json()) as { id: unknown }).id).toBe(id);
  }
});

test('a connection that lacks a permission is challenged for all that the tool needs', async () => {
  const { mara } = await makeWorkspace(house);
  const { accessToken } = await connectionFor(house, mara, ['mcp', 'profile:read']);
  const call = { name: 'tags_create', arguments: { name: 'x' } };
  const modern = await postModern(accessToken, 'tools/call', call);
  const legacy = await post(accessToken, { jsonrpc: '2.0', id: 1, method: 'tools/call', params: call });
  for (const response of [modern, legacy]) {
    expect(response.status).toBe(403);
    const challenge = response.headers.get('www-authenticate');
    expect(challenge).toContain('error="insufficient_scope"');
    expect(challenge).toContain('scope="mcp tags:write tags:read"');
    expect(challenge).toContain(`resource_metadata="${url}/.well-known/oauth-protected-resource/mcp"`);
  }
});

test('an API token that lacks a permission is told so, without a challenge', async () => {
  const { mara } = await makeWorkspace(house);
  const token = await tokenFor(house, mara, ['mcp', 'tags:read']);
  const response = await postModern(token, 'tools/call', { name: 'tags_create', arguments: { name: 'x' } });
  expect(response.status).toBe(200);
  expect(response.headers.get('www-authenticate')).toBeNull();
  const { result } = (await response.json()) as { result: Record<string, unknown> };
  expect(errorOf(result)).toMatchObject({ code: 'insufficient_scope', details: { missing: ['tags:write'] } });
});

test.for(['Codex', 'Gemini CLI MCP Client', 'opencode', 'OpenCode'])(
  '%s cannot ask for more by itself, so the result holds the link',
  async (clientName) => {
    const { mara } = await makeWorkspace(house);
    const { accessToken, grantId } = await connectionFor(house, mara, ['mcp', 'tags:read'], { clientName });
    const response = await post(accessToken, {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'tags_create', arguments: { name: 'x' } },
    });
    expect(response.status).toBe(200);
    const { result } = (await response.json()) as { result: Record<string, unknown> };
    const link = `${url}/account/integrations?add=tags%3Awrite&connection=${grantId}`;
    expect(errorOf(result)).toMatchObject({ code: 'insufficient_scope', add_permission_url: link });
    expect(errorOf(result)['message']).toContain(link);
  },
);

test('what no permission can cure is a tool error, never a challenge', async () => {
  const { vera } = await makeWorkspace(house);
  const { accessToken } = await connectionFor(house, vera);
  const response = await postModern(accessToken, 'tools/call', {
    name: 'tags_create',
    arguments: { name: 'x' },
  });
  expect(response.status).toBe(200);
  const { result } = (await response.json()) as { result: Record<string, unknown> };
  expect(errorOf(result)).toMatchObject({ code: 'role_too_low', message: 'Access denied' });
});

test('something that breaks inside shows a reference and nothing else', async () => {
  const { mara } = await makeWorkspace(house);
  const token = await tokenFor(house, mara);
  const broken = house.operations.map((each) =>
    each.name === 'tags.list'
      ? { ...each, handle: () => Promise.reject(new Error('a password is hunter2')) }
      : each,
  );
  const other = await serveMcp({ operations: broken });
  const response = await other.post(token, {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'tags_list' },
  });
  await other.close();
  const text = await response.text();
  expect(text).toContain('internal_error');
  expect(text).not.toContain('hunter2');
});

test('too many changes: a tool error with the time to wait; too many requests: 429', async () => {
  const { mara } = await makeWorkspace(house);
  const token = await tokenFor(house, mara);
  const limited = await serveMcp({}, { ...rateLimits, requests: 6, reads: 100, writes: 1 });
  const create = (name: string) =>
    limited.post(token, {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'tags_create', arguments: { name } },
    });
  const first = ((await (await create('one')).json()) as { result: Record<string, unknown> }).result;
  expect(first['isError'] ?? false).toBe(false);
  const second = ((await (await create('two')).json()) as { result: Record<string, unknown> }).result;
  expect(errorOf(second)).toMatchObject({ code: 'rate_limited', retryable: true });
  expect(errorOf(second)['retry_after_ms']).toBeGreaterThan(0);
  for (let sent = 2; sent < 6; sent += 1) await create('three');
  const full = await create('four');
  await limited.close();
  expect(full.status).toBe(429);
  expect(Number(full.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await full.json()).toMatchObject({ error: { code: 'rate_limited', retryable: true } });
});

test('what a workspace has is never seen through another one’s connection', async () => {
  const [mine, theirs] = [await makeWorkspace(house), await makeWorkspace(house)];
  const [ours, foreign] = [
    await clientOf('legacy', await tokenFor(house, mine.mara)),
    await clientOf('legacy', await tokenFor(house, theirs.mara)),
  ];
  const made = await foreign.callTool({ name: 'tags_create', arguments: { name: 'secret' } });
  const { id } = (made['structuredContent'] as { tag: { id: string } }).tag;
  expect((await ours.callTool({ name: 'tags_list' }))['structuredContent']).toMatchObject({ data: [] });
  const refused = await ours.callTool({ name: 'tags_update', arguments: { id, name: 'mine' } });
  const unknown = await ours.callTool({
    name: 'tags_update',
    arguments: { id: `${id.slice(0, -4)}zzzz`, name: 'mine' },
  });
  expect(errorOf(refused)).toEqual({ code: 'not_found', message: 'Resource not found', retryable: false });
  expect(errorOf(unknown)).toEqual(errorOf(refused));
});
