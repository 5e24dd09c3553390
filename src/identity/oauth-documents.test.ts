import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { BlockList } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase } from '#testing/database.ts';
import { documentClients } from './oauth-cimd.ts';
import { type FetchDocument, guardedFetch } from './oauth-fetch.ts';

// A real https server on loopback stands for the internet; loopback alone is taken off the list of forbidden addresses.
let server: Server;
let origin: string;
let ca: string;
let answer: (path: string) => {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  drip?: boolean;
};
let asked: string[];
const everythingAllowed = new BlockList();
const folder = mkdtempSync(join(tmpdir(), 'stint-documents-'));

beforeAll(async () => {
  const [keyFile, certificateFile] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const openssl = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -keyout ${keyFile} -out ${certificateFile} -subj /CN=app.example -addext subjectAltName=DNS:app.example`;
  execFileSync('openssl', openssl.split(' '), { stdio: 'ignore' });
  ca = readFileSync(certificateFile, 'utf8');
  server = createServer({ key: readFileSync(keyFile), cert: ca }, (request, response) => {
    asked.push(request.url ?? '');
    const { status = 200, headers = {}, body = '', drip = false } = answer(request.url ?? '');
    response.writeHead(status, headers);
    if (drip) response.write('{');
    else response.end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  origin = `https://app.example:${(server.address() as { port: number }).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  asked = [];
});

