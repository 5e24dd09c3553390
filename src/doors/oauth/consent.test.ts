import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operator } from '#identity/author.ts';
import { addMember } from '#identity/members.ts';
import { openTestHouse, type ServedHouse, serveHouse, type TestHouse } from '#testing/house.ts';
import {
  type App,
  authorizeUrl,
  type Browser,
  browserOf,
  callback,
  type Changes,
  connectApp,
  type ConsentForm,
  consentForm,
  decisionOn,
  destinationOf,
  pkce,
  redeem,
  registerApp,
  type Tokens,
} from '#testing/oauth.ts';
import { call, makeWorkspace, type Person } from '#testing/people.ts';
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

const { verifier, challenge } = pkce();
const someone = async (plan: 'free' | 'business' = 'business') => {
  const workspace = await makeWorkspace(house, { plan });
  return { workspace, teo: workspace.teo, browser: await browserOf(house, workspace.teo) };
};
const ask = async (browser: Browser, changes: Changes = {}, who = app): Promise<ConsentForm> =>
  consentForm(await browser.get(authorizeUrl(url, who, challenge, changes)));
const answer = (browser: Browser, form: URLSearchParams, headers: Record<string, string> = {}) =>
  browser.post(`${url}/oauth/consent`, form, headers);
const grantsOf = (person: Person) =>
  house.database.identity
    .selectFrom('oauth_grants')
    .selectAll()
    .where('user_id', '=', person.userId)
    .orderBy('id')
    .execute();
const alsoIn = async (person: Person) => {
  const other = await makeWorkspace(house);
  await addMember(house, other.slug, person.email, 'viewer', operator);
  return other;
};

