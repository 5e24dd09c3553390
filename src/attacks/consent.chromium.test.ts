import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium } from '#testing/chromium.ts';
import { type OpenHouse, serveEveryDoor } from '#testing/every-door.ts';
import { alsoIn, authorizeUrl, grantsOf, pkce, registerApp } from '#testing/oauth.ts';
import { makeWorkspace, type Person, password } from '#testing/people.ts';

// The attacker's site and the app's callback, on another host than Stint; both write down who comes.
let elsewhere: Server;
let site: string;
const visited: string[] = [];
let frame = '';
let open: OpenHouse;
let browser: Browser;
beforeAll(async () => {
  open = await serveEveryDoor();
  elsewhere = createServer((request, answer) => {
    visited.push(request.url ?? '');
    answer.setHeader('content-type', 'text/html');
    answer.end(request.url === '/frame' ? frame : 'The other site.');
  });
  await new Promise<void>((listening) => elsewhere.listen(0, '127.0.0.1', listening));
  site = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
  browser = await openChromium();
});
afterAll(async () => {
  await browser.close();
  elsewhere.close();
  await open.close();
});

const signIn = async (person: Person): Promise<{ context: BrowserContext; page: Page }> => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${open.url}/login`);
  await page.fill('[name=email]', person.email);
  await page.fill('[name=password]', password);
  await page.click('main button');
  await page.waitForURL(`${open.url}/`);
  return { context, page };
};

test('61 a page of Stint is shown in nobody’s frame, although the same frame shows another page', async () => {
  const { teo } = await makeWorkspace(open.house);
  const { context, page } = await signIn(teo);
  const app = await registerApp(open.url);
  const consent = authorizeUrl(open.url, app, pkce().challenge);
  for (const address of [consent, `${open.url}/login`, `${open.url}/account`]) {
    frame = `<iframe name="allowed" src="${site}/inside"></iframe><iframe name="stint" src="${address.replaceAll('&', '&amp;')}"></iframe>`;
    await page.goto(`${site}/frame`, { waitUntil: 'load' });
    expect(await page.frame('allowed')?.textContent('body')).toContain('The other site.');
    // Chromium puts its own page in the place of one that refuses to be framed.
    await expect.poll(() => page.frame('stint')?.url()).toMatch(/^chrome-error:/);
  }
  await context.close();
});

test('62, 66 a name made of HTML is text, and nothing of the app is loaded before the person decides', async () => {
  const { teo } = await makeWorkspace(open.house);
  const { context, page } = await signIn(teo);
  const name = `<img src="${site}/image" onerror="fetch('${site}/error')"><b>Claude</b>`;
  const app = await registerApp(open.url, {
    client_name: name,
    logo_uri: `${site}/logo.png`,
    client_uri: `${site}/home`,
    redirect_uris: [`${site}/callback`],
  });
  visited.length = 0;
  const strangers: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(open.url)) strangers.push(request.url());
  });
  page.on('dialog', (dialog) => void strangers.push(dialog.message()));
  await page.goto(authorizeUrl(open.url, app, pkce().challenge), { waitUntil: 'networkidle' });
  expect(await page.textContent('main h2')).toBe(name.slice(0, 100));
  expect(await page.locator('main img, main script').count()).toBe(0);
  expect(await page.textContent('main')).toContain('name not verified');
  expect([strangers, visited]).toEqual([[], []]);
  await context.close();
});

test('73 whoever follows a prepared link chooses the workspace: without a choice Allow does nothing', async () => {
  const workspace = await makeWorkspace(open.house);
  const { teo } = workspace;
  await alsoIn(open.house, teo);
  const { context, page } = await signIn(teo);
  const app = await registerApp(open.url, { client_name: 'Claude', redirect_uris: [`${site}/callback`] });
  const link = authorizeUrl(open.url, app, pkce().challenge, { workspace: workspace.id, approve: '1' });
  await page.goto(link);
  expect(await page.locator('[name=workspace]:checked').count()).toBe(0);
  for (const shown of ['Claude', 'name not verified', new URL(site).host, 'That is this computer']) {
    expect(await page.textContent('main')).toContain(shown);
  }
  await page.click('button[value=approve]');
  expect(page.url()).toBe(link);
  expect(await grantsOf(open.house, teo)).toEqual([]);
  visited.length = 0;
  await page.check(`[name=workspace][value="${workspace.id}"]`);
  await page.click('button[value=approve]', { noWaitAfter: true });
  await page.waitForURL(`${site}/callback*`);
  expect(visited.find((path) => path.startsWith('/callback'))).toContain('code=stint_ac_');
  await context.close();
});

test('57, 72 a form on another site does nothing, although the person is signed in', async () => {
  const { teo } = await makeWorkspace(open.house);
  const { context, page } = await signIn(teo);
  const app = await registerApp(open.url);
  await page.goto(authorizeUrl(open.url, app, pkce().challenge));
  const tx = await page.getAttribute('[name=tx]', 'value');
  const workspace = await page.getAttribute('[name=workspace]', 'value');
  frame = `<form method="post" action="${open.url}/oauth/consent">
    <input name="tx" value="${tx}"><input name="workspace" value="${workspace}"><input name="scope" value="time:write">
    <button name="decision" value="approve">Win a prize</button></form>`;
  await page.goto(`${site}/frame`);
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url() === `${open.url}/oauth/consent`),
    page.click('button'),
  ]);
  expect(answer.status()).toBe(403);
  expect(await grantsOf(open.house, teo)).toEqual([]);
  await context.close();
});
