import type { Context, Handler } from 'hono';
import { remoteAddress } from '#doors/common/request-facts.ts';
import { readSession } from '#doors/common/session-cookie.ts';
import { storedClient } from '#identity/oauth-clients.ts';
import { answerAt, isLoopback } from '#identity/oauth-redirect-uri.ts';
import { findRequest, keepRequest } from '#identity/oauth-transactions.ts';
import { answerConsent } from './consent-page.ts';
import { answerProblem, askedWrongly, browserEndpoint, requestGone } from './error-page.ts';
import { findClient } from './find-client.ts';
import { parametersIn } from './parameters.ts';
import type { OauthParts } from './parts.ts';
import { proveRedirectUri, readAuthorizationRequest } from './read-authorization-request.ts';
import { mustSignIn, toSignIn } from './to-sign-in.ts';

/** A request comes back from the sign-in, or the person wants to use another account. */
const resume = async (c: Context, { house }: OauthParts, secret: string): Promise<Response> => {
  const session = await readSession(c, house);
  if (session === null) return toSignIn(c, secret, false);
  const now = house.clock();
  const kept = await findRequest(house.database, secret, session.hash, now);
  if (kept.kind !== 'open') return await requestGone(c);
  const { request } = kept;
  if (c.req.query('other') !== undefined) {
    const again = { ...request, signedInAfter: now.toString() };
    return toSignIn(c, await keepRequest(house.database, again, null, now), true);
  }
  if (mustSignIn(request, session)) {
    return toSignIn(c, await keepRequest(house.database, request, null, now), true);
  }
  const client = await storedClient(house.database, request.clientId);
  if (client === null) return await requestGone(c);
  return await answerConsent(c, house, { secret, request, client, session });
};

/**
 * A client asks for access. In this order: client, redirect URI (until here nothing is sent anywhere), the rest of the request, sign-in,
 * consent: always the latter, for no earlier yes stands for this one.
 * @see RFC 6749 section 4.1.1, RFC 9207 section 2, RFC 9700 section 4.11.2, ASVS 10.7.1
 */
export const authorize = (parts: OauthParts): Handler => {
  const { house } = parts;
  return browserEndpoint(house, async (c) => {
    const search = new URL(c.req.url).searchParams;
    const parameters = parametersIn(search, ['resource']);
    const secret = parameters.one('tx');
    if (secret !== undefined && parameters.one('client_id') === undefined)
      return await resume(c, parts, secret);

    let proved;
    try {
      const client = await findClient(parts, parameters.one('client_id'), remoteAddress(c, house));
      proved = { client, target: proveRedirectUri(client, parameters) };
    } catch (error) {
      return await answerProblem(c, house, error);
    }
    const { client, target } = proved;
    const answerClient = (error: string, description: string): Response | Promise<Response> => {
      const answer = answerAt(target.redirectUri, {
        error,
        error_description: description,
        state: parameters.one('state'),
        iss: house.publicUrl,
      });
      // Anybody can register an app with a site or a scheme of their own: without a click this would send people from here to anywhere.
      if (!isLoopback(target.redirectUri)) return askedWrongly(c, description, answer);
      c.header('cache-control', 'no-store');
      c.header('referrer-policy', 'no-referrer');
      return c.redirect(answer, 303);
    };
    const read = readAuthorizationRequest(house.publicUrl, client, target, parameters);
    if (read.kind === 'problem') return await answerClient(read.error, read.description);

    const prompts = (parameters.one('prompt') ?? '').split(' ');
    const session = await readSession(c, house);
    if (prompts.includes('none')) {
      return await (session === null
        ? answerClient('login_required', 'nobody is signed in')
        : answerClient('consent_required', 'Stint always asks the person'));
    }
    await parts.limits.ask(remoteAddress(c, house));
    const now = house.clock();
    const signedInAfter = prompts.includes('login') ? now.toString() : null;
    const request = { ...read.request, signedInAfter };
    if (session === null || signedInAfter !== null) {
      return toSignIn(c, await keepRequest(house.database, request, null, now), session !== null);
    }
    const kept = await keepRequest(house.database, request, session.hash, now);
    return await answerConsent(c, house, { secret: kept, request, client, session });
  });
};
