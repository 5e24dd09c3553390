import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as oauth from 'oauth4webapi';
import { afterAll, expect, test } from 'vitest';
import { serveEveryDoor } from '#testing/every-door.ts';
import {
  authorizeUrl,
  consentForm,
  decide,
  pkce,
  postForm,
  registerApp,
  teoAtBrowser,
} from '#testing/oauth.ts';

const { challenge } = pkce();
const open = await serveEveryDoor();
const { url } = open;
const { browser } = await teoAtBrowser(open.house);
const app = await registerApp(url);
afterAll(() => open.close());

const insecure = { [oauth.allowInsecureRequests]: true };
const discovered = async () => {
  const issuer = new URL(url);
  const answer = await oauth.discoveryRequest(issuer, { ...insecure, algorithm: 'oauth2' });
  return oauth.processDiscoveryResponse(issuer, answer);
};
const decided = (decision: 'approve' | 'deny'): Promise<URL> =>
  decide(url, browser, authorizeUrl(url, app, challenge), { decision });

test('32 a strict client accepts the issuer of a yes, of a no and of an error, and takes no other for it', async () => {
  const server = await discovered();
  const client = { client_id: app.client_id };
  const approved = await decided('approve');
  expect(approved.searchParams.get('iss')).toBe(server.issuer);
  expect(oauth.validateAuthResponse(server, client, approved, 'the state').get('code')).toMatch(/^stint_ac_/);

  const failed = await browser.get(authorizeUrl(url, app, challenge, { resource: 'https://evil.example' }));
  for (const answer of [await decided('deny'), new URL(failed.headers.get('location')!)]) {
    expect(answer.searchParams.get('iss')).toBe(server.issuer);
    expect(() => oauth.validateAuthResponse(server, client, answer, 'the state')).toThrow(
      oauth.AuthorizationResponseError,
    );
  }
  // The mix-up: another server's answer is not ours, and one without an issuer is nobody's, for ours promises one.
  const foreign = new URL(approved);
  foreign.searchParams.set('iss', 'https://evil.example');
  expect(() => oauth.validateAuthResponse(server, client, foreign, 'the state')).toThrow('iss');
  foreign.searchParams.delete('iss');
  expect(() => oauth.validateAuthResponse(server, client, foreign, 'the state')).toThrow('iss');
});

/** A request whose Host header says something else than where it goes. */
const withHost = (
  path: string,
  host: string,
  method = 'GET',
): Promise<{ status: number; headers: string; text: string }> =>
  new Promise((done, failed) => {
    const headers = {
      host,
      'x-forwarded-host': host,
      'x-forwarded-proto': 'https',
      forwarded: `host=${host}`,
    };
    request(`${url}${path}`, { method, headers }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () =>
        done({ status: answer.statusCode ?? 0, headers: JSON.stringify(answer.headers), text }),
      );
    })
      .on('error', failed)
      .end();
  });

test('34 whatever Host and the forwarding headers say, every address is the configured one', async () => {
  for (const path of [
    '/.well-known/oauth-authorization-server',
    '/.well-known/openid-configuration/mcp',
    '/.well-known/oauth-protected-resource/mcp',
    '/mcp/.well-known/oauth-protected-resource',
    '/api/v1/openapi.json',
    '/api/v1/tags',
    '/oauth/authorize',
  ]) {
    const answer = await withHost(path, 'evil.example');
    expect([path, answer.headers + answer.text]).toEqual([path, expect.not.stringContaining('evil.example')]);
    if (path.startsWith('/.well-known')) expect(answer.text).toContain(url);
  }
  // An error is not sent to the Host either.
  const authorize = new URL(authorizeUrl(url, app, challenge, { response_type: 'token' }));
  const sent = await withHost(`${authorize.pathname}${authorize.search}`, 'evil.example');
  expect(sent.headers).not.toContain('evil.example');
});

test('36 grants that hand out tokens without a person are not there', async () => {
  for (const grant_type of [
    'password',
    'client_credentials',
    'implicit',
    'urn:ietf:params:oauth:grant-type:jwt-bearer',
    'urn:ietf:params:oauth:grant-type:device_code',
    'urn:ietf:params:oauth:grant-type:token-exchange',
  ]) {
    const answer = await postForm(`${url}/oauth/token`, {
      grant_type,
      client_id: app.client_id,
      username: 'mara@example.com',
      password: 'x',
    });
    const { error } = (await answer.json()) as { error: string };
    expect([grant_type, answer.status, error]).toEqual([grant_type, 400, 'unsupported_grant_type']);
  }
});

test('37 no response mode or type puts a code or token anywhere but into the query', async () => {
  for (const changes of [
    { response_mode: 'form_post' },
    { response_mode: 'fragment' },
    { response_mode: 'web_message' },
    { response_type: 'token' },
    { response_type: 'code id_token' },
    { response_type: 'code token' },
    { response_type: 'none' },
  ]) {
    const answer = await browser.get(authorizeUrl(url, app, challenge, changes));
    const target = new URL(answer.headers.get('location')!);
    expect([answer.status, target.hash, target.searchParams.has('code')]).toEqual([303, '', false]);
    expect(target.searchParams.get('error')).toMatch(/^(unsupported_response_type|invalid_request)$/);
  }
});

test('38 a request object is refused and never fetched', async () => {
  const asked: string[] = [];
  const elsewhere = createServer((incoming, answer) => {
    asked.push(incoming.url ?? '');
    answer.end();
  });
  await new Promise<void>((listening) => elsewhere.listen(0, '127.0.0.1', listening));
  const address = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
  const request_uri = await browser.get(
    authorizeUrl(url, app, challenge, { request_uri: `${address}/request` }),
  );
  expect(request_uri.headers.get('location')).toContain('error=request_uri_not_supported');
  // Nor is anything else fetched that a client names when it registers.
  const named = await registerApp(url, {
    logo_uri: `${address}/logo`,
    client_uri: `${address}/home`,
    policy_uri: `${address}/policy`,
    tos_uri: `${address}/terms`,
    sector_identifier_uri: `${address}/sector`,
    initiate_login_uri: `${address}/login`,
    request_uris: [`${address}/requests`],
  });
  const { html } = await consentForm(await browser.get(authorizeUrl(url, named, challenge)));
  expect(html).not.toContain(address);
  elsewhere.close();
  expect(asked).toEqual([]);
});

// Beyond the list (RFC 9700, section 4.11.2): whoever registers an app with an address of their own must not get a link of ours that leads there.
test('129 Stint is no open redirector: without a click it sends nobody to a site or into a program', async () => {
  for (const address of ['https://evil.example/landing', 'evil-handler://run/this']) {
    const theirs = await registerApp(url, { redirect_uris: [address] });
    for (const changes of [
      { response_type: 'token' },
      { scope: 'cheese' },
      { prompt: 'none' },
      { resource: 'https://evil.example' },
      { code_challenge: undefined },
    ]) {
      const answer = await browser.get(authorizeUrl(url, theirs, challenge, changes));
      expect([changes, answer.status, answer.headers.get('location')]).toEqual([changes, 400, null]);
      const page = await answer.text();
      expect(page).not.toContain('http-equiv="refresh"');
      expect(page).toMatch(/<a href="[^"]*\?error=[^"]*iss=[^"]*" rel="noreferrer">/);
      expect(page).toContain(`<a href="${address}?error=`);
    }
  }
  // An app on the person's own machine is told at once, as it waits for it.
  const local = await browser.get(authorizeUrl(url, app, challenge, { scope: 'cheese' }));
  expect(local.status).toBe(303);
});
