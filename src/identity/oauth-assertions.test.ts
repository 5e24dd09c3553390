import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { testDatabase } from '#testing/database.ts';
import { assertionChecker } from './oauth-assertions.ts';
import type { OauthClient } from './oauth-clients.ts';

const publicUrl = 'https://stint.example';
const start = Temporal.Instant.from('2026-10-05T10:00:00Z');
const client: OauthClient = {
  id: 'app_keys',
  kind: 'dcr',
  name: 'Keys',
  redirectUris: [],
  authMethods: ['private_key_jwt'],
  secretHash: null,
  jwks: null,
  jwksUri: 'https://app.example/keys',
  publisher: null,
  freshUntil: null,
};

const checker = async () => {
  const keys: { kid: string; key: CryptoKey; jwk: object }[] = [];
  let fetched = 0;
  const rotate = async (kid: string) => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    keys.splice(0, 1, { kid, key: privateKey, jwk: { ...(await exportJWK(publicKey)), kid } });
  };
  await rotate('first');
  const check = assertionChecker({ database: await testDatabase(), publicUrl }, () => {
    fetched += 1;
    return Promise.resolve({
      body: JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }),
      maxAgeSeconds: null,
    });
  });
  const signed = (kid: string, now: Temporal.Instant) =>
    new SignJWT({ jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: 'ES256', kid })
      .setIssuer(client.id)
      .setSubject(client.id)
      .setAudience(publicUrl)
      .setExpirationTime(now.epochMilliseconds / 1000 + 60)
      .sign(keys[0]!.key);
  const claim = async (kid: string, address: string, now: Temporal.Instant) =>
    check(client, await signed(kid, now), address, now);
  return { check, signed, claim, rotate, fetched: () => fetched };
};

test('key ids that a stranger makes up keep nobody else from fetching the keys', async () => {
  const { claim, rotate, fetched } = await checker();
  await claim('first', '198.51.100.1', start);
  for (let time = 0; time < 10; time += 1) {
    await expect(claim(`made up ${time}`, '203.0.113.5', start)).rejects.toMatchObject({
      oauthCode: time < 3 ? 'invalid_client' : 'temporarily_unavailable',
    });
  }
  expect(fetched()).toBe(4);
  await rotate('second');
  await claim('second', '198.51.100.1', start);
  await claim('second', '198.51.100.1', start.add({ minutes: 6 }));
  expect(fetched()).toBe(6);
});

test('however many strangers make up key ids, its keys are not fetched without end, and are when they are old', async () => {
  const { claim, fetched } = await checker();
  await claim('first', '198.51.100.1', start);
  for (let time = 0; time < 40; time += 1)
    await claim('made up', `203.0.113.${time}`, start).catch(() => undefined);
  expect(fetched()).toBe(21);
  await claim('first', '198.51.100.1', start.add({ minutes: 6 }));
  expect(fetched()).toBe(22);
});

test('many who come at once fetch the keys once', async () => {
  const { check, signed, fetched } = await checker();
  const assertions = await Promise.all(Array.from({ length: 10 }, () => signed('first', start)));
  await Promise.all(assertions.map((assertion) => check(client, assertion, '198.51.100.1', start)));
  expect(fetched()).toBe(1);
});
