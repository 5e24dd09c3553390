import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestHouse, type ServedHouse, serveHouse, type TestHouse } from '#testing/house.ts';
import {
  alsoIn,
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
  grantsOf,
  pkce,
  redeem,
  registerApp,
  teoAtBrowser,
  type Tokens,
} from '#testing/oauth.ts';
import { call } from '#testing/people.ts';
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
const ask = async (browser: Browser, changes: Changes = {}, who = app): Promise<ConsentForm> =>
  consentForm(await browser.get(authorizeUrl(url, who, challenge, changes)));
const answer = (browser: Browser, form: URLSearchParams, headers: Record<string, string> = {}) =>
  browser.post(`${url}/oauth/consent`, form, headers);

describe('the decision', () => {
  test('a yes sends the code, the state and the issuer to the app, with a page that a strict form policy lets through', async () => {
    const { browser } = await teoAtBrowser(house);
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
    const { browser } = await teoAtBrowser(house);
    const done = await answer(browser, decisionOn(await ask(browser), { decision: 'deny' }));
    expect(destinationOf(await done.text())!.search).toContain('error_description=The%20person%20declined');
  });

  test('somebody else’s request is not there for me', async () => {
    const [ada, mallory] = [await teoAtBrowser(house), await teoAtBrowser(house)];
    const form = await ask(ada.browser);
    const own = await ask(mallory.browser);
    const stolen = decisionOn(own, { tx: form.tx });
    expect((await answer(mallory.browser, stolen)).status).toBe(400);
    expect(await grantsOf(house, mallory.teo)).toEqual([]);
  });

  test('nobody signed in is sent to sign in', async () => {
    const { browser } = await teoAtBrowser(house);
    const form = await ask(browser);
    const nobody = await browserOf(house, null);
    const sent = await answer(nobody, decisionOn(form));
    expect([sent.status, sent.headers.get('location')?.startsWith('/login')]).toEqual([303, true]);
  });

  test('another site cannot send the form', async () => {
    const { browser, teo } = await teoAtBrowser(house);
    const form = await ask(browser);
    const foreign: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of foreign)
      expect((await answer(browser, decisionOn(form), headers)).status).toBe(403);
    expect(await grantsOf(house, teo)).toEqual([]);
  });

  test('a request waits ten minutes', async () => {
    const start = Temporal.Now.instant();
    house.setNow(start);
    const { browser } = await teoAtBrowser(house);
    const form = await ask(browser);
    house.setNow(start.add({ minutes: 11 }));
    expect((await answer(browser, decisionOn(form))).status).toBe(400);
    house.setNow(null);
  });

  test('a double click makes one connection, and both answers lead back to the app', async () => {
    const { browser, teo } = await teoAtBrowser(house);
    const form = decisionOn(await ask(browser));
    const both = await Promise.all([answer(browser, form), answer(browser, form)]);
    const codes = await Promise.all(
      both.map(async (each) => destinationOf(await each.text())?.searchParams.get('code')),
    );
    expect(new Set(codes).size).toBe(1);
    expect(await grantsOf(house, teo)).toHaveLength(1);
  });

  test('a request that was answered is over once its code was used, and in any case after five seconds', async () => {
    const start = Temporal.Now.instant();
    house.setNow(start);
    const { browser } = await teoAtBrowser(house);
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
    const { browser, teo, workspace } = await teoAtBrowser(house);
    await connectApp(url, browser, { app });
    const [grant] = await grantsOf(house, teo);
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
    const { browser, teo } = await teoAtBrowser(house);
    await answer(browser, decisionOn(await ask(browser)));
    house.setNow(start.add({ seconds: 61 }));
    expect((await call<{ data: unknown[] }>(house, teo, 'connections.list')).data).toEqual([]);
    house.setNow(null);
  });
});

test('the same app connects twice, to two workspaces, and neither sign-in disturbs the other', async () => {
  const { browser, teo, workspace } = await teoAtBrowser(house);
  const other = await alsoIn(house, teo);
  const to = async (id: string): Promise<Tokens> =>
    (await connectApp(url, browser, { app, decision: { workspace: id } })).tokens;
  await to(workspace.id);
  await to(other.id);
  expect(
    (await grantsOf(house, teo)).map(({ workspace_id, revoked_at }) => [workspace_id, revoked_at]),
  ).toEqual([
    [workspace.id, null],
    [other.id, null],
  ]);
});
