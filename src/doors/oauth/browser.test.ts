import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { webDoor } from '#doors/web/door.ts';
import { noChromium, openChromium } from '#testing/chromium.ts';
import { openTestHouse, type ServedHouse, serveHouse, type TestHouse } from '#testing/house.ts';
import { authorizeUrl, pkce, registerApp } from '#testing/oauth.ts';
import { makeWorkspace, password } from '#testing/people.ts';
import { oauthDoor } from './door.ts';

let house: TestHouse;
let served: ServedHouse;
let browser: Browser;
// The app: it waits on loopback, as Claude Code and the others do.
const delivered: string[] = [];
const app = createServer((request, response) => {
  if (request.url?.startsWith('/callback') === true) delivered.push(request.url);
  response.end('The app is connected.');
});

beforeAll(async () => {
  house = await openTestHouse();
  served = await serveHouse(house, [oauthDoor, webDoor]);
  await new Promise<void>((listening) => app.listen(0, '127.0.0.1', listening));
  if (!noChromium) browser = await openChromium();
});
afterAll(async () => {
  await browser?.close();
  app.close();
  await served.close();
});
const callback = () => `http://127.0.0.1:${(app.address() as AddressInfo).port}/callback`;

test.skipIf(noChromium)(
  'in a real browser without scripts: sign in, approve with a double click, and the code reaches the app',
  async () => {
    const { teo } = await makeWorkspace(house);
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    const client = await registerApp(served.url, {
      redirect_uris: [callback()],
      logo_uri: 'http://127.0.0.1:9/logo.png',
    });
    const elsewhere: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(served.url)) elsewhere.push(request.url());
    });
    await page.goto(authorizeUrl(served.url, client, pkce().challenge));
    await page.fill('[name=email]', teo.email);
    await page.fill('[name=password]', password);
    await page.click('main button');
    await page.waitForSelector('button[value=approve]');
    expect(elsewhere).toEqual([]);
    await page.dblclick('button[value=approve]', { noWaitAfter: true });
    await page.waitForURL(`${callback()}*`);
    expect(await page.textContent('body')).toContain('The app is connected.');
    expect(new URLSearchParams(delivered.at(-1)!.split('?')[1]).get('code')).toMatch(/^stint_ac_/);
    expect(complaints.filter((text) => /Content Security Policy|form-action/.test(text))).toEqual([]);
    const grants = await house.database.identity
      .selectFrom('oauth_grants')
      .select('id')
      .where('user_id', '=', teo.userId)
      .execute();
    expect(grants).toHaveLength(1);
    await context.close();
  },
);

test.skipIf(noChromium)('the consent screen cannot be put in a frame', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const client = await registerApp(served.url, { redirect_uris: [callback()] });
  await page.goto(callback());
  await page.setContent(
    `<iframe src="${authorizeUrl(served.url, client, pkce().challenge).replaceAll('&', '&amp;')}"></iframe>`,
  );
  await page.waitForTimeout(500);
  expect(
    await page
      .frames()[1]
      ?.content()
      .catch(() => ''),
  ).not.toContain('Sign in');
  await context.close();
});
