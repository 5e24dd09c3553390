import type { Context, Handler } from 'hono';
import type { DoorHouse } from '#doors/common/house.ts';
import { requestFacts } from '#doors/common/request-facts.ts';
import { refuseCrossSite } from '#doors/common/same-site.ts';
import { readSession } from '#doors/common/session-cookie.ts';
import { type OauthClient, storedClient } from '#identity/oauth-clients.ts';
import { codeIsOpen } from '#identity/oauth-codes.ts';
import { approve, codeOf } from '#identity/oauth-grants.ts';
import { givenOf, offerFor } from '#identity/oauth-scopes.ts';
import {
  type AuthorizationRequest,
  findRequest,
  keepRequest,
  useRequest,
} from '#identity/oauth-transactions.ts';
import { connectableWorkspaces } from '#identity/memberships.ts';
import type { Session } from '#identity/sessions.ts';
import { rolesByScope } from './scope-roles.ts';
import { answerConsent } from './consent-page.ts';
import { browserEndpoint, notYours, requestGone } from './error-page.ts';
import { type Parameters, readForm } from './parameters.ts';
import type { OauthParts } from './parts.ts';
import { answerDecision } from './redirect-page.ts';
import { mustSignIn, toSignIn } from './to-sign-in.ts';

/** A second click comes so soon after the first. */
const doubleClickSeconds = 5;

interface Answering {
  readonly secret: string;
  readonly request: AuthorizationRequest;
  readonly session: Session;
  readonly client: OauthClient;
}

/**
 * The same decision twice: a browser shows the answer to the second click only. Within five seconds, while the code was not redeemed, it
 * is the same answer as the first; nothing is made again. Later the request is over.
 */
const answerAgain = async (
  c: Context,
  house: DoorHouse,
  form: Parameters,
  { secret, request, session, client }: Answering,
  usedAt: Temporal.Instant,
): Promise<Response> => {
  const now = house.clock();
  const soon = Temporal.Instant.compare(usedAt.add({ seconds: doubleClickSeconds }), now) >= 0;
  const code = codeOf(secret, session);
  const same = soon && form.one('decision') === 'approve' && (await codeIsOpen(house.database, code, now));
  return same
    ? await answerDecision(c, house.publicUrl, request, client.name, { kind: 'approved', code })
    : await requestGone(c);
};

const deny = async (
  c: Context,
  house: DoorHouse,
  answering: Answering,
  description: string,
): Promise<Response> => {
  const { secret, request, session, client } = answering;
  const first = await useRequest(house.database.identity, secret, session.hash, house.clock());
  return first
    ? await answerDecision(c, house.publicUrl, request, client.name, { kind: 'denied', description })
    : await requestGone(c);
};

const allow = async (
  c: Context,
  house: DoorHouse,
  form: Parameters,
  answering: Answering,
): Promise<Response> => {
  const { secret, request, session, client } = answering;
  const ticks = form.all('scope');
  const workspaceId = form.one('workspace');
  if (workspaceId === undefined) {
    const again = { message: 'Choose the workspace that the app may work in.', ticks };
    return await answerConsent(c, house, { ...answering, again });
  }
  const workspaces = await connectableWorkspaces(house.database, session.userId, request.resource);
  const workspace = workspaces.find(({ id, stop }) => id === workspaceId && stop === null);
  if (workspace === undefined) return await notYours(c);
  const offer = offerFor(request.scope ?? undefined, request.resource, rolesByScope(house.operations));
  const given = offer === null ? null : givenOf(offer, ticks, request.resource);
  if (offer === null || given === null) return await deny(c, house, answering, 'The person allowed nothing');
  const code = await approve(
    house.database,
    {
      secret,
      request,
      session,
      client,
      workspace,
      given,
      requested: offer.requested,
      ipPrefix: requestFacts(c, house, 'web').ipPrefix,
      publicUrl: house.publicUrl,
    },
    house.clock(),
  );
  if (code !== null)
    return await answerDecision(c, house.publicUrl, request, client.name, { kind: 'approved', code });
  // Two clicks at once: the other one was quicker.
  return await answerAgain(c, house, form, answering, house.clock());
};

/**
 * The person's decision. It needs their session, the request that this session was shown, and a form of our own page: no token, and no
 * text that an AI tool reads, can give consent.
 * @see RFC 6749 section 10.12, RFC 9700 section 4.16
 */
export const consent = ({ house }: OauthParts): Handler =>
  browserEndpoint(house, async (c) => {
    refuseCrossSite(c, house);
    const form = await readForm(c, ['scope']);
    const secret = form.one('tx') ?? '';
    const session = await readSession(c, house);
    if (session === null) return toSignIn(c, secret, false);
    const kept = await findRequest(house.database, secret, session.hash, house.clock());
    if (kept.kind === 'none') return await requestGone(c);
    const client = await storedClient(house.database, kept.request.clientId);
    if (client === null) return await requestGone(c);
    const answering = { secret, request: kept.request, session, client };
    if (mustSignIn(kept.request, session)) {
      // Looking for it bound it to this session; the next one needs a copy.
      return toSignIn(c, await keepRequest(house.database, kept.request, null, house.clock()), true);
    }
    if (kept.kind === 'used') return await answerAgain(c, house, form, answering, kept.usedAt);
    return form.one('decision') === 'approve'
      ? await allow(c, house, form, answering)
      : await deny(c, house, answering, 'The person declined');
  });
