import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Client,
  type OAuthClientProvider,
  type OAuthDiscoveryState,
  type StoredOAuthClientInformation,
  type StoredOAuthTokens,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mcpDoor } from '#doors/mcp/door.ts';
import { openTestHouse, type ServedHouse, serveHouse, type TestHouse } from '#testing/house.ts';
import {
  type Browser,
  browserOf,
  type Changes,
  consentForm,
  decisionOn,
  destinationOf,
} from '#testing/oauth.ts';
import { call, makeWorkspace } from '#testing/people.ts';
import { oauthDoor } from './door.ts';

// Other people's clients, signing in as they do for a person.

let house: TestHouse;
let served: ServedHouse;
const home = mkdtempSync(join(tmpdir(), 'stint-oauth-clients-'));
beforeAll(async () => {
  house = await openTestHouse();
  served = await serveHouse(house, [mcpDoor, oauthDoor]);
});
afterAll(async () => {
  await served.close();
  rmSync(home, { recursive: true });
});

const approve = async (browser: Browser, url: string, decision: Changes = {}): Promise<URL> => {
  const form = await consentForm(await browser.get(url));
  const done = await browser.post(`${served.url}/oauth/consent`, decisionOn(form, decision));
  return destinationOf(await done.text())!;
};

/** What an app built on the SDK keeps, and the addresses that it wanted to open. */
const makeApp = () => {
  const opened: URL[] = [];
  let client: StoredOAuthClientInformation | undefined;
  let tokens: StoredOAuthTokens | undefined;
  let verifier = '';
  let discovered: OAuthDiscoveryState | undefined;
  const provider: OAuthClientProvider = {
    redirectUrl: 'http://127.0.0.1:7531/callback',
    clientMetadata: {
      client_name: 'SDK app',
      redirect_uris: ['http://127.0.0.1:7531/callback'],
      token_endpoint_auth_method: 'none',
    },
    clientInformation: () => client,
    saveClientInformation: (given) => void (client = given),
    tokens: () => tokens,
    saveTokens: (given) => void (tokens = given),
    redirectToAuthorization: (url) => void opened.push(url),
    saveCodeVerifier: (given) => void (verifier = given),
    codeVerifier: () => verifier,
    saveDiscoveryState: (given) => void (discovered = given),
    discoveryState: () => discovered,
    invalidateCredentials: (which) => {
      if (which !== 'verifier') tokens = undefined;
      if (which === 'all' || which === 'client') client = undefined;
    },
  };
  const transport = () =>
    new StreamableHTTPClientTransport(new URL(`${served.url}/mcp`), { authProvider: provider });
  const connect = async (): Promise<Client> => {
    const mcp = new Client({ name: 'sdk-app', version: '1.0.0' });
    await mcp.connect(transport());
    return mcp;
  };
  const signIn = async (browser: Browser, decision?: Changes): Promise<void> => {
    const target = await approve(browser, opened.at(-1)!.href, decision);
    await transport().finishAuth(target.searchParams);
  };
  return { opened, connect, signIn };
};

test('an app on the SDK signs in, calls, refreshes after an hour and is out when disconnected', async () => {
  const { teo } = await makeWorkspace(house);
  const browser = await browserOf(house, teo);
  const app = makeApp();
  await expect(app.connect()).rejects.toThrow(UnauthorizedError);
  expect(app.opened[0]?.searchParams.get('scope')).toBe('mcp');
  await app.signIn(browser);
  const mcp = await app.connect();
  expect((await mcp.listTools()).tools.map(({ name }) => name)).toContain('timers_start');
  const tags = () => mcp.callTool({ name: 'tags_list', arguments: {} });
  expect(await tags()).toMatchObject({ structuredContent: { data: [] } });

  house.setNow(Temporal.Now.instant().add({ minutes: 70 }));
  expect(await tags()).toMatchObject({ structuredContent: { data: [] } });
  expect(app.opened).toHaveLength(1);

  const { data } = await call<{ data: { id: string }[] }>(house, teo, 'connections.list');
  await call(house, teo, 'connections.revoke', { id: data[0]!.id });
  await expect(tags()).rejects.toThrow(UnauthorizedError);
  expect(app.opened).toHaveLength(2);
  house.setNow(null);
  await mcp.close();
});

test('an app on the SDK that lacks a permission asks the person for it, beside what it has', async () => {
  const { teo } = await makeWorkspace(house);
  const browser = await browserOf(house, teo);
  const app = makeApp();
  await expect(app.connect()).rejects.toThrow(UnauthorizedError);
  await app.signIn(browser, { scope: ['tags:read', 'tasks:read'] });
  const mcp = await app.connect();
  await expect(mcp.callTool({ name: 'tasks_create', arguments: { summary: 'Call Acme' } })).rejects.toThrow();
  const asked = app.opened.at(-1)!.searchParams.get('scope')!.split(' ');
  expect(asked).toEqual(expect.arrayContaining(['mcp', 'tags:read', 'tasks:read', 'tasks:write']));
  await app.signIn(browser);
  const again = await app.connect();
  const made = await again.callTool({ name: 'tasks_create', arguments: { summary: 'Call Acme' } });
  expect(made).toMatchObject({ structuredContent: { task: { summary: 'Call Acme' } } });
  await Promise.all([mcp.close(), again.close()]);
});

test('mcporter signs in and calls', async () => {
  const { teo } = await makeWorkspace(house);
  const browser = await browserOf(house, teo);
  const config = join(home, 'mcporter.json');
  writeFileSync(
    config,
    JSON.stringify({ imports: [], mcpServers: { stint: { url: `${served.url}/mcp`, auth: 'oauth' } } }),
  );
  const mcporter = join(process.cwd(), 'node_modules/mcporter/dist/cli.js');
  const env = { PATH: '/nowhere', HOME: home, XDG_CONFIG_HOME: home, NO_COLOR: '1' };
  const child = spawn(process.execPath, [mcporter, '--config', config, 'call', 'stint.profile_get'], {
    cwd: home,
    env,
    timeout: 50_000,
  });
  let [out, all] = ['', ''];
  let visited: Promise<unknown> | undefined;
  const heard = (text: string) => {
    all += text;
    const url = /(http:\/\/localhost:\d+\/oauth\/authorize\?\S+)\s/.exec(all)?.[1];
    if (url !== undefined) visited ??= approve(browser, url).then((target) => fetch(target));
  };
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    heard(chunk.toString());
  });
  child.stderr.on('data', (chunk: Buffer) => heard(chunk.toString()));
  const code = await new Promise((ended) => child.on('exit', ended));
  await visited;
  expect([code, all]).toEqual([0, expect.stringContaining(teo.email)]);
  expect(out).toContain('"role": "member"');
});
