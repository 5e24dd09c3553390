import { html } from 'hono/html';
import type { DoorHouse } from '#doors/common/house.ts';
import type { Html } from '#doors/common/layout.ts';
import type { Membership } from '#identity/memberships.ts';
import { coarseScopes, type CoarseScope, isCoarseScope, isScope, scopes } from '#operation/scopes.ts';
import type { Connection } from './own-connections.ts';
import { scopePicker } from './scope-picker.ts';
import { actionText, agoText, dayText, scopesInWords, timeText, usefulScopes } from './words.ts';

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
export const registrationBadge = ({ registration, publisher }: Connection): Html =>
  registration === 'verified'
    ? html`<span class="badge good" title="This domain vouches for the app">${publisher}</span>`
    : registration === 'self_registered'
      ? html`<span class="badge warn" title="The app gave itself this name; nobody checked it"
          >self-registered, name not verified</span
        >`
      : html`<span class="badge">set up by the operator</span>`;

const umbrellaChoice = (connection: Connection, wanted: readonly string[]): Html | '' => {
  const asked = wanted.filter(isCoarseScope);
  if (connection.coarse === null && asked.length === 0) return '';
  const option = (value: string, words: string) => {
    const chosen = (asked.at(-1) ?? connection.coarse ?? '') === value;
    return html`<option value="${value}" ${chosen ? html`selected` : ''}>${words}</option>`;
  };
  return html`<div class="field">
    <label for="coarse-${connection.id}">Wider access, for tools that no single permission covers</label>
    <select id="coarse-${connection.id}" name="coarse">
      ${option('', 'None')}
      ${(Object.keys(coarseScopes) as CoarseScope[]).map((name) => option(name, coarseScopes[name].words))}
    </select>
  </div>`;
};

const permissionForm = (
  house: DoorHouse,
  connection: Connection,
  membership: Membership,
  wanted: readonly string[],
): Html => {
  const offered = usefulScopes(house);
  const kept = connection.scopes
    .filter(isScope)
    .filter((scope) => !offered.includes(scope) && scope !== 'mcp');
  const extra = wanted.filter(isScope).filter((scope) => !offered.includes(scope) && !kept.includes(scope));
  const missing = wanted.filter((scope) =>
    isScope(scope) ? !connection.scopes.includes(scope) : isCoarseScope(scope),
  );
  const asked = missing.flatMap((scope) => (isScope(scope) ? [scopes[scope].words] : []));
  return html`<details class="more" ${missing.length > 0 ? html`open` : ''}>
    <summary>Change permissions</summary>
    <div>
      <form class="stack" method="post" action="/account/integrations/${connection.id}/permissions">
        ${
          asked.length === 0
            ? ''
            : html`<div class="notice">
                Asked for: may it also <b>${asked.join(', and ')}</b>? It is ticked below; save to allow it.
              </div>`
        }
        <input type="hidden" name="workspace" value="${membership.workspaceId}" />
        <input type="hidden" name="version" value="${connection.version}" />
        ${scopePicker([...offered, ...kept, ...extra], connection.scopes, wanted)}
        ${umbrellaChoice(connection, wanted)}
        <button>Save permissions</button>
      </form>
    </div>
  </details>`;
};

const actions = (house: DoorHouse, connection: Connection, zone: string): Html =>
  connection.recent_actions.length === 0
    ? html`<p class="small muted">It has not changed anything yet.</p>`
    : html`<details class="more">
        <summary>Recent actions</summary>
        <div>
          <ul class="rows small">
            ${connection.recent_actions.map(
              ({ at, action }) =>
                html`<li>
                  <span>${actionText(house, action)} <code>${action}</code></span
                  ><time datetime="${at}" class="muted">${timeText(at, zone)}</time>
                </li>`,
            )}
          </ul>
        </div>
      </details>`;

const disconnect = (connection: Connection, membership: Membership, back: string): Html =>
  html`<details class="ask">
    <summary>Disconnect…</summary>
    <div class="stack">
      <p>
        ${connection.client_name} stops working on its next request. It can only come back by asking
        ${connection.member?.name ?? 'you'} again.
      </p>
      <form method="post" action="/account/integrations/${connection.id}/disconnect">
        <input type="hidden" name="workspace" value="${membership.workspaceId}" />
        <input type="hidden" name="back" value="${back}" />
        <button class="danger">Disconnect ${connection.client_name}</button>
      </form>
    </div>
  </details>`;

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
export const connectionCard = ({
  house,
  connection,
  membership,
  zone,
  wanted = [],
  back,
}: CardParts): Html => {
  const {
    id,
    client_name,
    created_at,
    last_used_at,
    last_ip_prefix,
    last_user_agent,
    redirect_host,
    expires_at,
    member,
  } = connection;
  const now = house.clock();
  const from =
    last_ip_prefix === null ? '' : html`<br /><span class="muted small">from ${last_ip_prefix}</span>`;
  return html`<article class="card stack" id="${id}" aria-labelledby="${id}-name">
    <header>
      <h2 id="${id}-name">${client_name}</h2>
      ${registrationBadge(connection)}
    </header>
    <dl class="facts">
      ${
        member === undefined
          ? ''
          : html`<div>
              <dt>Connected by</dt>
              <dd>${member.name}<br /><span class="muted small">${member.email}</span></dd>
            </div>`
      }
      <div>
        <dt>Workspace</dt>
        <dd>${membership.name}</dd>
      </div>
      <div>
        <dt>Connected</dt>
        <dd>
          ${dayText(created_at, zone)}<br /><span class="muted small"
            >until ${dayText(expires_at, zone)} at the latest</span
          >
        </dd>
      </div>
      <div>
        <dt>Last used</dt>
        <dd>
          ${last_used_at === null ? 'Not yet' : html`<span title="${last_user_agent ?? ''}">${agoText(last_used_at, now, zone)}</span>`}${from}
        </dd>
      </div>
      <div>
        <dt>Signs in through</dt>
        <dd>
          ${redirect_host}<br /><span class="muted small"
            >${connection.resource === 'mcp' ? 'as an AI tool (MCP)' : 'for the REST API'}</span
          >
        </dd>
      </div>
    </dl>
    <div class="stack-s">
      <h3>It may</h3>
      <ul class="words">
        ${scopesInWords(connection.scopes).map((words) => html`<li>${words}</li>`)}
      </ul>
      ${connection.coarse === null || !isCoarseScope(connection.coarse) ? '' : html`<p class="small muted">And beyond these: ${coarseScopes[connection.coarse].words}.</p>`}
    </div>
    <div class="stack-s">
      ${member === undefined ? permissionForm(house, connection, membership, wanted) : ''}
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
