import { afterAll, expect, test } from 'vitest';
import { deliverMail } from '#jobs/deliver-mail.ts';
import { callTool, serveEveryDoor } from '#testing/every-door.ts';
import {
  apiStatus,
  approvedCode,
  connectApp,
  pkce,
  redeem,
  refreshWith,
  registerApp,
  teoAtBrowser,
} from '#testing/oauth.ts';
import { openMailbox } from '#testing/mailbox.ts';
import { call, tokenFor } from '#testing/people.ts';

const fetched: Record<string, unknown>[] = [];
const open = await serveEveryDoor({}, (address) => {
  fetched.push({ address });
  return Promise.reject(new Error('not there'));
});
const { url } = open;
afterAll(() => open.close());

test('42 the token endpoint takes every spelling of the resource too, at redemption and at refresh', async () => {
  const { browser } = await teoAtBrowser(open.house);
  const app = await registerApp(url);
  const upper = url.replace('localhost', 'LOCALHOST');
  const spellings = [`${url}/mcp`, `${url}/mcp/`, url, `${url}/`, `${upper}/mcp`, `${url}/mcp?names=dotted`];
  for (const resource of [...spellings, undefined]) {
    const { verifier, challenge } = pkce();
    const code = await approvedCode(url, browser, app, challenge, { request: { resource } });
    const answer = await redeem(url, app, code, verifier, { resource });
    expect([resource, answer.status]).toEqual([resource, 200]);
    const { refresh_token } = (await answer.json()) as { refresh_token: string };
    expect((await refreshWith(url, app, refresh_token, { resource })).status).toBe(200);
  }
});

test('45 codes, client secrets, sessions, requests, and API tokens that were revoked open nothing', async () => {
  const { browser, teo } = await teoAtBrowser(open.house);
  const app = await registerApp(url, { token_endpoint_auth_method: 'client_secret_post' });
  const code = await approvedCode(url, browser, app, pkce().challenge);
  const token = await tokenFor(open.house, teo);
  expect((await callTool(url, token, 'profile_get')).status).toBe(200);
  const { data } = await call<{ data: { id: string }[] }>(open.house, teo, 'api_tokens.list');
  await call(open.house, teo, 'api_tokens.revoke', { id: data[0]!.id });
  const others = ['se', 'tx', 'rt'].map((kind) => `stint_${kind}_${'A'.repeat(43)}`);
  for (const bearer of [code, app.client_secret!, token, ...others, '', 'null', 'undefined']) {
    expect([bearer.slice(0, 12), (await callTool(url, bearer, 'profile_get')).status]).toEqual([
      bearer.slice(0, 12),
      401,
    ]);
    expect(await apiStatus(url, bearer)).toBe(401);
  }
  // The code is still good for what it is for: being shown at the wrong door ends nothing.
});

test('47 what leaves the house carries nobody’s bearer', async () => {
  const mailbox = await openMailbox();
  const { browser, teo } = await teoAtBrowser(open.house);
  const { tokens } = await connectApp(url, browser);
  await callTool(url, tokens.access_token, 'tags_create', { name: 'Sent nowhere' });
  // A document whose address a client chose, asked for by a browser with a session and a bearer.
  await fetch(`${url}/oauth/authorize?client_id=https%3A%2F%2Fapp.example%2Fclient.json`, {
    headers: { authorization: `Bearer ${tokens.access_token}`, cookie: 'stint=secret' },
  });
  await deliverMail(open.house.database, open.house.clock, mailbox.send);
  mailbox.close();
  const own = mailbox.received.filter((mail) => mail.includes(teo.email));
  expect(own.length).toBeGreaterThan(0);
  for (const mail of own) expect(mail).not.toMatch(/stint_(at|rt|ac|pat|se|cs|tx)_|Bearer/);
  // The fetcher is given an address and nothing else.
  expect(fetched).toEqual([{ address: 'https://app.example/client.json' }]);
});
