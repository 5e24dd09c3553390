import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestHouse, type ServedHouse, serveHouse, type TestHouse } from '#testing/house.ts';
import {
  type App,
  authorizeUrl,
  type Browser,
  browserOf,
  callback,
  type Changes,
  consentForm,
  pkce,
  redeem,
  registerApp,
  approvedCode,
} from '#testing/oauth.ts';
import { makeWorkspace } from '#testing/people.ts';
import { oauthDoor } from './door.ts';

let house: TestHouse;
let served: ServedHouse;
let url: string;
let teo: Browser;
let app: App;
const { challenge } = pkce();

beforeAll(async () => {
  house = await openTestHouse();
  served = await serveHouse(house, [oauthDoor]);
  url = served.url;
  teo = await browserOf(house, (await makeWorkspace(house)).teo);
  app = await registerApp(url);
});
afterAll(() => served.close());

const ask = (changes: Changes = {}, who: App = app) => teo.get(authorizeUrl(url, who, challenge, changes));

describe('until client and redirect URI are proved, nothing is sent anywhere', () => {
  const refused: [string, Changes][] = [
    ['an unknown client', { client_id: 'app_unknown' }],
    ['no client', { client_id: undefined }],
    ['another path', { redirect_uri: 'http://127.0.0.1:33418/other' }],
    ['a dot segment', { redirect_uri: 'http://127.0.0.1:33418/x/../callback' }],
    ['a host that begins like loopback', { redirect_uri: 'http://127.0.0.1.evil.example/callback' }],
    ['user name and host', { redirect_uri: 'http://127.0.0.1:33418@evil.example/callback' }],
    ['localhost for 127.0.0.1', { redirect_uri: 'http://localhost:33418/callback' }],
    ['https for http', { redirect_uri: 'https://127.0.0.1:33418/callback' }],
    ['a query more', { redirect_uri: `${callback}?next=1` }],
    ['a fragment', { redirect_uri: `${callback}#x` }],
    ['two redirect URIs', { redirect_uri: [callback, callback] }],
    ['two states', { state: ['a', 'b'] }],
    ['a state of 10 KB', { state: 'x'.repeat(10_000) }],
  ];
  test.each(refused)('%s is answered with a page and 400', async (_, changes) => {
    const answer = await ask(changes);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('location')).toBeNull();
    expect(answer.headers.get('content-type')).toContain('text/html');
  });

  test.each([
    ['that is not registered is forgotten in the app', 'app_unknown', true],
    ['whose document cannot be read tries again, for nothing is registered', 'https://127.0.0.1/app', false],
  ])('a client %s', async (_, client_id, forgets) => {
    const text = await (await ask({ client_id })).text();
    expect(text.includes('old registration')).toBe(forgets);
    expect(text.includes('Start again from inside it')).toBe(!forgets);
  });

  test('two client ids are refused', async () => {
    const answer = await teo.get(`${authorizeUrl(url, app, challenge)}&client_id=other`);
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
  });

  test('an https redirect URI must be written exactly as registered', async () => {
    const registered = 'https://app.example/cb';
    const web = await registerApp(url, { redirect_uris: [registered] });
    expect((await ask({}, web)).status).toBe(200);
    for (const other of [
      'https://app.example:8443/cb',
      'https://app.example/cb?x=1',
      'https://app.example/cb/',
      'https://APP.example/cb',
      'https://app.example/%63b',
      'https://app.example/%2e/cb',
    ]) {
      const answer = await ask({ redirect_uri: other }, web);
      expect([other, answer.status, answer.headers.get('location')]).toEqual([other, 400, null]);
    }
  });

  test('a redirect URI can be left out only where one is registered', async () => {
    expect((await ask({ redirect_uri: undefined })).status).toBe(200);
    const two = await registerApp(url, { redirect_uris: [callback, 'cursor://app/callback'] });
    expect((await ask({ redirect_uri: undefined }, two)).status).toBe(400);
  });

  test('any port on loopback is the same app', async () => {
    expect((await ask({ redirect_uri: 'http://127.0.0.1:50123/callback' })).status).toBe(200);
    const portless = await registerApp(url, { redirect_uris: ['http://localhost/callback'] });
    expect((await ask({ redirect_uri: 'http://localhost:50123/callback' }, portless)).status).toBe(200);
  });
});

