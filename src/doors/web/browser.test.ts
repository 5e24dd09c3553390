import { randomBytes } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { authenticate } from '#identity/authenticate.ts';
import { noChromium, openChromium } from '#testing/chromium.ts';
import { openTestHouse, type ServedHouse, serveHouse, type TestHouse } from '#testing/house.ts';
import { connectionFor, makeWorkspace, password } from '#testing/people.ts';
import { webDoor } from './door.ts';

describe.skipIf(noChromium)('in a real browser without scripts', () => {
  let house: TestHouse;
  let served: ServedHouse;
  let browser: Browser;
  const complaints: string[] = [];
  const requested: string[] = [];

  beforeAll(async () => {
    house = await openTestHouse();
    served = await serveHouse(house, [webDoor]);
    browser = await openChromium();
  });
  afterAll(async () => {
    await browser.close();
    await served.close();
  });

  const openPage = async (width: number): Promise<{ context: BrowserContext; page: Page }> => {
    const context = await browser.newContext({
      javaScriptEnabled: false,
      viewport: { width, height: 800 },
      locale: 'de-DE',
    });
    const page = await context.newPage();
    page.on('console', (message) => complaints.push(`${page.url()}: ${message.text()}`));
    page.on('request', (request) => requested.push(request.url()));
    return { context, page };
  };

  /** How far the page is wider than its window, in pixels. */
  const overflow = (page: Page): Promise<number> =>
    page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

  test.each([1280, 390])(
    'somebody signs up, makes a token, connects, widens and disconnects at %i pixels',
    async (width) => {
      const { context, page } = await openPage(width);
      const email = `mara-${randomBytes(5).toString('hex')}@example.com`;
      const fits = async () => expect([page.url(), await overflow(page)]).toEqual([page.url(), 0]);

      await page.goto(`${served.url}/account/tokens`);
      await page.getByRole('link', { name: 'Create an account' }).click();
      await fits();
      await page.getByLabel('Your name').fill('Mara Lindqvist');
      await page.getByLabel('E-mail address').fill(email);
      await page.getByLabel('Password').fill(password);
      expect(await page.getByLabel('Time zone').inputValue()).toBe('Europe/Berlin');
      await page.getByRole('button', { name: 'Create account' }).click();
      expect(await page.getByLabel('E-mail address').inputValue()).toBe(email);
      await fits();
      await page.getByLabel('Password').fill(password);
      await page.getByRole('button', { name: 'Sign in' }).click();

      expect(new URL(page.url()).pathname).toBe('/account/tokens');
      await page.getByLabel('Name', { exact: true }).fill('Build server');
      await page.getByRole('button', { name: 'Make token' }).click();
      const secret = (await page.locator('pre.address').textContent())!;
      expect(await authenticate(house, secret, 'mcp')).toMatchObject({
        kind: 'actor',
        actor: { user: { email } },
      });
      await fits();
      await page.getByRole('link', { name: 'I have copied it' }).click();
      expect(await page.content()).not.toContain(secret);
      await page.getByText('Revoke…').click();
      await page.getByRole('button', { name: 'Revoke Build server' }).click();
      expect(await authenticate(house, secret, 'mcp')).toMatchObject({ kind: 'invalid' });

      const user = await house.database.identity
        .selectFrom('memberships as m')
        .innerJoin('users as u', 'u.id', 'm.user_id')
        .select(['m.id', 'm.workspace_id', 'u.id as user_id'])
        .where('u.email', '=', email)
        .executeTakeFirstOrThrow();
      const mara = {
        userId: user.user_id,
        membershipId: user.id,
        workspaceId: user.workspace_id,
        email,
        role: 'owner',
      } as const;
      const { accessToken, grantId } = await connectionFor(house, mara, ['mcp', 'time:read'], {
        clientName: 'Claude Code',
      });
      await page.goto(`${served.url}/account/integrations?add=time:write&connection=${grantId}`);
      await fits();
      await page.getByRole('button', { name: 'Save permissions' }).click();
      const answer = await authenticate(house, accessToken, 'mcp');
      expect(answer.kind === 'actor' && answer.actor.via.scopes.has('time:write')).toBe(true);
      await page.getByText('Disconnect…').click();
      await page.getByRole('button', { name: 'Disconnect Claude Code' }).click();
      expect(await authenticate(house, accessToken, 'mcp')).toMatchObject({ kind: 'invalid' });

      for (const path of ['/', '/account', '/account/integrations', '/nothing']) {
        await page.goto(`${served.url}${path}`);
        await fits();
      }
      await page.goto(`${served.url}/`);
      await page.getByText('New workspace', { exact: true }).click();
      await page.getByLabel('Name', { exact: true }).fill('Studio Lindqvist');
      await fits();
      await page.getByRole('button', { name: 'Make workspace' }).click();
      await page.getByText('Your new workspace is ready.').waitFor();
      expect(await page.getByText('Studio Lindqvist', { exact: true }).count()).toBe(1);
      await fits();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByText('You are signed out.').waitFor();
      await context.close();
    },
  );

  test('the keyboard reaches the content first, and shows where it is', async () => {
    const { context, page } = await openPage(1280);
    await page.goto(`${served.url}/`);
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    expect(await focused.textContent()).toBe('Skip to the content');
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    await context.close();
  });

  test('a page in somebody else’s frame stays empty', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const { mara } = await makeWorkspace(house);
    await page.goto('data:text/html,<title>trap</title>');
    await page.setContent(`<iframe src="${served.url}/login?x=${mara.userId}"></iframe>`);
    const frame = page.frames().at(-1)!;
    await frame.waitForLoadState().catch(() => undefined);
    expect(await frame.content()).not.toContain('Sign in');
    await context.close();
  });

  test('nothing was blocked or complained of, and nothing was loaded from elsewhere', () => {
    // A 4xx page is reported on the console as such; everything else there is a fault of the page.
    expect(
      complaints.filter(
        (text) => !text.includes('Failed to load resource: the server responded with a status of 4'),
      ),
    ).toEqual([]);
    expect(requested.length).toBeGreaterThan(20);
    expect(requested.filter((url) => !url.startsWith(served.url) && !url.startsWith('data:'))).toEqual([]);
  });
});