type Lookup = NonNullable<NonNullable<Parameters<typeof guardedFetch>[0]>['lookup']>;
const leadsTo =
  (...addresses: string[]): Lookup =>
  (_name, _options, found) =>
    found(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
const open = (): FetchDocument =>
  guardedFetch({ forbidden: everythingAllowed, ca, lookup: leadsTo('127.0.0.1'), timeoutMs: 700 });
const now = Temporal.Now.instant();
let number = 0;
/** A client id that no test asked for before. */
const newId = () => `${origin}/client-${(number += 1)}.json`;
const document = (id: string, more: object = {}) =>
  JSON.stringify({
    client_id: id,
    client_name: 'Documented app',
    redirect_uris: ['http://localhost/callback'],
    ...more,
  });
const find = async (id: string, fetchDocument: FetchDocument = open(), at = now) =>
  documentClients(await testDatabase(), fetchDocument)(id, '203.0.113.7', at);

test('an address that is not public is never reached, however it is written or named', async () => {
  const fetchDocument = guardedFetch();
  for (const host of [
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '10.0.0.1',
    '169.254.169.254',
    '192.168.1.1',
    '100.64.0.1',
    '0.0.0.0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:8.8.8.8]',
    '[fd00::1]',
    '[fe80::1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
  ]) {
    await expect(fetchDocument(`https://${host}/client.json`), host).rejects.toThrow(
      /not public|not a plain/,
    );
  }
  for (const address of ['127.0.0.1', '10.1.2.3', '169.254.169.254', '::1', '::ffff:10.0.0.1', 'fd12::1']) {
    // One public address beside it does not help: which one is taken is not for the name's owner to decide.
    const named = guardedFetch({ lookup: leadsTo('93.184.216.34', address) });
    await expect(named('https://app.example/client.json'), address).rejects.toThrow('not public');
  }
});

test('a name is asked once, and the address that was checked is the one that is reached', async () => {
  let times = 0;
  const rebinding: Lookup = (_name, _options, found) => {
    times += 1;
    found(null, [{ address: times === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }]);
  };
  answer = () => ({ body: '{}' });
  await guardedFetch({ forbidden: everythingAllowed, ca, lookup: rebinding })(`${origin}/client.json`);
  expect(times).toBe(1);
});

test('only plain https addresses with a path are client ids', async () => {
  for (const id of [
    'http://app.example/c',
    'https://app.example/',
    'https://app.example',
    'https://app.example:443/c',
    'https://u:p@app.example/c',
    'https://app.example/a/../c',
    'https://app.example/c#f',
    'https://APP.example/c',
  ]) {
    await expect(find(id), id).rejects.toThrow('client id');
  }
  expect(asked).toEqual([]);
});

test('a redirect is not followed', async () => {
  answer = () => ({ status: 302, headers: { location: `${origin}/elsewhere.json` } });
  await expect(find(newId())).rejects.toThrow('could not be fetched');
  expect(asked).toHaveLength(1);
});

test('a document is read up to 10 KB and for a limited time', async () => {
  answer = () => ({ body: ' '.repeat(200_000) });
  await expect(find(newId())).rejects.toThrow('could not be fetched');
  answer = () => ({ drip: true });
  const begun = performance.now();
  await expect(find(newId())).rejects.toThrow('could not be fetched');
  expect(performance.now() - begun).toBeLessThan(5000);
});

test('a document must name its own address, hold no secret, and be metadata', async () => {
  const bad: ((id: string) => string)[] = [
    () => document('https://other.example/c'),
    () => '<!doctype html><title>Not here</title>',
    (id) => document(id, { client_secret: 'x' }),
    (id) => document(id, { client_name: undefined }),
    (id) => document(id, { redirect_uris: [] }),
    (id) => document(id, { token_endpoint_auth_method: 'client_secret_post' }),
    (id) => document(id, { token_endpoint_auth_method: 'private_key_jwt' }),
  ];
  for (const body of bad) {
    const id = newId();
    answer = () => ({ body: body(id) });
    await expect(find(id), body(id)).rejects.toMatchObject({ oauthCode: 'invalid_client' });
  }
});

test('a client is known by its publisher, and may offer both no proof and a key', async () => {
  const id = newId();
  answer = () => ({
    body: document(id, {
      token_endpoint_auth_methods_supported: ['none', 'private_key_jwt'],
      jwks: { keys: [] },
    }),
  });
  expect(await find(id)).toMatchObject({
    kind: 'cimd',
    publisher: 'app.example',
    authMethods: ['none', 'private_key_jwt'],
  });
});

test('a copy is kept as long as its publisher says, between five minutes and a day', async () => {
  const id = newId();
  answer = () => ({ body: document(id), headers: { 'cache-control': 'max-age=0' } });
  await find(id);
  await find(id, open(), now.add({ minutes: 4 }));
  expect(asked).toHaveLength(1);
  answer = () => ({
    body: document(id, { client_name: 'New name' }),
    headers: { 'cache-control': 'max-age=99999999' },
  });
  expect((await find(id, open(), now.add({ minutes: 6 }))).name).toBe('New name');
  await find(id, open(), now.add({ hours: 23 }));
  expect(asked).toHaveLength(2);
  await find(id, open(), now.add({ hours: 25 }));
  expect(asked).toHaveLength(3);
});

test('when the publisher is down the copy is believed for another day', async () => {
  const id = newId();
  answer = () => ({ body: document(id) });
  await find(id);
  answer = () => ({ status: 500 });
  expect((await find(id, open(), now.add({ hours: 20 }))).name).toBe('Documented app');
  await expect(find(id, open(), now.add({ hours: 26 }))).rejects.toThrow('could not be fetched');
});

test('a bad address asked for a hundred times is fetched once a minute, and once however many ask at once', async () => {
  const id = newId();
  answer = () => ({ status: 404 });
  const finder = documentClients(await testDatabase(), open());
  const ask = (at: Temporal.Instant) => finder(id, '203.0.113.7', at).catch(() => null);
  await Promise.all(Array.from({ length: 50 }, () => ask(now)));
  for (let time = 0; time < 50; time += 1) await ask(now.add({ seconds: time }));
  expect(asked).toHaveLength(1);
  await ask(now.add({ seconds: 61 }));
  expect(asked).toHaveLength(2);
});

test('one network cannot make Stint fetch without end', async () => {
  answer = () => ({ status: 404 });
  const finder = documentClients(await testDatabase(), open());
  const outcomes = await Promise.all(
    Array.from({ length: 40 }, () => finder(newId(), '203.0.113.7', now).catch((error: unknown) => error)),
  );
  expect(asked.length).toBeLessThanOrEqual(30);
  expect(outcomes.at(-1)).toMatchObject({ oauthCode: 'temporarily_unavailable', retryAfterSeconds: 60 });
});

test('the well-known clients are known without the internet', async () => {
  const unreachable: FetchDocument = () => Promise.reject(new Error('no network'));
  const claude = await find('https://claude.ai/oauth/claude-code-client-metadata', unreachable);
  expect(claude).toMatchObject({
    name: 'Claude Code',
    publisher: 'claude.ai',
    redirectUris: ['http://localhost/callback', 'http://127.0.0.1/callback'],
  });
  expect(await find('https://chatgpt.com/oauth/codex/client.json', unreachable)).toMatchObject({
    name: 'Codex',
  });
});

test('strangers who use up what may be fetched from a publisher do not shut out its app', async () => {
  const unreachable: FetchDocument = () => Promise.reject(new Error('no network'));
  const finder = documentClients(await testDatabase(), unreachable);
  const later = now.add({ hours: 48 });
  const ask = (id: string, ip: string, at = later) => finder(`https://claude.ai/${id}`, ip, at);
  for (let time = 0; time < 20; time += 1)
    await ask(`made-up-${time}`, `203.0.113.${time}`).catch(() => null);
  await expect(ask('one-more', '203.0.113.99')).rejects.toMatchObject({
    oauthCode: 'temporarily_unavailable',
  });
  expect((await ask('oauth/claude-code-client-metadata', '203.0.113.99')).name).toBe('Claude Code');
});