describe('what is wrong with a request from a proved client is told at its redirect URI, with state and issuer', () => {
  const problems: [string, Changes, string][] = [
    ['no code_challenge', { code_challenge: undefined }, 'invalid_request'],
    ['plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['PKCE without a method, which would be plain', { code_challenge_method: undefined }, 'invalid_request'],
    ['a short code_challenge', { code_challenge: 'short' }, 'invalid_request'],
    ['the implicit grant', { response_type: 'token' }, 'unsupported_response_type'],
    ['an answer in the fragment', { response_mode: 'fragment' }, 'invalid_request'],
    ['a request object', { request: 'eyJhbGciOiJub25lIn0.e30.' }, 'request_not_supported'],
    ['a request object elsewhere', { request_uri: 'https://evil.example/r' }, 'request_uri_not_supported'],
    ['a foreign resource', { resource: 'https://evil.example/mcp' }, 'invalid_target'],
    ['two resources', { resource: ['http://localhost/mcp', 'http://localhost/api'] }, 'invalid_target'],
    ['scopes that do not exist', { scope: 'everything root' }, 'invalid_scope'],
    ['silence (prompt=none)', { prompt: 'none' }, 'consent_required'],
  ];
  test.each(problems)('%s', async (_, changes, error) => {
    const answer = await ask(changes);
    expect(answer.status).toBe(303);
    const target = new URL(answer.headers.get('location')!);
    expect(target.origin + target.pathname).toBe(callback);
    expect(Object.fromEntries(target.searchParams)).toMatchObject({ error, state: 'the state', iss: url });
    // Codex shows a plus sign as it is.
    expect(target.search).not.toContain('+');
  });

  test('silence where nobody is signed in is login_required', async () => {
    const nobody = await browserOf(house, null);
    const answer = await nobody.get(authorizeUrl(url, app, challenge, { prompt: 'none' }));
    expect(new URL(answer.headers.get('location')!).searchParams.get('error')).toBe('login_required');
  });

  test('a state with line breaks splits no header', async () => {
    const answer = await ask({ response_type: 'token', state: 'a\r\nSet-Cookie: x=1' });
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(new URL(answer.headers.get('location')!).searchParams.get('state')).toBe('a\r\nSet-Cookie: x=1');
  });
});

test('the resource is understood in every spelling that clients use', async () => {
  const upper = url.replace('localhost', 'LOCALHOST');
  for (const resource of [
    `${url}/mcp`,
    `${url}/mcp/`,
    url,
    `${url}/`,
    `${upper}/mcp`,
    `${url}/mcp?toolsets=time`,
    undefined,
  ]) {
    const answer = await ask({ resource });
    expect([resource, answer.status]).toEqual([resource, 200]);
    expect(await answer.text()).toContain('the MCP server');
  }
  expect(await (await ask({ resource: `${url}/api` })).text()).toContain('the REST API');
});

test('unknown scopes beside known ones are passed over, and offline_access always', async () => {
  const form = await consentForm(await ask({ scope: 'mcp time:read offline_access cheese' }));
  expect(form.scopes).toEqual([{ name: 'time:read', checked: true }]);
});

test('a state of 5,000 characters comes back whole', async () => {
  const state = randomBytes(2500).toString('hex');
  const form = await consentForm(await ask({ state }));
  const answer = await teo.post(
    `${url}/oauth/consent`,
    new URLSearchParams({ tx: form.tx, decision: 'deny' }),
  );
  expect(await answer.text()).toContain(state);
});

test('somebody who is not signed in signs in and comes back to the same request', async () => {
  const nobody = await browserOf(house, null);
  const long = await nobody.get(authorizeUrl(url, app, challenge, { state: 's'.repeat(5000) }));
  expect(long.status).toBe(303);
  const target = new URL(long.headers.get('location')!, url);
  expect(target.pathname).toBe('/login');
  const back = target.searchParams.get('return_to')!;
  expect(back).toMatch(/^\/oauth\/authorize\?tx=stint_tx_[\w-]{43}$/);
  const form = await consentForm(await teo.get(`${url}${back}`));
  expect(form.workspaces).toHaveLength(1);
  // The first session that comes binds it: to another one it does not exist.
  const other = await browserOf(house, (await makeWorkspace(house)).teo);
  expect((await other.get(`${url}${back}`)).status).toBe(400);
});

test('prompt=login asks for the password again even of somebody who is signed in', async () => {
  const answer = await ask({ prompt: 'login' });
  const target = new URL(answer.headers.get('location')!, url);
  expect([target.pathname, target.searchParams.get('again')]).toEqual(['/login', '1']);
  // Coming back with the session from before leads to the sign-in again.
  const back = await teo.get(`${url}${target.searchParams.get('return_to')!}`);
  expect(new URL(back.headers.get('location')!, url).pathname).toBe('/login');
});

describe('at the token endpoint', () => {
  const { verifier, challenge: own } = pkce();
  const code = (request: Changes = {}) => approvedCode(url, teo, app, own, { request });
  const errorOf = async (answer: Response) => [
    answer.status,
    ((await answer.json()) as { error: string }).error,
  ];

  test('the code is good once, and its second use ends the connection', async () => {
    const used = await code();
    const first = await redeem(url, app, used, verifier);
    const { refresh_token } = (await first.json()) as { refresh_token: string };
    expect(await errorOf(await redeem(url, app, used, verifier))).toEqual([400, 'invalid_grant']);
    const refreshed = await fetch(`${url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'refresh_token', client_id: app.client_id, refresh_token }),
    });
    expect(await errorOf(refreshed)).toEqual([400, 'invalid_grant']);
  });

  test('of ten parallel redemptions exactly one succeeds', async () => {
    const used = await code();
    const answers = await Promise.all(Array.from({ length: 10 }, () => redeem(url, app, used, verifier)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test('what is wrong is refused and does not spend the code', async () => {
    const good = await code();
    const other = await registerApp(url);
    const wrong: [Changes, string][] = [
      [{ code_verifier: pkce().verifier }, 'invalid_grant'],
      [{ code_verifier: undefined }, 'invalid_grant'],
      [{ redirect_uri: 'http://127.0.0.1:1/callback' }, 'invalid_grant'],
      [{ client_id: other.client_id }, 'invalid_grant'],
      [{ resource: 'https://evil.example/mcp' }, 'invalid_target'],
      [{ resource: `${url}/api` }, 'invalid_target'],
      [{ resource: [`${url}/mcp`, `${url}/mcp/`] }, 'invalid_target'],
      [{ grant_type: 'password' }, 'unsupported_grant_type'],
      [{ grant_type: ['authorization_code', 'authorization_code'] }, 'invalid_request'],
    ];
    for (const [changes, error] of wrong) {
      expect([changes, ...(await errorOf(await redeem(url, app, good, verifier, changes)))]).toEqual([
        changes,
        400,
        error,
      ]);
    }
    expect((await redeem(url, app, good, verifier)).status).toBe(200);
  });

  test('a code is too old after a minute', async () => {
    const start = Temporal.Now.instant();
    house.setNow(start);
    const late = await code();
    house.setNow(start.add({ seconds: 61 }));
    expect(await errorOf(await redeem(url, app, late, verifier))).toEqual([400, 'invalid_grant']);
    house.setNow(null);
  });
});
