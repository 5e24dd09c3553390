import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runConformance } from '#testing/conformance/run-conformance.ts';
import { openTestHouse, type ServedHouse, serveHouse, type TestHouse } from '#testing/house.ts';
import {
  type Browser,
  consentForm,
  decisionOn,
  destinationOf,
  registerApp,
  teoAtBrowser,
} from '#testing/oauth.ts';
import { oauthDoor } from './door.ts';

let house: TestHouse;
let served: ServedHouse;
let browser: Browser;
beforeAll(async () => {
  house = await openTestHouse();
  served = await serveHouse(house, [oauthDoor]);
  ({ browser } = await teoAtBrowser(house));
});
afterAll(() => served.close());

/** A port that was free a moment ago: the suite cannot be told to look for one itself. */
const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

/** What a person does with the address that the suite prints: open it, approve, follow. */
const approve = async (address: string): Promise<void> => {
  const form = await consentForm(await browser.get(address));
  const decided = await browser.post(`${served.url}/oauth/consent`, decisionOn(form));
  const back = destinationOf(await decided.text());
  if (back === null) throw new Error('the consent page sent nobody back');
  await fetch(back);
};

test.each(['names the resource', 'does not'])(
  'the conformance suite finds nothing wrong with the authorization server, when its client %s',
  async (which) => {
    const port = await freePort();
    const app = await registerApp(served.url, { redirect_uris: [`http://127.0.0.1:${port}/callback`] });
    const args = ['authorization', '--url', served.url, '--client-id', app.client_id, '--port', `${port}`];
    let approval: Promise<void> | undefined;
    const printed = await runConformance(
      which === 'does not' ? args : [...args, '--resource', `${served.url}/mcp`],
      (soFar) => {
        const address = /^http\S+\/oauth\/authorize\?\S+$/m.exec(soFar)?.[0];
        if (address !== undefined && soFar.includes('Waiting')) approval ??= approve(address);
      },
    );
    await approval;
    expect(printed.match(/^[✓✗] .*$/gm)).toEqual([
      '✓ authorization-server-metadata-endpoint: 2 passed, 0 failed',
      '✓ authorization-code-grant: 1 passed, 0 failed',
    ]);
  },
);
