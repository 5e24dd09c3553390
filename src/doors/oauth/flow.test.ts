import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mcpDoor } from '#doors/mcp/door.ts';
import { httpDoor } from '#doors/http/door.ts';
import { operator } from '#identity/author.ts';
import { deactivateMember, reactivateMember } from '#identity/members.ts';
import { openTestHouse, type ServedHouse, serveHouse, type TestHouse } from '#testing/house.ts';
import { browserOf, consentForm, decisionOn, destinationOf } from '#testing/oauth.ts';
import { makeWorkspace } from '#testing/people.ts';
import { oauthDoor } from './door.ts';

let house: TestHouse;
let served: ServedHouse;
const http = { [oauth.allowInsecureRequests]: true };

beforeAll(async () => {
  house = await openTestHouse();
  served = await serveHouse(house, [mcpDoor, httpDoor, oauthDoor]);
});
afterAll(() => served.close());

// oauth4webapi is somebody else's strict client: what it accepts is what the RFCs say, not what we believe they say.
test('an independent client discovers, registers, gets consent, calls, refreshes, introspects and revokes', async () => {
  const { url } = served;
  const { teo, slug } = await makeWorkspace(house);
  const browser = await browserOf(house, teo);

  const resource = new URL(`${url}/mcp`);
  const guarded = await oauth.processResourceDiscoveryResponse(
    resource,
    await oauth.resourceDiscoveryRequest(resource, http),
  );
  const issuer = new URL(guarded.authorization_servers![0]!);
  const server = await oauth.processDiscoveryResponse(
    issuer,
    await oauth.discoveryRequest(issuer, { ...http, algorithm: 'oauth2' }),
  );
  expect(server.issuer).toBe(url);

  const client = await oauth.processDynamicClientRegistrationResponse(
    await oauth.dynamicClientRegistrationRequest(
      server,
      {
        client_name: 'Strict client',
        redirect_uris: ['http://127.0.0.1:7777/cb'],
        token_endpoint_auth_method: 'client_secret_basic',
      },
      http,
    ),
  );
  const prove = oauth.ClientSecretBasic(client.client_secret as string);

  const verifier = oauth.generateRandomCodeVerifier();
  const authorization = new URL(server.authorization_endpoint!);
  const state = oauth.generateRandomState();
  authorization.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: 'http://127.0.0.1:7777/cb',
    response_type: 'code',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    scope: 'mcp time:read time:write',
    resource: resource.href,
  }).toString();
  const form = await consentForm(await browser.get(authorization.href));
  const done = await browser.post(`${url}/oauth/consent`, decisionOn(form));
  const parameters = oauth.validateAuthResponse(server, client, destinationOf(await done.text())!, state);

  const tokens = await oauth.processAuthorizationCodeResponse(
    server,
    client,
    await oauth.authorizationCodeGrantRequest(
      server,
      client,
      prove,
      parameters,
      'http://127.0.0.1:7777/cb',
      verifier,
      http,
    ),
  );
  expect(tokens.scope).toBe('mcp time:read time:write');
  expect(tokens.expires_in).toBe(3600);

  const calls = async (token: string) =>
    (
      await oauth.protectedResourceRequest(
        token,
        'POST',
        resource,
        new Headers({ 'content-type': 'application/json', accept: 'application/json, text/event-stream' }),
        '{"jsonrpc":"2.0","id":1,"method":"ping"}',
        http,
      )
    ).status;
  expect(await calls(tokens.access_token)).toBe(200);

  const renewed = await oauth.processRefreshTokenResponse(
    server,
    client,
    await oauth.refreshTokenGrantRequest(server, client, prove, tokens.refresh_token!, http),
  );
  expect(renewed.refresh_token).not.toBe(tokens.refresh_token);
  expect(await calls(renewed.access_token)).toBe(200);

  const introspect = async () =>
    oauth.processIntrospectionResponse(
      server,
      client,
      await oauth.introspectionRequest(server, client, prove, renewed.access_token, http),
    );
  const seen = await introspect();
  expect(seen).toMatchObject({
    active: true,
    scope: 'mcp time:read time:write',
    aud: `${url}/mcp`,
    sub: teo.userId,
  });

  // Stopped is not ended: an app that were told so would throw its tokens away.
  await deactivateMember(house, slug, teo.email, operator);
  expect(await introspect()).toEqual(seen);
  await reactivateMember(house, slug, teo.email, operator);

  await oauth.processRevocationResponse(
    await oauth.revocationRequest(server, client, prove, renewed.refresh_token!, http),
  );
  await expect(calls(renewed.access_token)).rejects.toThrow(oauth.WWWAuthenticateChallengeError);
  expect(await calls(tokens.access_token).catch(() => 401)).toBe(401);
});
