import { createHmac } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { callTool, serveEveryDoor } from '#testing/every-door.ts';
import {
  approvedCode,
  authorizeUrl,
  browserOf,
  connectApp,
  consentForm,
  decide,
  decisionOn,
  pkce,
  redeem,
  refreshWith,
  registerApp,
  teoAtBrowser,
  type Tokens,
} from '#testing/oauth.ts';

const open = await serveEveryDoor();
const { url } = open;
afterAll(() => open.close());

test('28 a code used twice takes the tokens of its first use with it', async () => {
  const { browser } = await teoAtBrowser(open.house);
  const app = await registerApp(url);
  const { verifier, challenge } = pkce();
  const code = await approvedCode(url, browser, app, challenge);
  const tokens = (await (await redeem(url, app, code, verifier)).json()) as Tokens;
  expect((await callTool(url, tokens.access_token, 'profile_get')).status).toBe(200);
  // A thief who has the code has no verifier; that somebody tries is enough.
  expect((await redeem(url, app, code, pkce().verifier)).status).toBe(400);
  expect((await callTool(url, tokens.access_token, 'profile_get')).status).toBe(401);
  expect((await refreshWith(url, app, tokens.refresh_token)).status).toBe(400);
});

test('28 another app that comes with the code does not harm it', async () => {
  const { browser } = await teoAtBrowser(open.house);
  const [app, other] = [await registerApp(url), await registerApp(url)];
  const { verifier, challenge } = pkce();
  const code = await approvedCode(url, browser, app, challenge);
  expect((await redeem(url, other, code, verifier)).status).toBe(400);
  const tokens = (await (await redeem(url, app, code, verifier)).json()) as Tokens;
  expect((await redeem(url, other, code, verifier)).status).toBe(400);
  expect((await callTool(url, tokens.access_token, 'profile_get')).status).toBe(200);
});

// Beyond the list: whoever begins a request may be an attacker with a genuine app's id, who sees the address of the sign-in page and
// sends it to somebody. The code goes to the genuine app; what the attacker has seen must not be enough to make it.
test('126 whoever began a request cannot make its code', async () => {
  const { browser, teo } = await teoAtBrowser(open.house);
  const app = await registerApp(url);
  const { verifier, challenge } = pkce();
  const attacker = await browserOf(open.house, null);
  const sent = await attacker.get(authorizeUrl(url, app, challenge));
  const back = new URL(sent.headers.get('location')!, url).searchParams.get('return_to')!;
  const tx = new URL(back, url).searchParams.get('tx')!;

  const code = (await decide(url, browser, `${url}${back}`)).searchParams.get('code')!;
  const made = `stint_ac_${createHmac('sha256', tx).update('authorization code').digest('base64url')}`;
  expect(code).not.toBe(made);
  expect((await redeem(url, app, made, verifier)).status).toBe(400);

  // Nor does another decision of the same person help: the code belongs to the session too.
  const again = await browserOf(open.house, teo);
  const other = await consentForm(await again.get(authorizeUrl(url, app, challenge)));
  const second = await again.post(`${url}/oauth/consent`, decisionOn(other, { tx }));
  expect(second.status).toBe(400);
});

test('127 prompt=login cannot be got round by sending the decision from the old sign-in', async () => {
  const { browser, teo } = await teoAtBrowser(open.house);
  const app = await registerApp(url);
  const { workspaces } = await consentForm(await browser.get(authorizeUrl(url, app, pkce().challenge)));
  const sent = await browser.get(authorizeUrl(url, app, pkce().challenge, { prompt: 'login' }));
  const back = new URL(sent.headers.get('location')!, url).searchParams.get('return_to')!;
  const tx = new URL(back, url).searchParams.get('tx')!;
  const decision = new URLSearchParams({
    tx,
    workspace: workspaces[0]!.id,
    scope: 'time:read',
    decision: 'approve',
  });
  const answer = await browser.post(`${url}/oauth/consent`, decision);
  const target = new URL(answer.headers.get('location')!, url);
  expect([answer.status, target.pathname, target.searchParams.get('again')]).toEqual([303, '/login', '1']);
  // After a fresh sign-in the request is there, and can be approved.
  const fresh = await browserOf(open.house, teo);
  const done = await decide(url, fresh, `${url}${target.searchParams.get('return_to')!}`);
  expect(done.searchParams.get('code')).toMatch(/^stint_ac_/);
});

test('128 what the store cannot keep is refused, never trouble of ours', async () => {
  const { browser } = await teoAtBrowser(open.house);
  const app = await registerApp(url);
  const asked = await browser.get(authorizeUrl(url, app, pkce().challenge, { state: 'a\0b' }));
  expect([asked.status, asked.headers.get('location')]).toEqual([400, null]);
  const { tokens } = await connectApp(url, browser, { app });
  expect((await refreshWith(url, app, tokens.refresh_token, { scope: 'time:read\0' })).status).toBe(400);
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  const base = '"redirect_uris":["http://127.0.0.1/callback"]';
  const bodies = [
    `{${base},"scope":"a\\u0000b"}`,
    `{${base},"application_type":"\\ud800"}`,
    `{${base},"jwks":{"keys":[{"kty":"EC","x":"\\u0000"}]}}`,
    `{${base},"jwks":{"keys":[{"kty":"EC","x":${deep}}]}}`,
    `{${base},"jwks":{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}}`,
    `{${base},"jwks":{"keys":[{"kty":"EC","crv":"P-256","x":"a","y":"b","d":"private"}]}}`,
    '{"redirect_uris":["https://app.example/\\ud800"]}',
    deep,
    '{"__proto__":{"redirect_uris":["http://127.0.0.1/callback"]}}',
  ];
  for (const body of bodies) {
    const answer = await fetch(`${url}/oauth/register`, { method: 'POST', body });
    expect([body.slice(0, 90), answer.status]).toEqual([body.slice(0, 90), 400]);
  }
  expect(open.house.logged).toEqual([]);
});
