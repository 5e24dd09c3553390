// Takes a picture of every plain page at desktop and phone width, light and dark: `node scripts/screenshots.ts FOLDER [BEGINNING-OF-A-NAME]`. For looking at.
import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { pino } from 'pino';
import { createApp, listen } from '#app.ts';
import { readConfig } from '#config.ts';
import type { DoorHouse } from '#doors/common/house.ts';
import { webDoor } from '#doors/web/door.ts';
import { hashPassword } from '#identity/passwords.ts';
import { openChromium } from '#testing/chromium.ts';
import { embeddedHouse } from '#testing/own-store.ts';
import { call, connectionFor, makeWorkspace, password } from '#testing/people.ts';

const folder = process.argv[2] ?? 'screenshots';
const only = process.argv[3];
mkdirSync(folder, { recursive: true });

const { house: own } = await embeddedHouse('memory');
let house!: DoorHouse;
const { port } = await listen(0, '127.0.0.1', (bound) => {
  house = {
    ...own,
    log: pino({ level: 'warn' }),
    publicUrl: `http://localhost:${bound}`,
    config: readConfig({}),
  };
  return createApp(house, [webDoor]);
});
const url = `http://localhost:${port}`;
const { identity } = house.database;
const workspace = await makeWorkspace(house);
const { mara, teo } = workspace;
const email = `mara-${workspace.slug}@lindqvist.example`;
await identity
  .updateTable('workspaces')
  .set({ name: 'Studio Lindqvist' })
  .where('id', '=', workspace.id)
  .execute();
await identity
  .updateTable('users')
  .set({
    name: 'Mara Lindqvist',
    email,
    password_hash: await hashPassword(password),
  })
  .where('id', '=', mara.userId)
  .execute();
const wide = [
  'mcp',
  'profile:read',
  'tasks:read',
  'tasks:write',
  'time:read',
  'time:write',
  'clients:read',
  'projects:read',
  'tags:read',
  'workspace:read',
] as const;
const claude = await connectionFor(house, mara, wide, { clientName: 'Claude Code' });
await connectionFor(house, mara, ['mcp', 'time:read'], { clientName: 'Gemini CLI MCP Client' });
await connectionFor(house, teo, wide, { clientName: 'Codex' });
const verify = async (name: string, client: string) => {
  const grant = await identity
    .selectFrom('oauth_grants')
    .select(['id', 'client_id'])
    .where('client_name', '=', name)
    .where('workspace_id', '=', workspace.id)
    .executeTakeFirstOrThrow();
  await identity
    .insertInto('oauth_clients')
    .values({ id: client, kind: 'cimd', name, redirect_uris: [], metadata: '{}', created_at: house.clock() })
    .onConflict((c) => c.doNothing())
    .execute();
  await identity
    .updateTable('oauth_grants')
    .set({
      client_id: client,
      last_used_at: house.clock().subtract({ minutes: 7 }),
      last_ip_prefix: '203.0.113.0/24',
      last_user_agent: 'claude-code/2.1',
    })
    .where('id', '=', grant.id)
    .execute();
};
await verify('Claude Code', 'https://claude.ai/oauth/claude-code-client-metadata');
for (const name of ['Acme', 'Internal', 'Workshops']) {
  await call(
    house,
    mara,
    'tags.create',
    { name },
    { via: { kind: 'grant', id: claude.grantId, name: 'Claude Code', resource: 'mcp' } },
  );
}
const gone = await connectionFor(house, mara, ['mcp', 'time:read'], { clientName: 'Old laptop' });
await identity
  .updateTable('oauth_grants')
  .set({ revoked_at: house.clock(), revoked_reason: 'refresh_reuse' })
  .where('id', '=', gone.grantId)
  .execute();
await call(house, mara, 'api_tokens.create', {
  name: 'Build server',
  resource: 'api',
  scopes: ['time:read', 'projects:read'],
});

const browser = await openChromium();

interface Shot {
  name: string;
  path: string;
  signedOut?: boolean;
  act?: (page: Page) => Promise<void>;
}
const shots: Shot[] = [
  { name: 'welcome', path: '/', signedOut: true },
  { name: 'signup', path: '/signup', signedOut: true },
  {
    name: 'signup-refused',
    path: '/signup',
    signedOut: true,
    act: async (page) => {
      await page.fill('#name', 'Mara');
      await page.fill('#email', 'mara@example.com');
      await page.fill('#password', 'password2026');
      await page.click('main button');
    },
  },
  { name: 'login', path: '/login?notice=signed_out', signedOut: true },
  {
    name: 'login-refused',
    path: '/login',
    signedOut: true,
    act: async (page) => {
      await page.fill('#email', 'mara@example.com');
      await page.fill('#password', 'not the password');
      await page.click('main button');
    },
  },
  { name: 'home', path: '/' },
  {
    name: 'home-workspace-refused',
    path: '/',
    act: async (page) => {
      await page.click('#new-workspace summary');
      await page.fill('#name', '\u200b');
      await page.click('#new-workspace button');
    },
  },
  { name: 'account', path: '/account?notice=profile', act: (page) => page.click('.ask summary') },
  { name: 'integrations', path: '/account/integrations' },
  {
    name: 'integrations-add',
    path: '/account/integrations?add=clients:write',
    act: async (page) => {
      await page.locator('.more summary', { hasText: 'Recent' }).first().click();
      await page.locator('.ask summary').first().click();
      await page.locator('.fold summary').last().click();
    },
  },
  { name: 'members', path: `/account/integrations/members?workspace=${workspace.slug}` },
  { name: 'tokens', path: '/account/tokens' },
  {
    name: 'token-made',
    path: '/account/tokens',
    act: async (page) => {
      await page.fill('#name', 'Agent on the server');
      await page.click('#new button');
    },
  },
  { name: 'not-found', path: '/nothing/here' },
];

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1280, 390]) {
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme,
      locale: 'de-DE',
      javaScriptEnabled: false,
    });
    const page = await context.newPage();
    let signedIn = false;
    for (const { name, path, signedOut = false, act } of shots) {
      if (only !== undefined && !name.startsWith(only)) continue;
      if (
        colorScheme === 'dark' &&
        only === undefined &&
        !['welcome', 'login-refused', 'integrations-add', 'tokens'].includes(name)
      )
        continue;
      if (!signedOut && !signedIn) {
        await page.goto(`${url}/login`);
        await page.fill('#email', email);
        await page.fill('#password', password);
        await page.click('main button');
        signedIn = true;
      }
      await page.goto(`${url}${path}`);
      await act?.(page);
      await page.screenshot({
        path: `${folder}/${name}-${width}${colorScheme === 'dark' ? '-dark' : ''}.png`,
        fullPage: true,
      });
    }
    await context.close();
  }
}
await browser.close();
process.exit(0);
