import { afterAll, describe, expect, test } from 'vitest';
import { callTool, serveEveryDoor } from '#testing/every-door.ts';
import { clients, type RealClient, wellKnown } from '#testing/real-clients.ts';
import {
  type App,
  authorizeUrl,
  type Changes,
  connectApp,
  decide,
  pkce,
  postForm,
  refreshWith,
  registerApp,
  teoAtBrowser,
  type Tokens,
} from '#testing/oauth.ts';

const open = await serveEveryDoor();
const { url } = open;
const { browser } = await teoAtBrowser(open.house);
afterAll(() => open.close());

const probe = async (line: string, headers: Record<string, string>) => {
  const [method = '', path = ''] = line.split(' ');
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { accept: 'application/json', ...headers },
  });
  return { path, status: answer.status, headers: answer.headers, text: await answer.text() };
};

const clientFor = async ({ registers, headers }: RealClient): Promise<App> => {
  if (typeof registers === 'string') return { client_id: registers, redirect_uris: [] };
  const answer = await fetch(`${url}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(registers),
  });
  expect(answer.status).toBe(201);
  return (await answer.json()) as App;
};

describe('signs in, calls, refreshes and is out when it revokes:', () => {
  test.each(clients)('$name', async (client) => {
    const { headers = {}, redirectUri, prompt } = client;
    for (const line of client.discovery) {
      const { path, status, headers: said, text } = await probe(line, headers);
      if (path === '/mcp') {
        expect([line, status]).toEqual([line, 401]);
        expect(said.get('www-authenticate')).toContain(`resource_metadata="${url}${wellKnown.resource}/mcp"`);
      } else {
        const document = JSON.parse(text) as Record<string, unknown>;
        expect([line, status]).toEqual([line, 200]);
        expect(document).toMatchObject(
          path.includes('protected-resource') ? { resource: `${url}/mcp` } : { issuer: url },
        );
      }
    }
    const server = JSON.parse((await probe(`GET ${wellKnown.server}`, headers)).text) as {
      scopes_supported: string[];
    };
    const app = await clientFor(client);
    const resource = client.resource === undefined ? undefined : `${url}${client.resource}`;
    const scope = client.scope === 'every' ? server.scopes_supported.join(' ') : client.scope;

    const { verifier, challenge } = pkce();
    const request: Changes = { redirect_uri: redirectUri, scope, resource, prompt };
    const target = await decide(url, browser, authorizeUrl(url, app, challenge, request));
    expect(target.href.startsWith(redirectUri)).toBe(true);
    expect(target.searchParams.get('iss')).toBe(url);

    const own = { client_id: app.client_id, client_secret: app.client_secret, resource };
    const token = (values: Changes) => postForm(`${url}/oauth/token`, { ...own, ...values }, headers);
    const first = await token({
      grant_type: 'authorization_code',
      code: target.searchParams.get('code')!,
      code_verifier: verifier,
      redirect_uri: redirectUri,
    });
    const tokens = (await first.json()) as Tokens;
    expect([first.status, tokens.token_type, tokens.expires_in]).toEqual([200, 'Bearer', 3600]);
    // Nobody gets to send mail to other people's clients by asking for everything.
    expect(tokens.scope).toContain('mcp');
    expect(tokens.scope).not.toContain('invoices:send');
    expect((await callTool(url, tokens.access_token, 'profile_get')).status).toBe(200);

    const again = client.refreshScope === 'asked' ? scope : tokens.scope;
    const refreshed = await token({
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token,
      ...(client.refreshScope === undefined ? {} : { scope: again }),
    });
    const next = (await refreshed.json()) as Tokens;
    expect([refreshed.status, next.scope]).toEqual([200, tokens.scope]);
    expect((await callTool(url, next.access_token, 'profile_get')).status).toBe(200);

    const { client_id, client_secret } = app;
    const revoked = await postForm(
      `${url}/oauth/revoke`,
      { client_id, client_secret, token: next.refresh_token, token_type_hint: 'refresh_token' },
      headers,
    );
    expect(revoked.status).toBe(200);
    expect((await callTool(url, next.access_token, 'profile_get')).status).toBe(401);
  });
});

test('Codex 0.146 is not told that answers name their issuer, and finds it in them all the same', async () => {
  const said = async (agent: string) =>
    JSON.parse((await probe(`GET ${wellKnown.server}`, { 'user-agent': agent })).text) as Record<
      string,
      unknown
    >;
  const flag = 'authorization_response_iss_parameter_supported';
  expect((await said('codex-mcp-client/0.146.0'))[flag]).toBeUndefined();
  expect((await said('codex-mcp-client/0.150.0'))[flag]).toBe(true);
});

test('two machines that share a sign-in refresh at once, again and again, and neither is thrown out', async () => {
  const { app, tokens } = await connectApp(url, browser);
  let held = [tokens.refresh_token, tokens.refresh_token];
  for (let round = 1; round <= 4; round += 1) {
    const answers = await Promise.all(held.map((token) => refreshWith(url, app, token)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const next = await Promise.all(answers.map(async (answer) => (await answer.json()) as Tokens));
    // One of the two loses its answer, as on a bad train connection, and comes back with what it had.
    held = [next[0]!.refresh_token, held[1]!];
  }
});

test('Gemini CLI, which registers with no callback after a 403, shows our sentence to the person', async () => {
  const answer = await fetch(`${url}/oauth/register`, {
    method: 'POST',
    body: JSON.stringify({ client_name: 'Gemini CLI MCP Client', redirect_uris: [] }),
  });
  expect(answer.status).toBe(400);
  expect(((await answer.json()) as { error_description: string }).error_description).toContain('/mcp auth');
});

test('an app whose registration is gone is told so: at the token endpoint for itself, in the browser for the person', async () => {
  const gone: App = { client_id: 'app_collected', redirect_uris: ['http://127.0.0.1:1/callback'] };
  const refresh = await refreshWith(url, gone, `stint_rt_${'x'.repeat(43)}`);
  expect([refresh.status, await refresh.json()]).toMatchObject([401, { error: 'invalid_client' }]);
  const page = await browser.get(authorizeUrl(url, gone, pkce().challenge));
  expect(page.status).toBe(400);
  expect(await page.text()).toContain('claude mcp remove stint');
});

test('an app that signs in anew leaves its other sign-ins alone', async () => {
  const app = await registerApp(url);
  const { tokens: here } = await connectApp(url, browser, { app });
  const { tokens: there } = await connectApp(url, browser, { app });
  for (const tokens of [here, there]) {
    expect((await callTool(url, tokens.access_token, 'profile_get')).status).toBe(200);
    expect((await refreshWith(url, app, tokens.refresh_token)).status).toBe(200);
  }
});

test('clients of 2025-03-26, which find their way without metadata, are served at the root', async () => {
  const answer = await fetch(`${url}/register`, {
    method: 'POST',
    body: JSON.stringify({ redirect_uris: ['http://localhost:3000/cb'], token_endpoint_auth_method: 'none' }),
  });
  const app = (await answer.json()) as App;
  const { verifier, challenge } = pkce();
  const asked = authorizeUrl(url, app, challenge).replace('/oauth/authorize', '/authorize');
  const code = (await decide(url, browser, asked)).searchParams.get('code')!;
  const tokens = await postForm(`${url}/token`, {
    grant_type: 'authorization_code',
    client_id: app.client_id,
    code,
    code_verifier: verifier,
    redirect_uri: 'http://localhost:3000/cb',
  });
  expect(tokens.status).toBe(200);
});
