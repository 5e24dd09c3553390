import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Scope } from '#operation/scopes.ts';
import { rateLimits } from '#doors/common/rate-limit.ts';
import { openTestHouse, type ServedHouse, serveHouse, type TestHouse } from '#testing/house.ts';
import { connectionFor, makeWorkspace, type Person, type TestWorkspace, tokenFor } from '#testing/people.ts';
import { httpDoor } from './door.ts';

let house: TestHouse;
let served: ServedHouse;
let work: TestWorkspace;
let token: string;

beforeAll(async () => {
  house = await openTestHouse();
  served = await serveHouse(house, [httpDoor]);
  work = await makeWorkspace(house);
  token = await tokenFor(house, work.noor, undefined, 'api');
});
afterAll(() => served.close());

interface Reply {
  status: number;
  headers: Headers;
  body: Record<string, any>;
}
const ask = async (
  method: string,
  path: string,
  options: { body?: unknown; headers?: Record<string, string>; bearer?: string | null } = {},
): Promise<Reply> => {
  const { body, headers = {}, bearer = token } = options;
  const response = await fetch(`${served.url}${path}`, {
    method,
    headers: {
      ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text === '' ? {} : JSON.parse(text)) as Record<string, any>,
  };
};
const tokenOf = (person: Person, scopes: readonly Scope[]) => tokenFor(house, person, scopes, 'api');

test('creates, lists, changes and deletes over plain HTTP', async () => {
  const made = await ask('POST', '/api/v1/tags', { body: { name: 'Deep work', color: 3 } });
  expect(made.status).toBe(201);
  expect(made.headers.get('etag')).toBe('"1"');
  const { id } = made.body['tag'];

  const listed = await ask('GET', '/api/v1/tags?q=deep&archived=true&limit=5');
  expect(listed.status).toBe(200);
  expect(listed.body['data']).toMatchObject([{ id, name: 'Deep work', color: 3 }]);

  const changed = await ask('PATCH', `/api/v1/tags/${id}`, {
    body: { name: 'Focus' },
    headers: { 'if-match': '"1"' },
  });
  expect(changed.body['tag']).toMatchObject({ id, name: 'Focus', version: 2 });

  const gone = await ask('DELETE', `/api/v1/tags/${id}?dry_run=true`);
  expect(gone.body).toMatchObject({ deleted: id, meta: { dry_run: true } });
  expect((await ask('DELETE', `/api/v1/tags/${id}`)).status).toBe(200);
  expect((await ask('DELETE', `/api/v1/tags/${id}`)).status).toBe(404);
});

test('a version that If-Match does not name is a failed precondition with the code of every door', async () => {
  const { body } = await ask('POST', '/api/v1/tags', { body: { name: 'Versioned' } });
  const { id } = body['tag'];
  const stale = await ask('PATCH', `/api/v1/tags/${id}`, {
    body: { color: 2 },
    headers: { 'if-match': '"7"' },
  });
  expect(stale.status).toBe(412);
  expect(stale.body['code']).toBe('conflict_version');
  const argument = await ask('PATCH', `/api/v1/tags/${id}`, { body: { color: 2, expected_version: 7 } });
  expect(argument.status).toBe(409);
  const both = await ask('PATCH', `/api/v1/tags/${id}`, {
    body: { color: 2, expected_version: 1 },
    headers: { 'if-match': '"2"' },
  });
  expect(both.body['detail']).toBe('expected_version is given twice with different values.');
});

test('the same Idempotency-Key gives the same answer and does nothing twice', async () => {
  const once = { body: { name: 'Only once' }, headers: { 'idempotency-key': 'only-once-1' } };
  const first = await ask('POST', '/api/v1/tags', once);
  const second = await ask('POST', '/api/v1/tags', once);
  expect(second.status).toBe(201);
  expect(second.body['tag'].id).toBe(first.body['tag'].id);
  expect(second.body['meta'].replayed).toBe(true);
  const other = await ask('POST', '/api/v1/tags', { ...once, body: { name: 'Something else' } });
  expect(other.status).toBe(409);
  expect(other.body['code']).toBe('idempotency_conflict');
});

test('a header that an operation knows nothing of is refused where something changes, not passed over', async () => {
  const { body } = await ask('POST', '/api/v1/tasks', { body: { summary: 'Conditional' } });
  const path = `/api/v1/tasks/${body['task'].id}`;
  expect((await ask('DELETE', path)).status).toBe(200);
  const headers = { 'if-match': '"1"', 'idempotency-key': 'restore-once-1' };
  const refused = await ask('POST', `${path}/restore`, { headers });
  expect(refused.status).toBe(422);
  expect(refused.body['detail']).toContain('"expected_version"');
  expect((await ask('GET', path, { headers })).status).toBe(404);
  const token = {
    body: { name: 'CI', resource: 'api', scopes: ['tags:read'] },
    headers: { 'idempotency-key': 'token-once-1' },
  };
  expect((await ask('POST', '/api/v1/api-tokens', token)).body['detail']).toContain('"idempotency_key"');
});

test('an argument counts wherever it is given, and one given twice differently is refused', async () => {
  const { body } = await ask('POST', '/api/v1/tags', { body: { name: 'Kept' } });
  const path = `/api/v1/tags/${body['tag'].id}`;
  expect((await ask('DELETE', path, { body: { dry_run: true } })).body['meta']).toEqual({ dry_run: true });
  const twice = await ask('PATCH', `${path}?color=3`, { body: { color: 4 } });
  expect([twice.status, twice.body['detail']]).toEqual([422, 'color is given twice with different values.']);
  expect((await ask('PATCH', `${path}?color=3`, { body: { color: 3 } })).body['tag'].color).toBe(3);
  const listed = await ask('POST', '/api/v1/tasks?tags=one', {
    body: { summary: 'Twice the same', tags: ['one'] },
  });
  expect(listed.status).toBe(201);
  const odd = '{"__proto__": {"name": "x"}, "color": 1}';
  expect((await ask('PATCH', path, { body: odd })).body['detail']).toContain('"__proto__"');
});

test('a list names its next page in a Link header, to the end', async () => {
  const here = await makeWorkspace(house);
  const bearer = await tokenOf(here.noor, ['tags:read', 'tags:write']);
  for (const name of ['a', 'b', 'c']) await ask('POST', '/api/v1/tags', { body: { name }, bearer });
  const first = await ask('GET', '/api/v1/tags?limit=2', { bearer });
  const next = /^<(.+)>; rel="next"$/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
  expect(next.startsWith(`${served.url}/api/v1/tags?limit=2&cursor=`)).toBe(true);
  const second = await ask('GET', next.slice(served.url.length), { bearer });
  expect(second.body['data'].map(({ name }: { name: string }) => name)).toEqual(['c']);
  expect(second.headers.get('link')).toBeNull();
});

test('a refusal is a problem with the code and sentence of every door', async () => {
  await ask('POST', '/api/v1/tags', { body: { name: 'Taken' } });
  const refused = await ask('POST', '/api/v1/tags', { body: { name: 'taken' } });
  expect(refused.status).toBe(409);
  expect(refused.headers.get('content-type')).toBe('application/problem+json');
  expect(refused.body).toMatchObject({
    title: 'Tag name taken',
    status: 409,
    code: 'tag_name_taken',
    field: 'name',
    fix: { operation: 'tags.list', request: 'GET /api/v1/tags' },
    request_id: refused.headers.get('x-request-id'),
  });
  expect(refused.body['detail']).toContain('There is a tag "Taken" already');
  const about = await fetch(refused.body['type']);
  expect(await about.json()).toMatchObject({ code: 'tag_name_taken', status: 409 });
});

test('arguments that do not fit are named, also those of a query string', async () => {
  const refused = await ask('GET', '/api/v1/tags?limit=many&colour=1');
  expect(refused.status).toBe(422);
  expect(refused.body['code']).toBe('validation_failed');
  expect(refused.body['detail']).toContain('limit must be a number');
  expect(refused.body['detail']).toContain('"colour"');
  const wrongId = await ask('PATCH', '/api/v1/tags/prj_01k00000000000000000000000', { body: { name: 'x' } });
  expect(wrongId.body['detail']).toContain('a tag id is wanted');
});

test('without a working token it says where to get one', async () => {
  const nobody = await ask('GET', '/api/v1/tags', { bearer: null });
  expect(nobody.status).toBe(401);
  expect(nobody.body['code']).toBe('not_authenticated');
  expect(nobody.headers.get('www-authenticate')).toBe(
    `Bearer scope="tags:read", resource_metadata="${served.url}/.well-known/oauth-protected-resource/api"`,
  );
  const wrong = await ask('GET', '/api/v1/tags', { bearer: `${token}x` });
  expect(wrong.headers.get('www-authenticate')).toContain('error="invalid_token"');
});

test('a token for MCP does not open the API', async () => {
  const other = await tokenFor(house, work.noor, undefined, 'mcp');
  expect((await ask('GET', '/api/v1/tags', { bearer: other })).status).toBe(401);
});

test('a connection that lacks a scope is challenged to ask for it; an API token is only told', async () => {
  const { accessToken } = await connectionFor(house, work.noor, ['tags:read'], { resource: 'api' });
  const create = { body: { name: 'Not allowed' } };
  const grant = await ask('POST', '/api/v1/tags', { ...create, bearer: accessToken });
  expect(grant.status).toBe(403);
  const challenge = grant.headers.get('www-authenticate') ?? '';
  expect(challenge).toContain('error="insufficient_scope"');
  expect(challenge).toContain('scope="tags:write tags:read"');
  const bearer = await tokenOf(work.noor, ['tags:read']);
  const fixed = await ask('POST', '/api/v1/tags', { ...create, bearer });
  expect(fixed.status).toBe(403);
  expect(fixed.body['code']).toBe('insufficient_scope');
  expect(fixed.headers.get('www-authenticate')).toBeNull();
});

test('a role that does not suffice, and another workspace’s record, get the two fixed sentences', async () => {
  const viewer = await tokenOf(work.vera, ['tags:read', 'tags:write']);
  const denied = await ask('POST', '/api/v1/tags', { body: { name: 'Mine' }, bearer: viewer });
  expect([denied.status, denied.body['detail']]).toEqual([403, 'Access denied']);
  const elsewhere = await makeWorkspace(house);
  const stranger = await tokenOf(elsewhere.noor, ['tags:read', 'tags:write']);
  const { body } = await ask('POST', '/api/v1/tags', { body: { name: 'Ours' } });
  const hidden = await ask('PATCH', `/api/v1/tags/${body['tag'].id}`, {
    body: { name: 'x' },
    bearer: stranger,
  });
  expect([hidden.status, hidden.body['detail']]).toEqual([404, 'Resource not found']);
});

test('access that stopped is refused with its own reason', async () => {
  const free = await makeWorkspace(house, { plan: 'free' });
  const refused = await ask('GET', '/api/v1/tags', { bearer: await tokenOf(free.mara, ['tags:read']) });
  expect([refused.status, refused.body['code']]).toEqual([403, 'public_api_access_required']);
});

test('says what is wrong with a body before reading it as arguments', async () => {
  const send = (body: string, type: string) =>
    ask('POST', '/api/v1/tags', { body, headers: { 'content-type': type } });
  expect((await send('name=x', 'application/x-www-form-urlencoded')).status).toBe(415);
  expect((await send('{"name":', 'application/json')).status).toBe(400);
  expect((await send('["x"]', 'application/json')).body['detail']).toContain('must be a JSON object');
  const large = await send(JSON.stringify({ name: 'x'.repeat(1024 * 1024) }), 'application/json');
  expect([large.status, large.body['code']]).toEqual([413, 'body_too_large']);
});

test('an unknown path names openapi.json; a wrong method names the right ones', async () => {
  const nowhere = await ask('GET', '/api/v2/tags', { bearer: null });
  expect(nowhere.status).toBe(404);
  expect(nowhere.headers.get('content-type')).toBe('application/problem+json');
  expect(nowhere.body['detail']).toContain(`${served.url}/api/v1/openapi.json`);
  const described = await ask('GET', '/api/v1/openapi.json', { bearer: null });
  expect(described.body['servers']).toEqual([{ url: `${served.url}/api/v1` }]);
  const put = await ask('PUT', '/api/v1/tags', { bearer: null });
  expect(put.status).toBe(405);
  expect(put.headers.get('allow')).toBe('GET, POST');
});

test('too many calls of one token are told how long to wait, and others are not held up', async () => {
  const strict = await serveHouse(house, [
    (each) => httpDoor(each, { ...rateLimits, reads: 2, writes: 2, strangers: 2 }),
  ]);
  const get = (bearer: string) =>
    fetch(`${strict.url}/api/v1/tags`, { headers: { authorization: `Bearer ${bearer}` } });
  const [one, other] = [await tokenOf(work.teo, ['tags:read']), await tokenOf(work.ada, ['tags:read'])];
  await get(one);
  await get(one);
  const third = await get(one);
  expect(third.status).toBe(429);
  expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(((await third.json()) as { retry_after_ms: number }).retry_after_ms).toBeGreaterThan(0);
  expect((await get(other)).status).toBe(200);
  const strangers = [await get('x'), await get('x'), await get('x')].map(({ status }) => status);
  expect(strangers).toEqual([401, 401, 429]);
  await strict.close();
});

test('when the store does not answer, the caller is told that it is our fault, and no more', async () => {
  const broke = Object.create(house) as TestHouse;
  Object.defineProperty(broke, 'database', {
    get: () => {
      throw new Error('secret of the store');
    },
  });
  const strange = await serveHouse(broke, [httpDoor]);
  const failed = await fetch(`${strange.url}/api/v1/tags`, { headers: { authorization: `Bearer ${token}` } });
  const problem = (await failed.json()) as { code: string; detail: string; request_id: string };
  expect([failed.status, problem.code]).toEqual([500, 'internal_error']);
  expect(problem.detail).toContain(problem.request_id);
  expect(JSON.stringify(problem)).not.toContain('secret');
  expect(house.logged.join()).toContain(problem.request_id);
  await strange.close();
});

test('a page of another origin may call it with a token, but no cookie counts', async () => {
  const preflight = await fetch(`${served.url}/api/v1/tags`, {
    method: 'OPTIONS',
    headers: { origin: 'https://app.example', 'access-control-request-method': 'POST' },
  });
  expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
  expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
});
