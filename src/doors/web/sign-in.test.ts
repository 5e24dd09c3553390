import { randomBytes } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { setDisabled } from '#identity/accounts.ts';
import { operator } from '#identity/author.ts';
import { makeWorkspace, password } from '#testing/people.ts';
import { visit, type Visit } from '#testing/visitor.ts';
import { elsewhere, serveWeb } from '#testing/web-house.ts';
import { webDoor } from './door.ts';

const web = await serveWeb();
const { house, url } = web;
afterAll(() => web.close());

const someone = () => `someone-${randomBytes(6).toString('hex')}@example.com`;
const signUpForm = {
  name: 'Mara Lind',
  password,
  timezone: 'Europe/Berlin',
  currency: 'EUR',
  week_start: '1',
};

describe('signing in', () => {
  test('starts a session and goes on to where somebody was going', async () => {
    const { mara } = await makeWorkspace(house);
    const visitor = visit(url);
    const stopped = await visitor.get('/account/tokens');
    expect([stopped.status, stopped.location]).toEqual([303, '/login?return_to=%2Faccount%2Ftokens']);
    expect((await visitor.get(stopped.location!)).text).toContain('name="return_to" value="/account/tokens"');
    const done = await visitor.post(
      '/login',
      { email: mara.email.toUpperCase(), password, return_to: '/account/tokens' },
      elsewhere(),
    );
    expect([done.status, done.location]).toEqual([303, '/account/tokens']);
    expect(done.headers.get('set-cookie')).toMatch(
      /^stint=stint_se_[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    expect((await visitor.get('/account/tokens')).text).toContain('API tokens');
    const again = await visitor.get('/login?return_to=/account');
    expect([again.status, again.location]).toEqual([303, '/account']);
    expect((await visitor.get('/login?again=1')).status).toBe(200);
  });

  test.each(['//evil.example', '/\\evil.example', 'https://evil.example', '/\t/evil.example'])(
    'never goes on to another site: %j leads home',
    async (evil) => {
      const { mara } = await makeWorkspace(house);
      const done = await visit(url).post(
        '/login',
        { email: mara.email, password, return_to: evil },
        elsewhere(),
      );
      expect([done.status, done.location]).toEqual([303, '/']);
    },
  );

  test('gives a new session each time; the one that the browser came with is dead', async () => {
    const { mara } = await makeWorkspace(house);
    const visitor = visit(url);
    await visitor.post('/login', { email: mara.email, password }, elsewhere());
    const old = visitor.cookies.get('stint')!;
    await visitor.post('/login', { email: mara.email, password }, elsewhere());
    expect(visitor.cookies.get('stint')).not.toBe(old);
    const thief = visit(url);
    thief.cookies.set('stint', old);
    expect((await thief.get('/account')).status).toBe(303);
    const planted = visit(url);
    planted.cookies.set('stint', `stint_se_${'A'.repeat(43)}`);
    await planted.post('/login', { email: mara.email, password }, elsewhere());
    expect(planted.cookies.get('stint')).not.toContain('AAAA');
  });

  test('says the same to a wrong password and to an unknown address', async () => {
    const { mara } = await makeWorkspace(house);
    const answers = [];
    for (const email of [mara.email, someone()]) {
      const { status, text } = await visit(url).post(
        '/login',
        { email, password: 'not the password' },
        elsewhere(),
      );
      answers.push([status, text.replaceAll(email, 'EMAIL')]);
    }
    expect(answers[0]![0]).toBe(403);
    expect(answers[0]).toEqual(answers[1]);
  });

  test('the eleventh bad password is answered 429 with how long to wait, for known and unknown addresses alike', async () => {
    const { mara } = await makeWorkspace(house);
    const last = [];
    for (const email of [mara.email, someone()]) {
      let answer: Visit | undefined;
      for (let attempt = 1; attempt <= 11; attempt += 1) {
        answer = await visit(url).post('/login', { email, password: 'not the password' }, elsewhere());
      }
      last.push([answer!.status, answer!.text.replaceAll(email, 'EMAIL')]);
      expect(Number(answer!.headers.get('retry-after'))).toBeGreaterThan(800);
    }
    expect(last[0]![0]).toBe(429);
    expect(last[0]).toEqual(last[1]);
  });

  test('a disabled account is out at once, is told why, and is back when enabled', async () => {
    const { mara } = await makeWorkspace(house);
    const visitor = visit(url);
    await visitor.post('/login', { email: mara.email, password }, elsewhere());
    await setDisabled(house, mara.email, true, operator);
    expect((await visitor.get('/account')).status).toBe(303);
    const refused = await visitor.post('/login', { email: mara.email, password }, elsewhere());
    expect(refused.text).toContain('This account is disabled.');
    await setDisabled(house, mara.email, false, operator);
    expect((await visitor.post('/login', { email: mara.email, password }, elsewhere())).status).toBe(303);
  });

  test('signing out ends the session, not only the cookie', async () => {
    const { mara } = await makeWorkspace(house);
    const visitor = visit(url);
    await visitor.post('/login', { email: mara.email, password }, elsewhere());
    const secret = visitor.cookies.get('stint')!;
    expect((await visitor.post('/logout')).location).toBe('/login?notice=signed_out');
    expect(visitor.cookies.has('stint')).toBe(false);
    visitor.cookies.set('stint', secret);
    expect((await visitor.get('/account')).status).toBe(303);
  });

  test('over https the cookie is bound to the host and never sent in the clear', async () => {
    const { mara } = await makeWorkspace(house);
    const secure = webDoor(
      Object.assign(Object.create(house) as typeof house, { publicUrl: 'https://stint.example' }),
    );
    const answer = await secure.request('https://stint.example/login', {
      method: 'POST',
      body: new URLSearchParams({ email: mara.email, password }),
      headers: elsewhere(),
    });
    expect(answer.headers.get('set-cookie')).toMatch(
      /^__Host-stint=stint_se_[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });
});

describe('signing up', () => {
  test('ends at the sign-in form, and the account works', async () => {
    const visitor = visit(url);
    const email = someone();
    const done = await visitor.post('/signup', { ...signUpForm, email, return_to: '/account' }, elsewhere());
    expect(done.status).toBe(200);
    expect(done.text).toContain('Your account is ready.');
    expect(done.text).toContain('name="return_to" value="/account"');
    expect(
      (await visitor.post('/login', { email, password, return_to: '/account' }, elsewhere())).location,
    ).toBe('/account');
    expect((await visitor.get('/')).text).toContain('Mara Lind’s workspace');
  });

  test('answers a taken address exactly like a free one', async () => {
    const email = someone();
    const first = await visit(url).post('/signup', { ...signUpForm, email }, elsewhere());
    const second = await visit(url).post(
      '/signup',
      { ...signUpForm, email, password: 'a password of somebody else' },
      elsewhere(),
    );
    expect([second.status, second.text]).toEqual([first.status, first.text]);
    expect(second.headers.getSetCookie()).toEqual([]);
  });

  test('shows what is wrong beside the field, and keeps what was typed but the password', async () => {
    const refused = await visit(url).post(
      '/signup',
      { ...signUpForm, name: 'Zoë "Z" <b>', email: someone(), password: 'short' },
      elsewhere(),
    );
    expect(refused.status).toBe(422);
    expect(refused.text).toMatch(/id="password-error">The password needs at least 10 characters/);
    expect(refused.text).toContain('value="Zoë &quot;Z&quot; &lt;b&gt;"');
    expect(refused.text).not.toContain('short');
  });

  test.each([
    ['de-DE,de;q=0.9', 'Europe/Berlin', 'EUR', '1'],
    ['en-US,en;q=0.5', 'America/New_York', 'USD', '0'],
    ['ja', 'Asia/Tokyo', 'JPY', '0'],
    ['nonsense!', 'UTC', 'EUR', '1'],
  ])('guesses zone, currency and week from the languages %s', async (languages, zone, currency, week) => {
    const { text } = await visit(url).get('/signup', { 'accept-language': languages });
    for (const value of [zone, currency, week]) expect(text).toContain(`<option value="${value}" selected>`);
  });
});

describe('forms from elsewhere', () => {
  const attacks: [string, Record<string, string>][] = [
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['another site in an old browser', { origin: 'https://evil.example' }],
    ['another port of this machine', { 'sec-fetch-site': 'same-site', origin: 'http://localhost:1' }],
    ['a sandboxed frame', { origin: 'null' }],
  ];
  test.each(attacks)('a form sent from %s does nothing', async (_name, headers) => {
    const { mara } = await makeWorkspace(house);
    const visitor = visit(url);
    await visitor.post('/login', { email: mara.email, password }, elsewhere());
    for (const path of [
      '/login',
      '/signup',
      '/logout',
      '/workspaces',
      '/account/profile',
      '/account/password',
      '/account/sign-out-everywhere',
      '/account/tokens',
      '/account/integrations/disconnect-all',
    ]) {
      const refused = await visitor.post(
        path,
        { email: mara.email, password, name: 'Mallory' },
        { ...elsewhere(), ...headers },
      );
      expect([path, refused.status]).toEqual([path, 403]);
      expect(refused.text).toContain('sent from another address');
    }
    expect((await visitor.get('/account')).text).toContain('value="Mara"');
  });

  test('the house’s own forms pass', async () => {
    const { mara } = await makeWorkspace(house);
    const own = { 'sec-fetch-site': 'same-origin', origin: url, ...elsewhere() };
    expect((await visit(url).post('/login', { email: mara.email, password }, own)).status).toBe(303);
  });
});

test('every page is strict: no scripts, no frames, no cache, and the stylesheet is the only thing it loads', async () => {
  const { mara } = await makeWorkspace(house);
  const visitor = visit(url);
  const pages = [
    await visitor.get('/'),
    await visitor.get('/login'),
    await visitor.get('/signup'),
    await visitor.get('/nothing'),
  ];
  await visitor.post('/login', { email: mara.email, password }, elsewhere());
  for (const path of ['/', '/account', '/account/integrations', '/account/tokens'])
    pages.push(await visitor.get(path));
  for (const { headers, text } of pages) {
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    );
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
    });
    expect(text).not.toMatch(/<script|style=|onclick/i);
    const sheet = /href="(\/assets\/[^"]+\.css)"/.exec(text)?.[1];
    expect((await visitor.get(sheet!)).headers.get('cache-control')).toContain('immutable');
  }
});

test('what nobody knows is a page for people and JSON for programs', async () => {
  const visitor = visit(url);
  const forPeople = await visitor.get('/nothing/here');
  expect([forPeople.status, forPeople.headers.get('content-type')]).toEqual([
    404,
    'text/html; charset=UTF-8',
  ]);
  expect(forPeople.text).toContain('Go to the start page');
  const forPrograms = await visitor.get('/.well-known/unknown', { accept: '*/*' });
  expect(forPrograms.status).toBe(404);
  expect(JSON.parse(forPrograms.text)).toMatchObject({
    error: { code: 'not_found', message: 'Resource not found' },
  });
});

test('at another name of this machine, a page leads to the one name of the house', async () => {
  const elsewhereUrl = url.replace('localhost', '127.0.0.1');
  const { status, location } = await visit(elsewhereUrl).get('/account?x=1');
  expect([status, location]).toEqual([307, `${url}/account?x=1`]);
});

test('a form that is far too long is refused', async () => {
  expect((await visit(url).post('/login', { email: 'x'.repeat(70_000) }, elsewhere())).status).toBe(422);
});
