import { html } from 'hono/html';
import type { DoorHouse } from '#doors/common/house.ts';
import type { Html } from '#doors/common/layout.ts';
import type { Membership } from '#identity/memberships.ts';
import { umbrellasInWords } from '#identity/oauth-scopes.ts';
import { ask, fact, wordList } from './facts.ts';
import type { Connection } from './own-connections.ts';
import { permissionForm } from './permission-form.ts';
import { actionText, agoText, dayText, scopesInWords, timeText } from './words.ts';

const reasons: Record<string, string> = {
  revoked_by_person: 'You disconnected it.',
  revoked_by_admin: 'An admin of the workspace disconnected it.',
  revoked_by_app: 'The app signed out by itself.',
  signed_out_everywhere: 'You signed out everywhere.',
  member_removed: 'The membership of the workspace ended.',
  refresh_reuse:
    'An old sign-in of the app was used again long after it was replaced, which can mean that it was stolen. Connect the app again if it was yours.',
  code_reuse:
    'Its sign-in code was used twice, which can mean that it was stolen. Connect the app again if it was you.',
};

/** How far the name of a client can be believed. */
const registrationBadge = ({ registration, publisher }: Connection): Html => {
  if (registration === 'verified') return html`<span class="badge good">verified: ${publisher}</span>`;
  return registration === 'self_registered'
    ? html`<span class="badge warn">self-registered, name not verified</span>`
    : html`<span class="badge">set up by the operator</span>`;
};

const actions = (house: DoorHouse, { recent_actions: recent }: Connection, zone: string): Html => {
  if (recent.length === 0) return html`<p class="small muted">It has not changed anything yet.</p>`;
  const row = ({ at, action }: (typeof recent)[number]) =>
    html`<li>
      <span>${actionText(house, action)} <code>${action}</code></span>
      <time datetime="${at}" class="muted">${timeText(at, zone)}</time>
    </li>`;
  return html`<details class="more">
    <summary>Recent actions</summary>
    <div>
      <ul class="rows small">
        ${recent.map(row)}
      </ul>
    </div>
  </details>`;
};

const disconnect = ({ id, client_name, member }: Connection, membership: Membership, back: string): Html => {
  const explanation = `${client_name} stops working on its next request. It can only come back by asking ${member?.name ?? 'you'} again.`;
  return ask(
    'Disconnect',
    explanation,
    html`<form method="post" action="/account/integrations/${id}/disconnect">
      <input type="hidden" name="workspace" value="${membership.workspaceId}" />
      <input type="hidden" name="back" value="${back}" />
      <button class="danger">Disconnect ${client_name}</button>
    </form>`,
  );
};

const factsOf = (house: DoorHouse, connection: Connection, membership: Membership, zone: string): Html => {
  const { member, last_used_at: usedAt, last_ip_prefix: network, last_user_agent: agent } = connection;
  const used =
    usedAt === null
      ? 'Not yet'
      : html`<time datetime="${usedAt}">${agoText(usedAt, house.clock(), zone)}</time>`;
  const from = [network === null ? '' : `from ${network}`, agent ?? '']
    .filter((text) => text !== '')
    .join(', ');
  return html`<dl class="facts">
    ${member === undefined ? fact('Workspace', membership.name) : fact('Connected by', member.name, member.email)}
    ${fact('Connected', dayText(connection.created_at, zone), `until ${dayText(connection.expires_at, zone)}, unless used before`)}
    ${fact('Last used', used, from)}
    ${fact('Signs in through', connection.redirect_host, connection.resource === 'mcp' ? 'as an AI tool (MCP)' : 'for the REST API')}
  </dl>`;
};

/** What the card of a connection is shown with. */
export interface CardParts {
  readonly house: DoorHouse;
  readonly connection: Connection;
  readonly membership: Membership;
  readonly zone: string;
  /** Scopes that a link from the app asks to add. */
  readonly wanted?: readonly string[];
  /** The page to come back to. */
  readonly back: string;
}

/** One connected app: who it is, what it may do, what it did, and the way out. Somebody else's permissions can be seen and not changed. */
export const connectionCard = (parts: CardParts): Html => {
  const { house, connection, membership, zone, wanted = [], back } = parts;
  const { id, scopes, coarse } = connection;
  return html`<article class="card stack" id="${id}" aria-labelledby="${id}-name">
    <header>
      <h2 id="${id}-name">${connection.client_name}</h2>
      ${registrationBadge(connection)}
    </header>
    ${factsOf(house, connection, membership, zone)}
    <div class="stack-s">
      <h3>It may</h3>
      ${wordList([...scopesInWords(scopes), ...umbrellasInWords(coarse)])}
    </div>
    <div class="stack-s">
      ${connection.member === undefined && membership.stopped === null ? permissionForm(house, connection, membership, wanted) : ''}
      ${actions(house, connection, zone)} ${disconnect(connection, membership, back)}
    </div>
  </article>`;
};

/** A connection that is over, and why. */
export const endedRow = (connection: Connection, membership: Membership, zone: string): Html => {
  const { client_name, status, revoked_at, revoked_reason, expires_at } = connection;
  const why =
    status === 'expired' ? 'It expired.' : (reasons[revoked_reason ?? ''] ?? 'It was disconnected.');
  return html`<li>
    <span><b>${client_name}</b> <span class="muted">in ${membership.name}</span><br />${why}</span>
    <span class="muted small">${timeText(revoked_at ?? expires_at, zone)}</span>
  </li>`;
};
