import type { Context } from 'hono';
import { html } from 'hono/html';
import type { DoorHouse } from '#doors/common/house.ts';
import { answerPage, type Html } from '#doors/common/layout.ts';
import type { OauthClient } from '#identity/oauth-clients.ts';
import { lastGrantOf } from '#identity/oauth-grants.ts';
import { isLoopback, redirectHostOf } from '#identity/oauth-redirect-uri.ts';
import { type Offer, offerFor } from '#identity/oauth-scopes.ts';
import type { AuthorizationRequest } from '#identity/oauth-transactions.ts';
import { type ConnectableWorkspace, connectableWorkspaces } from '#identity/memberships.ts';
import type { Session } from '#identity/sessions.ts';
import { withArticle } from '#values/with-article.ts';
import { type Known, permissions } from './consent-permissions.ts';
import { rolesByScope } from './scope-roles.ts';

/** A request on the screen. */
export interface Consent {
  /** The secret of the kept request. */
  readonly secret: string;
  readonly request: AuthorizationRequest;
  readonly client: OauthClient;
  readonly session: Session;
  /** What was missing in the answer before, and the ticks it had. */
  readonly again?: { readonly message: string; readonly ticks: readonly string[] };
}

const who = ({ client, request }: Consent): Html => {
  const vouched =
    client.publisher !== null
      ? html`<span class="badge good">published by ${client.publisher}</span>`
      : client.kind === 'static'
        ? html`<span class="badge">set up by the operator</span>`
        : html`<span class="badge warn">self-registered, name not verified</span>`;
  const host = redirectHostOf(request.redirectUri);
  const warning = isLoopback(request.redirectUri)
    ? html`<p class="notice warn">
        That is this computer: any program running on it could be waiting there. Go on only if you have just
        started to connect this app yourself.
      </p>`
    : html``;
  return html`<section class="card stack" aria-label="The app">
    <header>
      <h2>${client.name}</h2>
      ${vouched}
    </header>
    <dl class="facts">
      <div>
        <dt>Sends you to</dt>
        <dd><strong>${host}</strong></dd>
      </div>
      <div>
        <dt>Connects to</dt>
        <dd>${request.resource === 'mcp' ? 'the MCP server' : 'the REST API'}</dd>
      </div>
    </dl>
    ${
      client.publisher === null && client.kind === 'dcr'
        ? html`<p class="small muted">
            Anybody can register an app under any name. Trust the address above more than the name.
          </p>`
        : ''
    }
    ${warning}
  </section>`;
};

const workspaceChoice = (workspaces: readonly ConnectableWorkspace[], chosen: string | null): Html => {
  const box = ({ id, name, role, stop }: ConnectableWorkspace) =>
    html`<label class="choice boxed ${stop === null ? '' : 'off'}">
      <input
        type="radio"
        name="workspace"
        value="${id}"
        data-role="${role}"
        required
        ${stop !== null ? html`disabled` : ''}
        ${id === chosen ? html`checked` : ''}
      />
      <span
        >${name}<small
          >${stop ?? `You are ${role === 'owner' ? 'the owner' : withArticle(role)} here`}</small
        ></span
      >
    </label>`;
  return html`<fieldset class="stack-s">
    <legend><h2>In which workspace?</h2></legend>
    <p class="muted small">One connection works in one workspace. Connect the app again for another one.</p>
    ${workspaces.map(box)}
  </fieldset>`;
};

const account = ({ session, secret }: Consent): Html =>
  html`<p class="small muted">
    Signed in as <strong>${session.user.name}</strong> (${session.user.email}).
    <a href="/oauth/authorize?tx=${secret}&amp;other=1">Use another account</a>
  </p>`;

const nowhere = (consent: Consent, workspaces: readonly ConnectableWorkspace[]): Html =>
  html`<div class="stack">
    <h1>No workspace can be connected</h1>
    ${
      workspaces.length === 0
        ? html`<p>
            You belong to no workspace yet. <a href="/#new-workspace">Make one</a>, then connect the app
            again.
          </p>`
        : html`<ul class="stack-s">
            ${workspaces.map(({ name, stop }) => html`<li><strong>${name}</strong>: ${stop}</li>`)}
          </ul>`
    }
    ${account(consent)}
    <form method="post" action="/oauth/consent">
      <input type="hidden" name="tx" value="${consent.secret}" />
      <button class="quiet" name="decision" value="deny">Back to the app</button>
    </form>
  </div>`;

const form = (
  consent: Consent,
  offer: Offer,
  known: Known,
  workspaces: readonly ConnectableWorkspace[],
): Html => {
  const eligible = workspaces.filter(({ stop }) => stop === null);
  const before = eligible.find(({ id }) => id === known.last?.workspace_id);
  const chosen = eligible.length === 1 ? eligible[0]!.id : (before?.id ?? null);
  return html`<form method="post" action="/oauth/consent" class="consent stack-l">
    <input type="hidden" name="tx" value="${consent.secret}" />
    ${workspaceChoice(workspaces, chosen)} ${permissions(offer, known)}
    <div class="decide stack">
      <p class="small muted">
        It stays connected until you disconnect it, or for 60 days after its last use.
      </p>
      <div class="row">
        <button name="decision" value="approve">Allow</button>
        <button class="quiet" name="decision" value="deny" formnovalidate>Deny</button>
      </div>
    </div>
  </form>`;
};

/** The consent screen: who asks, where the answer goes, one workspace, and permissions in words that can be unticked. */
export const answerConsent = async (c: Context, house: DoorHouse, consent: Consent): Promise<Response> => {
  const { request, client, session, again } = consent;
  const roles = rolesByScope(house.operations);
  const offer = offerFor(request.scope ?? undefined, request.resource, roles);
  if (offer === null) throw new Error('a request without a scope that exists was kept');
  const [workspaces, last] = await Promise.all([
    connectableWorkspaces(house.database, session.userId, request.resource),
    lastGrantOf(house.database, session.userId, client.id, request.resource, house.clock()),
  ]);
  const possible = workspaces.some(({ stop }) => stop === null);
  const known: Known = { last, roles, ticks: again?.ticks ?? null };
  const body = possible
    ? html`<div class="stack-l">
        <div class="stack">
          <h1>Connect ${client.name} to Stint?</h1>
          ${account(consent)}
          ${again === undefined ? '' : html`<p class="notice bad" role="alert">${again.message}</p>`}
          ${who(consent)}
        </div>
        ${form(consent, offer, known, workspaces)}
      </div>`
    : nowhere(consent, workspaces);
  return await answerPage(
    c,
    { title: `Connect ${client.name}`, width: 'middle', bare: true, body },
    again === undefined ? 200 : 400,
  );
};