describe('the page', () => {
  test('cannot be framed, cached or scripted', async () => {
    const { browser } = await someone();
    const { headers } = await browser.get(authorizeUrl(url, app, challenge));
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('content-security-policy')).toContain("form-action 'self'");
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('shows an app that registered itself as unverified, whatever it calls itself, and never loads its logo', async () => {
    const { browser } = await someone();
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
    const { browser } = await someone();
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
    const { browser, teo } = await someone();
    await connectApp(url, browser, { app });
    const form = await ask(browser);
    expect(form.tx).not.toBe('');
    expect(await grantsOf(teo)).toHaveLength(1);
  });
});

describe('the workspace', () => {
  test('is chosen by itself only where there is one', async () => {
    const { browser, teo } = await someone();
    expect((await ask(browser)).workspaces).toMatchObject([{ checked: true }]);
    await alsoIn(teo);
    expect((await ask(browser)).workspaces.map(({ checked }) => checked)).toEqual([false, false]);
  });

  test('must be chosen, and the page says so without losing the ticks', async () => {
    const { browser, teo } = await someone();
    await alsoIn(teo);
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
    const { browser, teo } = await someone();
    const free = await alsoIn(teo);
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
    const { browser, teo } = await someone();
    const foreign = await makeWorkspace(house);
    const form = await ask(browser);
    expect((await answer(browser, decisionOn(form, { workspace: foreign.id }))).status).toBe(403);
    expect(await grantsOf(teo)).toEqual([]);
  });

  test('is not asked for where none can be connected', async () => {
    const { browser } = await someone('free');
    const form = await ask(browser);
    expect(form.html).toContain('No workspace can be connected');
    expect(form.workspaces).toEqual([]);
  });

  test('is the one of before when an app that is connected asks for more', async () => {
    const { browser, teo, workspace } = await someone();
    await alsoIn(teo);
    const first = { app, request: { scope: 'mcp time:read' }, decision: { workspace: workspace.id } };
    await connectApp(url, browser, first);
    const form = await ask(browser, { scope: 'mcp time:read time:write' });
    expect(form.workspaces.find(({ checked }) => checked)?.id).toBe(workspace.id);
    expect(form.html.match(/>new</g)).toHaveLength(1);
  });
});

describe('permissions', () => {
  const ticked = ({ scopes }: ConsentForm) => scopes.filter(({ checked }) => checked).map(({ name }) => name);

  test('mcp alone leaves the choice to the person: everything ordinary is ticked, sending is not', async () => {
    const { browser } = await someone();
    const form = await ask(browser, { scope: 'mcp' });
    expect(ticked(form)).toEqual(expect.arrayContaining(['time:read', 'time:write', 'invoices:write']));
    const unticked = form.scopes.filter(({ checked }) => !checked).map(({ name }) => name);
    expect(unticked).toEqual(['invoices:send']);
    expect(form.scopes.map(({ name }) => name)).not.toContain('members:write');
  });

  test('an umbrella never ticks sending or administration; a name does', async () => {
    const { browser } = await someone();
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
    const { browser, teo } = await someone();
    const decision = { scope: ['time:write', 'members:write', 'stint:admin', 'stint:write', 'cheese'] };
    const { tokens } = await connectApp(url, browser, {
      app,
      request: { scope: 'mcp stint:write' },
      decision,
    });
    expect(tokens.scope).toBe('mcp time:read time:write stint:write');
    expect((await grantsOf(teo))[0]).toMatchObject({
      scopes: ['mcp', 'time:read', 'time:write'],
      coarse: 'stint:write',
    });
  });

  test('nothing ticked is a no', async () => {
    const { browser, teo } = await someone();
    const form = await ask(browser);
    const target = destinationOf(await (await answer(browser, decisionOn(form, { scope: [] }))).text())!;
    expect(Object.fromEntries(target.searchParams)).toMatchObject({
      error: 'access_denied',
      state: 'the state',
      iss: url,
    });
    expect(await grantsOf(teo)).toEqual([]);
  });
});

describe('the decision', () => {
  test('a yes sends the code, the state and the issuer to the app, with a page that a strict form policy lets through', async () => {
    const { browser } = await someone();
    const done = await answer(browser, decisionOn(await ask(browser)));
    expect([done.status, done.headers.get('location')]).toEqual([200, null]);
    const target = destinationOf(await done.text())!;
    expect(target.origin + target.pathname).toBe(callback);
    expect(Object.fromEntries(target.searchParams)).toEqual({
      code: expect.stringMatching(/^stint_ac_/) as unknown,
      state: 'the state',
      iss: url,
    });
  });

  test('a no sends access_denied', async () => {
    const { browser } = await someone();
    const done = await answer(browser, decisionOn(await ask(browser), { decision: 'deny' }));
    expect(destinationOf(await done.text())!.search).toContain('error_description=The%20person%20declined');
  });

  test('somebody else’s request is not there for me', async () => {
    const [ada, mallory] = [await someone(), await someone()];
    const form = await ask(ada.browser);
    const own = await ask(mallory.browser);
    const stolen = decisionOn(own, { tx: form.tx });
    expect((await answer(mallory.browser, stolen)).status).toBe(400);
    expect(await grantsOf(mallory.teo)).toEqual([]);
  });

  test('nobody signed in is sent to sign in', async () => {
    const { browser } = await someone();
    const form = await ask(browser);
    const nobody = await browserOf(house, null);
    const sent = await answer(nobody, decisionOn(form));
    expect([sent.status, sent.headers.get('location')?.startsWith('/login')]).toEqual([303, true]);
  });

  test('another site cannot send the form', async () => {
    const { browser, teo } = await someone();
    const form = await ask(browser);
    const foreign: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of foreign)
      expect((await answer(browser, decisionOn(form), headers)).status).toBe(403);
    expect(await grantsOf(teo)).toEqual([]);
  });

  test('a request waits ten minutes', async () => {
    const start = Temporal.Now.instant();
    house.setNow(start);
    const { browser } = await someone();
    const form = await ask(browser);
    house.setNow(start.add({ minutes: 11 }));
    expect((await answer(browser, decisionOn(form))).status).toBe(400);
    house.setNow(null);
  });

  test('a double click makes one connection, and both answers lead back to the app', async () => {
    const { browser, teo } = await someone();
    const form = decisionOn(await ask(browser));
    const both = await Promise.all([answer(browser, form), answer(browser, form)]);
    const codes = await Promise.all(
      both.map(async (each) => destinationOf(await each.text())?.searchParams.get('code')),
    );
    expect(new Set(codes).size).toBe(1);
    expect(await grantsOf(teo)).toHaveLength(1);
  });

  test('a request that was answered is over once its code was used, and in any case after five seconds', async () => {
    const start = Temporal.Now.instant();
    house.setNow(start);
    const { browser } = await someone();
    const form = decisionOn(await ask(browser));
    const code = destinationOf(await (await answer(browser, form)).text())!.searchParams.get('code')!;
    expect((await redeem(url, app, code, verifier)).status).toBe(200);
    expect((await answer(browser, form)).status).toBe(400);
    const other = decisionOn(await ask(browser));
    await answer(browser, other);
    house.setNow(start.add({ seconds: 6 }));
    expect((await answer(browser, other)).status).toBe(400);
    house.setNow(null);
  });

  test('a connection is written into the audit log and mailed to its owner', async () => {
    const { browser, teo, workspace } = await someone();
    await connectApp(url, browser, { app });
    const [grant] = await grantsOf(teo);
    const entry = await house.database.identity
      .selectFrom('audit_logs')
      .select(['action', 'entity_id', 'via', 'actor_user_id'])
      .where('workspace_id', '=', workspace.id)
      .orderBy('seq', 'desc')
      .executeTakeFirst();
    expect(entry).toEqual({
      action: 'connections.create',
      entity_id: grant!.id,
      via: 'session',
      actor_user_id: teo.userId,
    });
    const mail = await house.database.identity
      .selectFrom('outbox')
      .select('payload')
      .where('key', '=', `connection.created:${grant!.id}`)
      .executeTakeFirst();
    expect(mail?.payload).toMatchObject({ to: teo.email });
  });

  test('a connection whose code nobody redeems is gone after a minute', async () => {
    const start = Temporal.Now.instant();
    house.setNow(start);
    const { browser, teo } = await someone();
    await answer(browser, decisionOn(await ask(browser)));
    house.setNow(start.add({ seconds: 61 }));
    expect((await call<{ data: unknown[] }>(house, teo, 'connections.list')).data).toEqual([]);
    house.setNow(null);
  });
});

test('the same app connects twice, to two workspaces, and neither sign-in disturbs the other', async () => {
  const { browser, teo, workspace } = await someone();
  const other = await alsoIn(teo);
  const to = async (id: string): Promise<Tokens> =>
    (await connectApp(url, browser, { app, decision: { workspace: id } })).tokens;
  await to(workspace.id);
  await to(other.id);
  expect((await grantsOf(teo)).map(({ workspace_id, revoked_at }) => [workspace_id, revoked_at])).toEqual([
    [workspace.id, null],
    [other.id, null],
  ]);
});
