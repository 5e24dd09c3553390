import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestHouse, type ServedHouse, serveHouse, type TestHouse } from '#testing/house.ts';
import { type App, browserOf, type Changes, connectApp, postForm, registerApp } from '#testing/oauth.ts';
import { makeWorkspace } from '#testing/people.ts';
import { oauthDoor } from './door.ts';

let house: TestHouse;
let served: ServedHouse;
let url: string;
beforeAll(async () => {
  house = await openTestHouse();
  served = await serveHouse(house, [oauthDoor]);
  url = served.url;
});
afterAll(() => served.close());

const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
});
const token = async (values: Changes, headers: Record<string, string> = {}) => {
  const answer = await postForm(`${url}/oauth/token`, { grant_type: 'refresh_token', ...values }, headers);
  const body = (await answer.json()) as { error?: string };
  return { status: answer.status, error: body.error, headers: answer.headers };
};
/** Past the client's proof the unknown refresh token is what is wrong. */
const proved = { status: 400, error: 'invalid_grant' };
const refused = { status: 401, error: 'invalid_client' };
const refresh_token = `stint_rt_${'x'.repeat(43)}`;

describe('an app with a secret', () => {
  let app: App;
  let id: string;
  let secret: string;
  beforeAll(async () => {
    app = await registerApp(url, { token_endpoint_auth_method: 'client_secret_basic' });
    [id, secret] = [app.client_id, app.client_secret!];
  });

  test('proves itself in the header or in the form', async () => {
    expect(await token({ refresh_token }, basic(id, secret))).toMatchObject(proved);
    expect(await token({ refresh_token, client_id: id, client_secret: secret })).toMatchObject(proved);
  });

  test('is refused without its secret, with a wrong one, and with two proofs', async () => {
    expect(await token({ refresh_token, client_id: id })).toMatchObject(refused);
    const wrong = await token({ refresh_token }, basic(id, 'wrong'));
    expect(wrong).toMatchObject(refused);
    expect(wrong.headers.get('www-authenticate')).toContain('Basic');
    const both = await token({ refresh_token, client_id: id, client_secret: secret }, basic(id, secret));
    expect(both).toMatchObject({ status: 400, error: 'invalid_request' });
  });

  test('alone may introspect', async () => {
    const open = await registerApp(url);
    const asked = await postForm(`${url}/oauth/introspect`, {
      token: refresh_token,
      client_id: open.client_id,
    });
    expect(asked.status).toBe(401);
    const answer = await postForm(`${url}/oauth/introspect`, { token: refresh_token }, basic(id, secret));
    expect(await answer.json()).toEqual({ active: false });
  });

  test('sees nothing of another app’s tokens', async () => {
    const { teo } = await makeWorkspace(house);
    const { tokens } = await connectApp(url, await browserOf(house, teo));
    const answer = await postForm(
      `${url}/oauth/introspect`,
      { token: tokens.access_token },
      basic(id, secret),
    );
    expect(await answer.json()).toEqual({ active: false });
  });
});

test('an app that nobody knows is told so, for then it registers again by itself', async () => {
  expect(await token({ refresh_token, client_id: 'app_unknown' })).toMatchObject(refused);
  expect(await token({ refresh_token })).toMatchObject(refused);
});

test('a public app is taken at its word, with a stray bearer or an empty secret too, but not with a made-up one', async () => {
  const { client_id } = await registerApp(url);
  expect(await token({ refresh_token, client_id })).toMatchObject(proved);
  expect(await token({ refresh_token, client_id }, { authorization: 'Bearer stint_pat_x' })).toMatchObject(
    proved,
  );
  expect(await token({ refresh_token }, basic(client_id, ''))).toMatchObject(proved);
  expect(await token({ refresh_token, client_id, client_secret: 'made up' })).toMatchObject(refused);
});

describe('an app with a key', () => {
  const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
  let id: string;
  let key: CryptoKey;
  let jwk: object;
  beforeAll(async () => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    key = pair.privateKey;
    jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256' };
    id = (await registerApp(url, { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] } }))
      .client_id;
  });
  let number = 0;
  const claims = (changes: object = {}) => {
    const now = Math.floor(Temporal.Now.instant().epochMilliseconds / 1000);
    return {
      iss: id,
      sub: id,
      aud: url,
      iat: now,
      exp: now + 60,
      jti: `assertion ${(number += 1)}`,
      ...changes,
    };
  };
  const signed = (changes: object = {}, by: CryptoKey | Uint8Array = key, alg = 'ES256') =>
    new SignJWT(claims(changes)).setProtectedHeader({ alg, kid: 'k1' }).sign(by);
  const prove = (client_assertion: string, more: Changes = {}) =>
    token({ refresh_token, client_assertion_type: type, client_assertion, ...more });

  test('proves itself by an assertion for this issuer, or for the token endpoint', async () => {
    expect(await prove(await signed())).toMatchObject(proved);
    expect(await prove(await signed({ aud: `${url}/oauth/token` }), { client_id: id })).toMatchObject(proved);
  });

  test('is refused with an assertion that is old, lives too long, is for another, or by another', async () => {
    const now = Math.floor(Temporal.Now.instant().epochMilliseconds / 1000);
    const stranger = (await generateKeyPair('ES256')).privateKey;
    const bad = [
      await signed({ exp: now - 1 }),
      await signed({ exp: now + 3600 }),
      await signed({ aud: 'https://elsewhere.example' }),
      await signed({ aud: [url, 'https://elsewhere.example'] }),
      await signed({ sub: 'app_other', iss: 'app_other' }),
      await signed({ jti: undefined }),
      await signed({ nbf: now + 600 }),
      await signed({}, stranger),
      await signed({}, new TextEncoder().encode(JSON.stringify(jwk)), 'HS256'),
      new UnsecuredJWT(claims()).encode(),
      'not.a.jwt',
    ];
    for (const assertion of bad) expect(await prove(assertion, { client_id: id })).toMatchObject(refused);
  });

  test('is refused the second time with the same assertion', async () => {
    const once = await signed();
    expect(await prove(once)).toMatchObject(proved);
    expect(await prove(once)).toMatchObject(refused);
  });

  test('has its keys fetched from public addresses only', async () => {
    const inside = await registerApp(url, {
      token_endpoint_auth_method: 'private_key_jwt',
      jwks_uri: 'https://169.254.169.254/keys.json',
    });
    const assertion = await signed({ iss: inside.client_id, sub: inside.client_id });
    expect(await prove(assertion, { client_id: inside.client_id })).toMatchObject(refused);
  });

  test('never gets away without one', async () => {
    expect(await token({ refresh_token, client_id: id })).toMatchObject(refused);
    const wrongType = { refresh_token, client_assertion: await signed(), client_assertion_type: 'other' };
    expect(await token(wrongType)).toMatchObject(refused);
  });
});
