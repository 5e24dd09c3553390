import { afterAll, beforeAll, expect, test } from 'vitest';
import { httpDoor } from '#doors/http/door.ts';
import { mcpDoor } from '#doors/mcp/door.ts';
import { endAllSessions } from '#identity/sessions.ts';
import { openTestHouse, type ServedHouse, serveHouse, type TestHouse } from '#testing/house.ts';
import {
  apiStatus,
  type App,
  browserOf,
  connectApp,
  postForm,
  refreshWith,
  registerApp,
} from '#testing/oauth.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';
import { oauthDoor } from './door.ts';

let house: TestHouse;
let served: ServedHouse;
let url: string;
let app: App;
beforeAll(async () => {
  house = await openTestHouse();
  served = await serveHouse(house, [mcpDoor, httpDoor, oauthDoor]);
  url = served.url;
  app = await registerApp(url);
});
afterAll(() => served.close());

const connect = async () => {
  const workspace = await makeWorkspace(house);
  const browser = await browserOf(house, workspace.teo);
  const { tokens } = await connectApp(url, browser, { app, request: { resource: `${url}/api` } });
  const { data } = await call<{ data: { id: string }[] }>(house, workspace.teo, 'connections.list');
  return { workspace, tokens, id: data[0]!.id };
};
const revoke = async (token: string, who: App = app): Promise<number> =>
  (await postForm(`${url}/oauth/revoke`, { token, client_id: who.client_id })).status;

test('an app that gives its refresh token back ends the connection and its access tokens', async () => {
  const { tokens, workspace } = await connect();
  expect(await revoke(tokens.refresh_token)).toBe(200);
  expect(await apiStatus(url, tokens.access_token)).toBe(401);
  expect((await refreshWith(url, app, tokens.refresh_token)).status).toBe(400);
  const { data } = await call<{ data: { revoked_reason: string }[] }>(
    house,
    workspace.teo,
    'connections.list',
    { ended: true },
  );
  expect(data[0]?.revoked_reason).toBe('revoked_by_app');
});

test('an access token given back ends alone', async () => {
  const { tokens } = await connect();
  expect(await revoke(tokens.access_token)).toBe(200);
  expect(await apiStatus(url, tokens.access_token)).toBe(401);
  expect((await refreshWith(url, app, tokens.refresh_token)).status).toBe(200);
});

test('unknown tokens and those of another app are answered the same and left alone', async () => {
  const { tokens } = await connect();
  const other = await registerApp(url);
  expect(await revoke('nonsense')).toBe(200);
  expect(await revoke(tokens.refresh_token, other)).toBe(200);
  expect(await revoke(tokens.access_token, other)).toBe(200);
  expect(await apiStatus(url, tokens.access_token)).toBe(200);
  expect(await revoke(tokens.refresh_token, { client_id: 'app_unknown', redirect_uris: [] })).toBe(401);
});

test('what the person disconnects is refused on the next request, by the resource and at the token endpoint', async () => {
  const { tokens, workspace, id } = await connect();
  await call(house, workspace.teo, 'connections.revoke', { id });
  expect(await apiStatus(url, tokens.access_token)).toBe(401);
  const answer = await refreshWith(url, app, tokens.refresh_token);
  expect(await answer.json()).toMatchObject({ error: 'invalid_grant' });
});

test('an admin disconnects a member; a member cannot even see a colleague’s connection', async () => {
  const { tokens, workspace, id } = await connect();
  expect((await refusalOf(call(house, workspace.noor, 'connections.revoke', { id }))).message).toBe(
    'Resource not found',
  );
  await call(house, workspace.ada, 'connections.revoke', { id });
  expect(await apiStatus(url, tokens.access_token)).toBe(401);
});

test('signing out everywhere disconnects every app', async () => {
  const { tokens, workspace } = await connect();
  await endAllSessions(house.database, workspace.teo.userId, house.clock());
  expect(await apiStatus(url, tokens.access_token)).toBe(401);
  expect((await refreshWith(url, app, tokens.refresh_token)).status).toBe(400);
});

test('only an access token of this resource, in the header, opens it', async () => {
  const { tokens } = await connect();
  const mcp = async (headers: Record<string, string>, search = '') =>
    (await fetch(`${url}/mcp${search}`, { method: 'POST', headers })).status;
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  expect(await mcp(bearer(tokens.access_token))).toBe(401);
  expect(await mcp(bearer(tokens.refresh_token))).toBe(401);
  expect(await apiStatus(url, tokens.refresh_token)).toBe(401);
  expect(await mcp({}, `?access_token=${tokens.access_token}`)).toBe(401);
  expect(await mcp(bearer('eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.'))).toBe(401);
});
