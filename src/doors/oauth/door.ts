import { Hono } from 'hono';
import { cors } from 'hono/cors';
import type { DoorHouse } from '#doors/common/house.ts';
import { assertionChecker } from '#identity/oauth-assertions.ts';
import { documentClients } from '#identity/oauth-cimd.ts';
import { type FetchDocument, guardedFetch } from '#identity/oauth-fetch.ts';
import { authorize } from './authorize.ts';
import { consent } from './consent.ts';
import { introspect } from './introspect.ts';
import { makeLimits } from './limits.ts';
import { answerKeys, answerMetadata } from './metadata.ts';
import type { OauthParts } from './parts.ts';
import { register } from './register.ts';
import { revoke } from './revoke.ts';
import { token } from './token.ts';

/** Open to scripts of every site: what is there needs no cookie and is worth nothing without a secret of the caller's own. */
const openToScripts = cors({
  origin: '*',
  allowMethods: ['GET', 'HEAD', 'POST', 'OPTIONS'],
  allowHeaders: ['authorization', 'content-type', 'accept', 'mcp-protocol-version', 'user-agent'],
  exposeHeaders: ['www-authenticate', 'retry-after', 'mcp-session-id'],
  maxAge: 24 * 60 * 60,
});

/**
 * The OAuth door: a small authorization server for the MCP server and the API of this house. Metadata, registration and tokens are open
 * to scripts of other sites; what a person sees (authorize, consent) is not.
 */
export const oauthDoor = (house: DoorHouse, fetchDocument: FetchDocument = guardedFetch()): Hono => {
  const parts: OauthParts = {
    house,
    findDocumentClient: documentClients(house.database, fetchDocument),
    checkAssertion: assertionChecker(house, fetchDocument),
    limits: makeLimits(),
  };
  const app = new Hono();
  for (const path of ['/.well-known/*', '/mcp/.well-known/*', '/api/.well-known/*']) {
    app.use(path, openToScripts);
    app.get(path, answerMetadata(house));
  }
  app.use('/oauth/jwks', openToScripts);
  app.get('/oauth/jwks', answerKeys);
  // Clients of MCP 2025-03-26, and others whose discovery failed, look for the first two at the root.
  const posts = {
    '/oauth/register': register(parts),
    '/register': register(parts),
    '/oauth/token': token(parts),
    '/token': token(parts),
    '/oauth/revoke': revoke(parts),
    '/oauth/introspect': introspect(parts),
  };
  for (const [path, handler] of Object.entries(posts)) {
    app.use(path, openToScripts);
    app.post(path, handler);
    app.on(['GET', 'PUT', 'PATCH', 'DELETE'], path, (c) =>
      c.json({ error: 'invalid_request', error_description: 'this address takes POST' }, 405, {
        allow: 'POST',
      }),
    );
  }
  for (const path of ['/oauth/authorize', '/authorize']) app.get(path, authorize(parts));
  app.post('/oauth/consent', consent(parts));
  return app;
};
