import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestHouse, type ServedHouse, serveHouse, type TestHouse } from '#testing/house.ts';
import {
  alsoIn,
  type App,
  authorizeUrl,
  type Browser,
  type Changes,
  connectApp,
  type ConsentForm,
  consentForm,
  decisionOn,
  destinationOf,
  grantsOf,
  pkce,
  registerApp,
  teoAtBrowser,
} from '#testing/oauth.ts';
import { makeWorkspace } from '#testing/people.ts';
import { oauthDoor } from './door.ts';

let house: TestHouse;
let served: ServedHouse;
let url: string;
let app: App;
beforeAll(async () => {
  house = await openTestHouse();
  served = await serveHouse(house, [oauthDoor]);
  url = served.url;
  app = await registerApp(url);
});
afterAll(() => served.close());

const { challenge } = pkce();
const ask = async (browser: Browser, changes: Changes = {}, who = app): Promise<ConsentForm> =>
  consentForm(await browser.get(authorizeUrl(url, who, challenge, changes)));
const answer = (browser: Browser, form: URLSearchParams, headers: Record<string, string> = {}) =>
  browser.post(`${url}/oauth/consent`, form, headers);

describe('the page', () => {
  test('cannot be framed, cached or scripted', async () => {
    const { browser } = await teoAtBrowser(house);
    const { headers } = await browser.get(authorizeUrl(url, app, challenge));
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('content-security-policy')).toContain("form-action 'self'");
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('shows an app that registered itself as unverified, whatever it calls itself, and never loads its logo', async () => {
    const { browser } = await teoAtBrowser(house);
    const claude = await registerApp(url, {
      client_name: 'Claude',
      logo_uri: 'https://evil.example/track.png',
    });
    const { html } = await ask(browser, {}, claude);
    expect(html).toContain('name not verified');
    expect(html).not.toContain('published by');
    expect(html).not.toContain('evil.example');
  });

  test('escapes the name of the app and says where the browser goes', async () => {
    const { browser } = await teoAtBrowser(house);
    const rude = await registerApp(url, {
      client_name: '<img src=x onerror=alert(1)>',
      redirect_uris: ['https://app.example:8443/cb'],
    });
    const { html } = await ask(browser, {}, rude);
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;img');
    expect(html).toContain('app.example:8443');
    expect(html).not.toContain('That is this computer');
    expect((await ask(browser)).html).toContain('That is this computer');
  });

  test('asks again every time, for the same app and the same permissions', async () => {
    const { browser, teo } = await teoAtBrowser(house);
    await connectApp(url, browser, { app });
    const form = await ask(browser);
    expect(form.tx).not.toBe('');
    expect(await grantsOf(house, teo)).toHaveLength(1);
  });
});

describe('the workspace', () => {
  test('is chosen by itself only where there is one', async () => {
    const { browser, teo } = await teoAtBrowser(house);
    expect((await ask(browser)).workspaces).toMatchObject([{ checked: true }]);
    await alsoIn(house, teo);
    expect((await ask(browser)).workspaces.map(({ checked }) => checked)).toEqual([false, false]);
  });

  test('must be chosen, and the page says so without losing the ticks', async () => {
    const { browser, teo } = await teoAtBrowser(house);
    await alsoIn(house, teo);
    const form = await ask(browser);
    const incomplete = await answer(
      browser,
      decisionOn(form, { workspace: undefined, scope: ['time:read'] }),
    );
    expect(incomplete.status).toBe(400);
    const again = await consentForm(incomplete);
    expect(again.html).toContain('Choose the workspace');
    expect(again.scopes.filter(({ checked }) => checked).map(({ name }) => name)).toEqual(['time:read']);
    expect(
      destinationOf(await (await answer(browser, decisionOn(again))).text())?.searchParams.get('code'),
    ).toBeTruthy();
  });

  test('that apps cannot reach is shown with the reason and cannot be chosen', async () => {
    const { browser, teo } = await teoAtBrowser(house);
    const free = await alsoIn(house, teo);
    await house.database.identity
      .updateTable('workspaces')
      .set({ plan: 'free' })
      .where('id', '=', free.id)
      .execute();
    const form = await ask(browser);
    expect(form.workspaces.find(({ id }) => id === free.id)).toMatchObject({ disabled: true });
    expect(form.html).toContain('public_api_access');
    expect((await answer(browser, decisionOn(form, { workspace: free.id }))).status).toBe(403);
  });

  test('of somebody else is refused', async () => {
    const { browser, teo } = await teoAtBrowser(house);
    const foreign = await makeWorkspace(house);
    const form = await ask(browser);
    expect((await answer(browser, decisionOn(form, { workspace: foreign.id }))).status).toBe(403);
    expect(await grantsOf(house, teo)).toEqual([]);
  });

  test('is not asked for where none can be connected', async () => {
    const { browser } = await teoAtBrowser(house, 'free');
    const form = await ask(browser);
    expect(form.html).toContain('No workspace can be connected');
    expect(form.workspaces).toEqual([]);
  });

  test('can be made by whoever has none: the page says where', async () => {
    const { browser, teo } = await teoAtBrowser(house);
    await house.database.identity.deleteFrom('memberships').where('id', '=', teo.membershipId).execute();
    expect((await ask(browser)).html).toContain('<a href="/#new-workspace">Make one</a>');
  });

  test('is the one of before when an app that is connected asks for more', async () => {
    const { browser, teo, workspace } = await teoAtBrowser(house);
    await alsoIn(house, teo);
    const first = { app, request: { scope: 'mcp time:read' }, decision: { workspace: workspace.id } };
    await connectApp(url, browser, first);
    const form = await ask(browser, { scope: 'mcp time:read time:write' });
    expect(form.workspaces.find(({ checked }) => checked)?.id).toBe(workspace.id);
    expect(form.html.match(/>new</g)).toHaveLength(1);
  });
});

describe('permissions', () => {
  const ticked = ({ scopes }: ConsentForm) => scopes.filter(({ checked }) => checked).map(({ name }) => name);

  test('mcp alone leaves the choice to the person: all that is ordinary and does something today is ticked', async () => {
    const { browser } = await teoAtBrowser(house);
    const form = await ask(browser, { scope: 'mcp' });
    expect(ticked(form)).toEqual(expect.arrayContaining(['time:read', 'time:write', 'tasks:write']));
    // E-mailing clients is offered, and never ticked by itself.
    expect(ticked(form)).not.toContain('invoices:send');
    const offered = form.scopes.map(({ name }) => name);
    expect(offered).toContain('invoices:send');
    for (const later of ['members:write', 'timesheets:write']) expect(offered).not.toContain(later);
  });

  test('what was given before and reaches others is not ticked again unless asked for by name', async () => {
    const { browser } = await teoAtBrowser(house);
    const app = await registerApp(url);
    const named = { scope: 'mcp time:read invoices:read invoices:send', resource: `${url}/mcp` };
    await connectApp(url, browser, { app, request: named });
    const form = await ask(browser, { client_id: app.client_id, scope: 'mcp stint:write' });
    expect(ticked(form)).toContain('time:read');
    expect(ticked(form)).not.toContain('invoices:send');
  });

  test('an umbrella never ticks sending or administration; a name does', async () => {
    const { browser } = await teoAtBrowser(house);
    const admin = await ask(browser, { scope: 'mcp stint:admin' });
    for (const name of [
      'invoices:send',
      'members:write',
      'rates:write',
      'timesheets:approve',
      'audit:read',
      'data:export',
      'stint:admin',
    ]) {
      expect(admin.scopes).toContainEqual({ name, checked: false });
    }
    const named = await ask(browser, { scope: 'mcp invoices:send' });
    expect(named.scopes).toEqual([
      { name: 'invoices:read', checked: true },
      { name: 'invoices:send', checked: true },
    ]);
  });

  test('what was ticked is granted, with the permission to read beside every other; what was not offered is dropped', async () => {
    const { browser, teo } = await teoAtBrowser(house);
    const decision = { scope: ['time:write', 'members:write', 'stint:admin', 'stint:write', 'cheese'] };
    const { tokens } = await connectApp(url, browser, {
      app,
      request: { scope: 'mcp stint:write' },
      decision,
    });
    expect(tokens.scope).toBe('mcp time:read time:write stint:write');
    expect((await grantsOf(house, teo))[0]).toMatchObject({
      scopes: ['mcp', 'time:read', 'time:write'],
      coarse: 'stint:write',
    });
  });

  test('nothing ticked is a no', async () => {
    const { browser, teo } = await teoAtBrowser(house);
    const form = await ask(browser);
    const target = destinationOf(await (await answer(browser, decisionOn(form, { scope: [] }))).text())!;
    expect(Object.fromEntries(target.searchParams)).toMatchObject({
      error: 'access_denied',
      state: 'the state',
      iss: url,
    });
    expect(await grantsOf(house, teo)).toEqual([]);
  });
});
