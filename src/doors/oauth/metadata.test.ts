import { afterAll, beforeAll, expect, test } from 'vitest';
import { mcpDoor } from '#doors/mcp/door.ts';
import { openTestHouse, type ServedHouse, serveHouse } from '#testing/house.ts';
import { oauthDoor } from './door.ts';

let served: ServedHouse;
beforeAll(async () => {
  served = await serveHouse(await openTestHouse(), [mcpDoor, oauthDoor]);
});
afterAll(() => served.close());

const read = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${served.url}${path}`, { headers });
  return {
    status: answer.status,
    headers: answer.headers,
    body: (await answer.json()) as Record<string, unknown>,
  };
};

test('the protected resource is described wherever clients look, as the person typed it', async () => {
  const { url } = served;
  const expected = {
    '/.well-known/oauth-protected-resource/mcp': `${url}/mcp`,
    '/.well-known/oauth-protected-resource': `${url}/mcp`,
    '/mcp/.well-known/oauth-protected-resource': `${url}/mcp`,
    // Gemini CLI and claude.ai compare the slash too.
    '/.well-known/oauth-protected-resource/mcp/': `${url}/mcp/`,
    '/.well-known/oauth-protected-resource/api': `${url}/api`,
  };
  for (const [path, resource] of Object.entries(expected)) {
    const { status, body } = await read(path);
    expect([path, status, body['resource'], body['authorization_servers']]).toEqual([
      path,
      200,
      resource,
      [url],
    ]);
  }
  expect((await read('/.well-known/oauth-protected-resource/mcp')).body['scopes_supported']).toEqual(['mcp']);
});

test('the authorization server is the same at every address, with the issuer as configured', async () => {
  const paths = [
    '/.well-known/oauth-authorization-server',
    '/.well-known/oauth-authorization-server/mcp',
    '/.well-known/openid-configuration',
    '/.well-known/openid-configuration/mcp',
    '/mcp/.well-known/openid-configuration',
  ];
  const bodies = await Promise.all(paths.map(async (path) => (await read(path)).body));
  for (const body of bodies) expect(body).toEqual(bodies[0]);
  expect(bodies[0]).toMatchObject({
    issuer: served.url,
    code_challenge_methods_supported: ['S256'],
    client_id_metadata_document_supported: true,
    authorization_response_iss_parameter_supported: true,
    token_endpoint_auth_methods_supported: expect.arrayContaining(['none', 'private_key_jwt']) as unknown,
    grant_types_supported: ['authorization_code', 'refresh_token'],
    protected_resources: [`${served.url}/mcp`, `${served.url}/api`],
  });
  const scopes = bodies[0]!['scopes_supported'] as string[];
  for (const dangerous of [
    'offline_access',
    'invoices:send',
    'members:write',
    'stint:admin',
    'data:export',
  ]) {
    expect(scopes).not.toContain(dangerous);
  }
});

test('neither Host nor a forwarding header changes what is said', async () => {
  const forwarded = {
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    forwarded: 'host=evil.example',
  };
  const { body } = await read('/.well-known/oauth-authorization-server', forwarded);
  expect(JSON.stringify(body)).not.toContain('evil');
});

test('Codex 0.143 to 0.149 is spared the issuer flag that it stumbles over', async () => {
  const flag = async (agent: string) =>
    (await read('/.well-known/oauth-authorization-server', { 'user-agent': agent })).body[
      'authorization_response_iss_parameter_supported'
    ];
  expect(await flag('codex-mcp-client/0.146.0')).toBeUndefined();
  expect(await flag('codex-mcp-client/0.169.0')).toBe(true);
});

test('anything else well-known is a 404 in JSON', async () => {
  for (const path of [
    '/.well-known/unknown',
    '/mcp/.well-known/other',
    '/.well-known/oauth-protected-resource/elsewhere',
  ]) {
    const { status, headers } = await read(path);
    expect([path, status, headers.get('content-type')]).toEqual([path, 404, 'application/json']);
  }
});

test('scripts of other sites reach metadata, registration and tokens, and not the pages', async () => {
  const allowed = async (path: string) =>
    (
      await fetch(`${served.url}${path}`, {
        method: 'OPTIONS',
        headers: { origin: 'https://inspector.example', 'access-control-request-method': 'POST' },
      })
    ).headers.get('access-control-allow-origin');
  for (const path of [
    '/.well-known/oauth-authorization-server',
    '/oauth/register',
    '/oauth/token',
    '/oauth/revoke',
    '/token',
  ]) {
    expect([path, await allowed(path)]).toEqual([path, '*']);
  }
  for (const path of ['/oauth/authorize', '/authorize', '/oauth/consent'])
    expect([path, await allowed(path)]).toEqual([path, null]);
});
