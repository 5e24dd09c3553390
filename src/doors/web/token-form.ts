import { html } from 'hono/html';
import type { DoorHouse } from '#doors/common/house.ts';
import type { Html } from '#doors/common/layout.ts';
import type { Membership } from '#identity/memberships.ts';
import type { Refusal } from '#values/refusal.ts';
import { choose, field, formError } from './field.ts';
import { ask, fact, wordList } from './facts.ts';
import { scopePicker } from './scope-picker.ts';
import { agoText, dayText, scopesInWords, usefulScopes } from './words.ts';

/** An API token as `api_tokens.list` gives it. */
export interface Token {
  id: string;
  name: string;
  resource: 'mcp' | 'api';
  scopes: string[];
  last4: string;
  status: 'active' | 'expired' | 'revoked';
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
}

/** What somebody filled in to make a token. */
export interface Wish {
  readonly name: string;
  readonly workspace: string;
  readonly resource: string;
  readonly days: string;
  readonly scopes: readonly string[];
}
export const nothingWished: Wish = {
  name: '',
  workspace: '',
  resource: 'mcp',
  days: '90',
  scopes: ['profile:read', 'time:read', 'time:write', 'tasks:read', 'tasks:write', 'projects:read'],
};

const lifetimes = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'One year' },
  { value: '', label: 'Never' },
];

/** One API token, and the way to revoke it. */
export const tokenCard = (house: DoorHouse, token: Token, membership: Membership, zone: string): Html => {
  const { id, name, expires_at: expiresAt, last_used_at: usedAt } = token;
  const revoke = html`<form method="post" action="/account/tokens/${id}/revoke">
    <input type="hidden" name="workspace" value="${membership.workspaceId}" />
    <button class="danger">Revoke ${name}</button>
  </form>`;
  return html`<article class="card stack" id="${id}" aria-labelledby="${id}-name">
    <header>
      <h2 id="${id}-name">${name}</h2>
      <code>…${token.last4}</code>
      <span class="badge">${token.resource === 'mcp' ? 'for AI tools' : 'for the REST API'}</span>
    </header>
    <dl class="facts">
      ${fact('Workspace', membership.name)} ${fact('Made', dayText(token.created_at, zone))}
      ${fact('Expires', expiresAt === null ? 'Never' : dayText(expiresAt, zone))}
      ${fact('Last used', usedAt === null ? 'Not yet' : agoText(usedAt, house.clock(), zone))}
    </dl>
    <div class="stack-s">
      <h3>It may</h3>
      ${wordList(scopesInWords(token.scopes))}
    </div>
    ${ask('Revoke', 'Whatever uses this token stops working on its next request. This cannot be undone.', revoke)}
  </article>`;
};

const resourceChoice = (chosen: string): Html => {
  const one = (value: string, words: string, more: string) =>
    html`<label class="choice boxed">
      <input type="radio" name="resource" value="${value}" ${chosen === value ? html`checked` : ''} />
      <span>${words}<small>${more}</small></span>
    </label>`;
  return html`<fieldset class="field">
    <legend>Used by</legend>
    <div class="pair">
      ${one('mcp', 'An AI tool', 'over MCP')} ${one('api', 'A script or program', 'over the REST API')}
    </div>
  </fieldset>`;
};

/** The form that makes a token, in one of the workspaces where the person can act. */
export const tokenForm = (
  house: DoorHouse,
  memberships: readonly Membership[],
  wish: Wish,
  refused: Refusal | null,
): Html => {
  const workspaces = memberships.map(({ workspaceId, name }) => ({ value: workspaceId, label: name }));
  const only = workspaces.length === 1 ? workspaces[0] : undefined;
  const where =
    only === undefined
      ? choose({ name: 'workspace', label: 'Workspace', value: wish.workspace, options: workspaces })
      : html`<input type="hidden" name="workspace" value="${only.value}" />`;
  return html`<form class="card stack" method="post" action="/account/tokens" id="new">
    <h2>Make a token</h2>
    ${formError(refused, ['name'])}
    ${field({
      name: 'name',
      label: 'Name',
      value: wish.name,
      autocomplete: 'off',
      maxLength: 100,
      hint: 'Where it will be used, such as “build server”.',
      refused,
    })}
    ${where} ${resourceChoice(wish.resource)}
    ${choose({ name: 'days', label: 'Expires after', value: wish.days, options: lifetimes })}
    <fieldset class="stack-s">
      <legend>It may</legend>
      ${scopePicker(usefulScopes(house, 'api'), wish.scopes)}
    </fieldset>
    <button>Make token</button>
  </form>`;
};
