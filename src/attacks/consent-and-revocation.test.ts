import { afterAll, expect, test } from 'vitest';
import { callTool, serveEveryDoor } from '#testing/every-door.ts';
import {
  authorizeUrl,
  browserOf,
  connectApp,
  consentForm,
  decisionOn,
  destinationOf,
  grantsOf,
  pkce,
  redeem,
  refreshWith,
  registerApp,
  teoAtBrowser,
  type Tokens,
} from '#testing/oauth.ts';
import { call, makeWorkspace, password, tokenFor } from '#testing/people.ts';
import { visit } from '#testing/visitor.ts';

const open = await serveEveryDoor();
const { url } = open;
afterAll(() => open.close());

test('69 the whole way of somebody who is not signed in: sign-in, consent, code, tokens', async () => {
  const { teo } = await makeWorkspace(open.house);
  const app = await registerApp(url);
  const { verifier, challenge } = pkce();
  const visitor = visit(url);
  const pathOf = (address: string) => address.replace(url, '');
  const sent = await visitor.get(pathOf(authorizeUrl(url, app, challenge)));
  const form = await visitor.get(sent.location!);
  const returnTo = /name="return_to" value="([^"]+)"/.exec(form.text)![1]!.replaceAll('&amp;', '&');
  const signedIn = await visitor.post('/login', { email: teo.email, password, return_to: returnTo });
  const consent = await visitor.get(signedIn.location!);
  const decision = decisionOn(await consentForm(new Response(consent.text)));
  const fields = Object.fromEntries(
    [...new Set(decision.keys())].map((name): [string, string[]] => [name, decision.getAll(name)]),
  );
  // Signed out in between, the decision leads to the sign-in and grants nothing.
  const nobody = await visit(url).post('/oauth/consent', fields);
  expect([nobody.status, nobody.location?.startsWith('/login?')]).toEqual([303, true]);
  expect(await grantsOf(open.house, teo)).toEqual([]);
  const done = await visitor.post('/oauth/consent', fields);
  const code = destinationOf(done.text)!.searchParams.get('code')!;
  const tokens = (await (await redeem(url, app, code, verifier)).json()) as Tokens;
  expect((await callTool(url, tokens.access_token, 'profile_get')).status).toBe(200);
});

test('70 a request that was on the screen before signing in again is not answered by the new session', async () => {
  const { browser, teo } = await teoAtBrowser(open.house);
  const app = await registerApp(url);
  const form = await consentForm(await browser.get(authorizeUrl(url, app, pkce().challenge)));
  const again = await browserOf(open.house, teo);
  expect((await again.post(`${url}/oauth/consent`, decisionOn(form))).status).toBe(400);
  expect(await grantsOf(open.house, teo)).toEqual([]);
});

test('88 somebody else’s connection is not there: not to be seen, changed or ended, under any workspace', async () => {
  const [mine, theirs] = [await teoAtBrowser(open.house), await teoAtBrowser(open.house)];
  const { tokens } = await connectApp(url, theirs.browser);
  const id = (await grantsOf(open.house, theirs.teo))[0]!.id;
  expect(await (await mine.browser.get(`${url}/account/integrations`)).text()).not.toContain(id);
  for (const workspace of [mine.workspace.id, theirs.workspace.id]) {
    for (const [action, fields] of [
      ['disconnect', { workspace }],
      ['permissions', { workspace, scopes: 'invoices:send' }],
    ] as const) {
      const path = `${url}/account/integrations/${id}/${action}`;
      const answer = await mine.browser.post(path, new URLSearchParams(fields));
      expect([workspace, action, answer.status]).toEqual([workspace, action, 404]);
    }
  }
  const bearer = await tokenFor(open.house, mine.teo, ['tokens:read', 'tokens:write'], 'api');
  const byApi = (method: string) =>
    fetch(`${url}/api/v1/connections/${id}`, { method, headers: { authorization: `Bearer ${bearer}` } });
  expect((await byApi('DELETE')).status).toBeGreaterThanOrEqual(400);
  expect((await callTool(url, tokens.access_token, 'profile_get')).status).toBe(200);
});

test('87 a disconnection counts on the next request of every token of the connection, at every door', async () => {
  const { browser, teo } = await teoAtBrowser(open.house);
  const app = await registerApp(url);
  const { tokens } = await connectApp(url, browser, { app });
  const next = (await (await refreshWith(url, app, tokens.refresh_token)).json()) as Tokens;
  const [grant] = await grantsOf(open.house, teo);
  const page = `${url}/account/integrations/${grant!.id}/disconnect`;
  const done = await browser.post(page, new URLSearchParams({ workspace: teo.workspaceId }));
  expect(done.status).toBe(303);
  for (const token of [tokens.access_token, next.access_token]) {
    const answer = await callTool(url, token, 'profile_get');
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/error="invalid_token".*resource_metadata="/);
  }
  for (const token of [tokens.refresh_token, next.refresh_token]) {
    expect(await (await refreshWith(url, app, token)).json()).toMatchObject({ error: 'invalid_grant' });
  }
});

