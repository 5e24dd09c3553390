import { describe, expect, test } from 'vitest';
import { startSession } from '#identity/sessions.ts';
import { deliverMail } from '#jobs/deliver-mail.ts';
import { noChromium, openChromium } from '#testing/chromium.ts';
import { openTestHouse, serveHouse } from '#testing/house.ts';
import { makeDraft, newKey, previewOf } from '#testing/invoices.ts';
import { emptyOutbox, openMailbox } from '#testing/mailbox.ts';
import { call, makeWorkspace, type Person } from '#testing/people.ts';
import { webDoor } from './door.ts';

const house = await openTestHouse();

const send = async (person: Person, name: string, email: string, message?: string) => {
  const { id } = await makeDraft(house, person, { client: { name, email } });
  const confirm = await previewOf(house, person, id, { message });
  await call(house, person, 'invoices.send', { id, confirm, message, idempotency_key: newKey() });
};
const cookieOf = async ({ userId }: Person) =>
  `stint=${await startSession(house.database, userId, { ipPrefix: null, userAgent: null }, house.clock())}`;
const get = async (url: string, person: Person) => {
  const answer = await fetch(url, { headers: { cookie: await cookieOf(person), accept: 'text/html' } });
  return { status: answer.status, text: await answer.text() };
};

test('who administers a workspace finds the mail that waits; nobody else is offered the page', async () => {
  const { mara, ada, noor } = await makeWorkspace(house);
  const { url, close } = await serveHouse(house, [webDoor]);
  await send(noor, 'Acme', 'billing@acme.example', '<script>alert(1)</script> & more');
  for (const person of [mara, ada]) {
    const { status, text } = await get(`${url}/outbox`, person);
    expect(status).toBe(200);
    expect(text).toContain('aria-current="page">Outbox</a>');
    expect(text).toContain('billing@acme.example');
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; more');
    expect(text).not.toContain('<script>');
    expect(text).toContain('SMTP_URL');
    const file = /href="([^"]+\/files\/[^"]+)"/.exec(text)?.[1];
    expect((await fetch(file!)).headers.get('content-type')).toBe('application/pdf');
  }
  const other = await get(`${url}/outbox`, noor);
  expect(other.text).toContain('Only owners and admins');
  expect(other.text).not.toContain('billing@acme.example');
  expect(other.text).not.toContain('href="/outbox"');
  await close();
});

describe.skipIf(noChromium)('in a real browser without scripts', () => {
  test.each([1280, 390])(
    'waiting, failed and unclear mail can be told apart and read at %i pixels',
    async (width) => {
      await emptyOutbox(house);
      const { mara, noor } = await makeWorkspace(house);
      await send(noor, 'Nobody', 'nobody@a-company-with-quite-a-long-name.example');
      await send(noor, 'Drop', 'drop@acme.example');
      let drop = false;
      const { send: post, close: shut } = await openMailbox((moment, { to }) => {
        if (moment === 'recipient') drop = to.startsWith('drop');
        if (moment === 'recipient' && to.startsWith('nobody')) return 550;
        return moment === 'taken' && drop ? 'drop' : undefined;
      });
      await deliverMail(house.database, house.clock, post);
      shut();
      await send(noor, 'Waiting', 'waiting@acme.example');
      const { url, close } = await serveHouse(house, [webDoor]);
      const browser = await openChromium();
      const context = await browser.newContext({
        javaScriptEnabled: false,
        viewport: { width, height: 800 },
      });
      const [name, value] = (await cookieOf(mara)).split('=') as [string, string];
      await context.addCookies([{ name, value, url }]);
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      await page.goto(`${url}/`);
      await page.getByRole('link', { name: 'Outbox' }).click();
      expect(await page.locator('article .badge').allTextContents()).toEqual([
        'Waiting',
        'Unclear',
        'Not sent',
      ]);
      await page.locator('summary').first().click();
      expect(await page.locator('.letter').first().isVisible()).toBe(true);
      const width_of = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      expect(await page.evaluate(width_of)).toBe(0);
      const shots = process.env['STINT_SHOTS'];
      if (shots !== undefined)
        await page.screenshot({ path: `${shots}/outbox-${width}.png`, fullPage: true });
      const download = page.waitForEvent('download');
      await page.locator('article a').first().click();
      expect((await download).suggestedFilename()).toMatch(/^INV-.*\.pdf$/);
      expect(complaints).toEqual([]);
      await browser.close();
      await close();
    },
  );
});
