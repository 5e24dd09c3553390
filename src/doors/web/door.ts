import { Hono } from 'hono';
import type { DoorHouse } from '#doors/common/house.ts';
import { stylesheet, stylesheetPath } from '#doors/common/stylesheet.ts';
import { accountPage, savePassword, saveProfile, signOutEverywhere } from './account-page.ts';
import { answerError, answerNothingHere } from './error-page.ts';
import { fileByLink } from './file.ts';
import { homePage, makeWorkspace } from './home-page.ts';
import {
  disconnectEvery,
  disconnectOne,
  integrationsPage,
  memberIntegrationsPage,
  savePermissions,
} from './integrations-page.ts';
import { outboxPage } from './outbox-page.ts';
import { signInAction, signInPage, signOutAction } from './sign-in-page.ts';
import { signUpAction, signUpPage } from './sign-up-page.ts';
import { signedIn } from './signed-in.ts';
import { makeToken, revokeToken, tokensPage } from './tokens-page.ts';

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** The pages that people see: plain HTML that works without scripts. The last door: it also answers what no other door knows. */
export const webDoor = (house: DoorHouse): Hono => {
  const app = new Hono();
  const here = new URL(house.publicUrl);
  app.onError(answerError(house));

  app.get(stylesheetPath, (c) =>
    c.body(stylesheet, 200, {
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    }),
  );

  // A session started at 127.0.0.1 would be unknown at localhost, where apps send the browser: one name for the house.
  app.use('*', async (c, next) => {
    const { hostname, port, pathname, search } = new URL(c.req.url);
    const otherName =
      hostname !== here.hostname &&
      loopback.has(hostname) &&
      loopback.has(here.hostname) &&
      port === here.port;
    if (otherName && c.req.method === 'GET' && c.req.header('accept')?.includes('text/html') === true) {
      return c.redirect(`${house.publicUrl}${pathname}${search}`, 307);
    }
    await next();
  });

  app.get('/', homePage(house));
  app.post('/workspaces', signedIn(house, makeWorkspace(house)));
  app.get('/signup', signUpPage(house));
  app.post('/signup', signUpAction(house));
  app.get('/login', signInPage(house));
  app.post('/login', signInAction(house));
  app.post('/logout', signOutAction(house));

  app.get('/outbox', signedIn(house, outboxPage(house)));
  app.get('/files/:link/:name', fileByLink(house));

  app.get('/account', signedIn(house, accountPage));
  app.post('/account/profile', signedIn(house, saveProfile(house), '/account'));
  app.post('/account/password', signedIn(house, savePassword(house), '/account'));
  app.post('/account/sign-out-everywhere', signedIn(house, signOutEverywhere(house), '/account'));

  const integrations = '/account/integrations';
  app.get(integrations, signedIn(house, integrationsPage(house)));
  app.get(`${integrations}/members`, signedIn(house, memberIntegrationsPage(house)));
  app.post(`${integrations}/disconnect-all`, signedIn(house, disconnectEvery(house), integrations));
  app.post(`${integrations}/:id/permissions`, signedIn(house, savePermissions(house), integrations));
  app.post(`${integrations}/:id/disconnect`, signedIn(house, disconnectOne(house), integrations));

  const tokens = '/account/tokens';
  app.get(tokens, signedIn(house, tokensPage(house)));
  app.post(tokens, signedIn(house, makeToken(house), tokens));
  app.post(`${tokens}/:id/revoke`, signedIn(house, revokeToken(house), tokens));

  app.all('*', answerNothingHere(house));
  return app;
};