test('92 once a disconnection was answered no call is let in any more, and those that were let in before end with their requests', async () => {
  const { browser, workspace, teo } = await teoAtBrowser(open.house);
  const { tokens } = await connectApp(url, browser);
  const [grant] = await grantsOf(open.house, teo);
  const create = async (name: string) =>
    (await callTool(url, tokens.access_token, 'tags_create', { name })).status === 200 ? [name] : [];
  const before = Array.from({ length: 20 }, (_, number) => create(`Before ${number}`));
  await Promise.race(before);
  await call(open.house, teo, 'connections.revoke', { id: grant!.id });
  const after = Array.from({ length: 20 }, (_, number) => create(`After ${number}`));
  expect((await Promise.all(after)).flat()).toEqual([]);
  // There are no tasks that outlive their request: what was answered is all there is.
  const answered = (await Promise.all(before)).flat();
  const { data } = await call<{ data: { name: string }[] }>(open.house, workspace.mara, 'tags.list');
  expect(data.map(({ name }) => name).sort()).toEqual(answered.sort());
  expect(answered.length).toBeGreaterThan(0);
});

test('120 pages of consent and everything with a token in it are kept by no cache', async () => {
  const { browser } = await teoAtBrowser(open.house);
  const app = await registerApp(url);
  const { verifier, challenge } = pkce();
  const page = await browser.get(authorizeUrl(url, app, challenge));
  const done = await browser.post(`${url}/oauth/consent`, decisionOn(await consentForm(page)));
  const target = destinationOf(await done.text())!;
  const tokens = await redeem(url, app, target.searchParams.get('code')!, verifier);
  const refused = await redeem(url, app, 'stint_ac_x', verifier);
  const anonymous = await (await browserOf(open.house, null)).get(authorizeUrl(url, app, challenge));
  const wrong = await browser.get(authorizeUrl(url, app, challenge, { response_type: 'token' }));
  for (const answer of [page, done, tokens, refused, anonymous, wrong]) {
    expect([answer.url, answer.headers.get('cache-control')]).toEqual([answer.url, 'no-store']);
  }
  expect(tokens.headers.get('pragma')).toBe('no-cache');
});

test('123 no bearer, and so no text that an agent reads, can give consent', async () => {
  const { browser, teo } = await teoAtBrowser(open.house);
  const app = await registerApp(url);
  const { tokens } = await connectApp(url, browser, { app });
  const form = await consentForm(await browser.get(authorizeUrl(url, app, pkce().challenge)));
  const stranger = await browserOf(open.house, null);
  for (const bearer of [tokens.access_token, await tokenFor(open.house, teo)]) {
    const sent = await stranger.post(`${url}/oauth/consent`, decisionOn(form), {
      authorization: `Bearer ${bearer}`,
    });
    expect([sent.status, sent.headers.get('location')?.startsWith('/login?')]).toEqual([303, true]);
  }
  expect(await grantsOf(open.house, teo)).toHaveLength(1);
});

test('124 a token opens no page and makes no token', async () => {
  const { browser, teo } = await teoAtBrowser(open.house);
  const { tokens } = await connectApp(url, browser);
  const bearers = [
    tokens.access_token,
    await tokenFor(open.house, teo),
    await tokenFor(open.house, teo, undefined, 'api'),
  ];
  for (const bearer of bearers) {
    const headers = { authorization: `Bearer ${bearer}`, accept: 'text/html' };
    for (const path of ['/', '/account', '/account/tokens', '/account/integrations', '/oauth/authorize']) {
      const answer = await fetch(`${url}${path}`, { headers, redirect: 'manual' });
      expect(await answer.text()).not.toContain(teo.email);
    }
    const made = await fetch(`${url}/account/tokens`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ name: 'Mine', workspace: teo.workspaceId, scopes: 'tags:read' }),
      redirect: 'manual',
    });
    expect([made.status, made.headers.get('location')?.startsWith('/login')]).toEqual([303, true]);
  }
  const [mcp] = bearers as [string];
  const answer = await callTool(url, mcp, 'api_tokens_create', { name: 'Mine', scopes: ['tags:read'] });
  expect(JSON.stringify(await answer.json())).not.toContain('stint_pat_');
  const { data } = await call<{ data: unknown[] }>(open.house, teo, 'api_tokens.list');
  expect(data).toHaveLength(2);
});
