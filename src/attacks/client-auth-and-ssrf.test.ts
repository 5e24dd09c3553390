import { createServer, type Server } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { guardedFetch } from '#identity/oauth-fetch.ts';
import { type OpenHouse, serveEveryDoor } from '#testing/every-door.ts';
import { type Changes, postForm, registerApp } from '#testing/oauth.ts';

// Something that listens inside: nobody outside may make Stint reach it.
let inside: Server;
let port: number;
let reached = 0;
let open: OpenHouse;
let url: string;
beforeAll(async () => {
  inside = createServer((socket) => {
    reached += 1;
    socket.destroy();
  });
  await new Promise<void>((listening) => inside.listen(0, '127.0.0.1', listening));
  port = (inside.address() as { port: number }).port;
  open = await serveEveryDoor(
    {},
    guardedFetch({ lookup: (_name, _options, found) => found(null, [{ address: '127.0.0.1', family: 4 }]) }),
  );
  url = open.url;
});
afterAll(async () => {
  inside.close();
  await open.close();
});

const refresh_token = `stint_rt_${'x'.repeat(43)}`;
const token = async (values: Changes, headers: Record<string, string> = {}) => {
  const answer = await postForm(
    `${url}/oauth/token`,
    { grant_type: 'refresh_token', refresh_token, ...values },
    headers,
  );
  return { status: answer.status, text: await answer.text() };
};
const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});
const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** What an app sends that proves itself by its key. */
const assertion = async (client_id: string, key: CryptoKey): Promise<Changes> => ({
  client_id,
  client_assertion_type: type,
  client_assertion: await new SignJWT({ jti: 'once' })
    .setProtectedHeader({ alg: 'ES256' })
    .setIssuer(client_id)
    .setSubject(client_id)
    .setAudience(url)
    .setExpirationTime('1m')
    .sign(key),
});

test('94 a wrong secret, an unknown app and an app that has no secret are answered in the same words', async () => {
  const closed = await registerApp(url, { token_endpoint_auth_method: 'client_secret_post' });
  const without = await registerApp(url);
  const answers = [];
  for (const client_id of [closed.client_id, 'app_unknown', without.client_id]) {
    for (const client_secret of ['wrong', `stint_cs_${'x'.repeat(43)}`]) {
      answers.push(await token({ client_id, client_secret }));
    }
  }
  expect(answers[0]).toMatchObject({
    status: 401,
    text: expect.stringContaining('invalid_client') as string,
  });
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
});

test('95 two proofs are one too many, whichever two', async () => {
  const app = await registerApp(url, { token_endpoint_auth_method: 'client_secret_post' });
  const own = { client_id: app.client_id, client_secret: app.client_secret };
  const attempts = [
    await token(own, basic(app.client_id, app.client_secret!)),
    await token({ ...own, client_assertion_type: type, client_assertion: 'a.b.c' }),
    await token({ client_id: app.client_id }, basic('app_other', app.client_secret!)),
    await token({ ...own, client_id: [app.client_id, 'app_other'] }),
  ];
  for (const attempt of attempts) {
    expect(attempt).toMatchObject({
      status: 400,
      text: expect.stringContaining('invalid_request') as string,
    });
  }
});

test('97 keys that are none make an assertion invalid, not trouble of ours', async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(publicKey);
  for (const keys of [
    [{ kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' }],
    [{ kty: 'EC', crv: 'P-256', x: jwk.x, y: jwk.x }],
    [{ kty: 'EC', crv: 'nonsense', x: jwk.x, y: jwk.y }],
    [{ kty: 'RSA', n: 'AQAB', e: 'AQAB' }],
    [{ kty: 'nonsense' }],
    [{}],
    [],
    [jwk, jwk],
  ]) {
    const { client_id } = await registerApp(url, {
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys },
    });
    const answer = await token(await assertion(client_id, privateKey));
    expect([keys, answer.status]).toEqual([keys, 401]);
  }
  expect(open.house.logged).toEqual([]);
});

test('99 a client id leads nowhere inside, through the door and however it is written', async () => {
  for (const id of [
    `https://127.0.0.1:${port}/c.json`,
    `https://2130706433:${port}/c.json`,
    `https://0x7f.1:${port}/c.json`,
    `https://[::1]:${port}/c.json`,
    `https://[::ffff:127.0.0.1]:${port}/c.json`,
    `https://localhost:${port}/c.json`,
    `https://app.example:${port}/c.json`,
    `https://user@127.0.0.1:${port}/c.json`,
    `http://127.0.0.1:${port}/c.json`,
    `HTTPS://127.0.0.1:${port}/c.json`,
  ]) {
    const answer = await fetch(`${url}/oauth/authorize?client_id=${encodeURIComponent(id)}`, {
      redirect: 'manual',
    });
    expect([id, answer.status, answer.headers.get('location')]).toEqual([id, 400, null]);
  }
  expect(reached).toBe(0);
});

test('106 the address of a client’s keys is guarded like the address of its document', async () => {
  const { privateKey } = await generateKeyPair('ES256');
  for (const jwks_uri of [
    `https://127.0.0.1:${port}/keys`,
    `https://localhost:${port}/keys`,
    `https://app.example:${port}/keys`,
    `http://127.0.0.1:${port}/keys`,
    'file:///etc/passwd',
  ]) {
    const { client_id } = await registerApp(url, { token_endpoint_auth_method: 'private_key_jwt', jwks_uri });
    const answer = await token(await assertion(client_id, privateKey));
    expect([jwks_uri, answer.status]).toEqual([jwks_uri, 401]);
  }
  expect(reached).toBe(0);
});

test('117 one app that guesses shuts out no other, however each proves itself', async () => {
  const [guesser, other] = [
    await registerApp(url, { token_endpoint_auth_method: 'client_secret_basic' }),
    await registerApp(url, { token_endpoint_auth_method: 'client_secret_basic' }),
  ];
  for (let number = 1; number <= 60; number += 1) {
    expect((await token({}, basic(guesser.client_id, 'wrong'))).status).toBe(401);
  }
  expect((await token({}, basic(guesser.client_id, guesser.client_secret!))).status).toBe(429);
  expect((await token({}, basic(other.client_id, other.client_secret!))).status).toBe(400);
});
