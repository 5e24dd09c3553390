import { pino } from 'pino';
import { afterAll, expect, test } from 'vitest';
import { readConfig } from '#config.ts';
import { callTool, serveEveryDoor } from '#testing/every-door.ts';
import {
  authorizeUrl,
  connectApp,
  pkce,
  postForm,
  redeem,
  refreshWith,
  registerApp,
  teoAtBrowser,
} from '#testing/oauth.ts';
import { makeWorkspace, password, tokenFor } from '#testing/people.ts';
import { visit } from '#testing/visitor.ts';

const logged: string[] = [];
const open = await serveEveryDoor({
  config: readConfig({ STINT_TRUST_PROXY: '1' }),
  log: pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) }),
});
const { url } = open;
afterAll(() => open.close());

test('119 the log, at its most talkative, holds no token, code, verifier, password or cookie, and no error page does', async () => {
  const { browser, teo } = await teoAtBrowser(open.house);
  const app = await registerApp(url, { token_endpoint_auth_method: 'client_secret_post' });
  const { tokens } = await connectApp(url, browser, { app });
  await refreshWith(url, app, tokens.refresh_token);
  await callTool(url, tokens.access_token, 'tags_create', { name: 'x' });
  const secrets = [
    tokens.access_token,
    tokens.refresh_token,
    app.client_secret!,
    await tokenFor(open.house, teo),
  ];
  const { verifier, challenge } = pkce();
  const pages: string[] = [];
  const read = async (answer: Promise<Response>) => pages.push(await (await answer).text());
  for (const secret of secrets) {
    const asSearch = `?${new URLSearchParams({ client_id: secret, tx: secret, code: secret, state: secret }).toString()}`;
    for (const path of ['/oauth/authorize', '/login', '/nothing', '/mcp', '/api/v1/tags', '/account']) {
      await read(fetch(`${url}${path}${asSearch}`, { redirect: 'manual' }));
    }
    await read(callTool(url, `${secret.slice(0, -1)}!`, 'tags_list'));
    await read(postForm(`${url}/oauth/token`, { grant_type: secret, client_id: secret, code: secret }));
    await read(postForm(`${url}/oauth/revoke`, { token: secret, client_id: 'app_unknown' }));
    await read(redeem(url, app, secret, verifier));
    await read(browser.get(authorizeUrl(url, app, challenge, { scope: secret, resource: secret })));
  }
  const visitor = visit(url);
  visitor.cookies.set('stint', `stint_se_${'A'.repeat(43)}`);
  pages.push((await visitor.post('/login', { email: teo.email, password: `${password}!` })).text);
  pages.push((await visitor.post('/login', { email: 'a\0b@example.com', password })).text);
  for (const text of [...logged, ...pages]) {
    for (const secret of [...secrets, verifier, password]) expect(text).not.toContain(secret);
    expect(text).not.toMatch(/stint_(at|rt|ac|pat|se|cs|tx)_[\w-]{43}/);
  }
  // Nothing of all this is trouble of ours.
  expect(logged.filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
});

test('125 a flood of sign-ins gets a no or a 503, and the house stays open', async () => {
  const { teo } = await makeWorkspace(open.house);
  const attempts = Array.from({ length: 24 }, (_, number) =>
    visit(url).post(
      '/login',
      { email: `${number}-${teo.email}`, password: 'not the password' },
      { 'x-forwarded-for': `2001:db8:125:${number}::1` },
    ),
  );
  const during = fetch(`${url}/healthz`);
  const statuses = (await Promise.all(attempts)).map(({ status }) => status);
  expect((await during).status).toBe(200);
  expect(statuses.filter((status) => status !== 403 && status !== 503)).toEqual([]);
  const after = await visit(url).post(
    '/login',
    { email: teo.email, password },
    { 'x-forwarded-for': '2001:db8:126::1' },
  );
  expect(after.status).toBe(303);
});

test('121 an MCP session id of whoever changes nothing, and none is given', async () => {
  const [mine, theirs] = [await makeWorkspace(open.house), await makeWorkspace(open.house)];
  const foreign = await tokenFor(open.house, theirs.mara);
  const answer = await callTool(url, foreign, 'profile_get', {}, { 'mcp-session-id': 'of-somebody' });
  expect(answer.headers.get('mcp-session-id')).toBeNull();
  expect(await answer.text()).toContain(theirs.mara.email);
  const own = await callTool(
    url,
    await tokenFor(open.house, mine.mara),
    'profile_get',
    {},
    {
      'mcp-session-id': 'of-somebody',
    },
  );
  expect(await own.text()).not.toContain(theirs.mara.email);
});
