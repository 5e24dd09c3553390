import { existsSync } from 'node:fs';
import type { Browser } from 'playwright-core';

const candidates = [
  process.env['STINT_TEST_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** Where Chromium is on this machine, or undefined. */
export const chromiumPath = candidates.find((path) => path !== undefined && existsSync(path));

/** For `test.skipIf`: whether there is no browser, as vitest.config.ts says in one line. */
export const noChromium = chromiumPath === undefined;

/** A headless Chromium with an empty profile, which asks nobody for anything. Close it. */
export const openChromium = async (): Promise<Browser> => {
  if (chromiumPath === undefined) throw new Error('Chromium is not installed here');
  const { chromium } = await import('playwright-core');
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
};
