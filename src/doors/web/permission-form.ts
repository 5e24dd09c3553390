import { html } from 'hono/html';
import type { DoorHouse } from '#doors/common/house.ts';
import type { Html } from '#doors/common/layout.ts';
import type { Membership } from '#identity/memberships.ts';
import { umbrellaWords, widestOf } from '#identity/oauth-scopes.ts';
import { coarseCovers, existsOn, isCoarseScope, isScope, scopes } from '#operation/scopes.ts';
import type { Connection } from './own-connections.ts';
import { scopePicker } from './scope-picker.ts';
import { usefulScopes } from './words.ts';

const umbrellaChoice = (connection: Connection, wanted: readonly string[]): Html => {
  const chosen = widestOf([...wanted, connection.coarse ?? '']);
  const option = ([name, words]: [string, string]) =>
    html`<option value="${name}" ${name === chosen ? html`selected` : ''}>${words}</option>`;
  return html`<div class="field">
    <label for="coarse-${connection.id}">Settings; each choice contains those above it</label>
    <select id="coarse-${connection.id}" name="coarse">
      <option value="">Nothing</option>
      ${Object.entries(umbrellaWords).map(option)}
    </select>
  </div>`;
};

/**
 * The permissions of one's own connection, to change. `wanted` are scopes that a link from the app asks for: the form is open, they are
 * ticked and stand out; nothing is given before the person saves.
 */
export const permissionForm = (
  house: DoorHouse,
  connection: Connection,
  membership: Membership,
  wanted: readonly string[],
): Html => {
  const held = new Set(connection.scopes);
  const missing = wanted.filter(
    (name) => !held.has(name) && !(isCoarseScope(name) && coarseCovers(connection.coarse, name)),
  );
  const offered = usefulScopes(house, connection.resource);
  const besides = [...connection.scopes, ...wanted]
    .filter(isScope)
    .filter((scope) => existsOn(connection.resource, scope) && !offered.includes(scope));
  const asked = [
    ...missing.filter(isScope).map((scope) => scopes[scope].words),
    ...missing.filter(isCoarseScope).map((name) => umbrellaWords[name]),
  ];
  const question =
    asked.length === 0
      ? ''
      : html`<div class="notice">
          Asked for: may it also <b>${asked.join(', and ')}</b>? It is chosen below; save to allow it.
        </div>`;
  return html`<details class="more" ${missing.length > 0 ? html`open` : ''}>
    <summary>Change permissions</summary>
    <div>
      <form class="stack" method="post" action="/account/integrations/${connection.id}/permissions">
        <input type="hidden" name="workspace" value="${membership.workspaceId}" />
        <input type="hidden" name="version" value="${connection.version}" />
        ${question} ${scopePicker([...offered, ...new Set(besides)], connection.scopes, wanted)}
        ${umbrellaChoice(connection, wanted)}
        <button>Save permissions</button>
      </form>
    </div>
  </details>`;
};
