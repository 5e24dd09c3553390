import type { Context } from 'hono';
import { html } from 'hono/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { DoorHouse } from '#doors/common/house.ts';
import { answerPage, type Html, seeOther } from '#doors/common/layout.ts';
import { type Membership, membershipsOf } from '#identity/memberships.ts';
import type { Session } from '#identity/sessions.ts';
import { isScope, withReadScopes } from '#operation/scopes.ts';
import { Refusal, statusOf } from '#values/refusal.ts';
import { choose, field, formError } from './field.ts';
import { readForm } from './form.ts';
import { everyRow } from './own-connections.ts';
import { scopePicker } from './scope-picker.ts';
import { operate } from './signed-in.ts';
import { agoText, dayText, scopesInWords, usefulScopes } from './words.ts';

const here = '/account/tokens';

interface Token {
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

interface Wish {
  readonly name: string;
  readonly workspace: string;
  readonly resource: string;
  readonly days: string;
  readonly scopes: readonly string[];
}
const nothingWished: Wish = {
  name: '',
  workspace: '',
  resource: 'mcp',
  days: '90',
  scopes: ['profile:read', 'time:read', 'time:write', 'tasks:read'],
};

const lifetimes = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'One year' },
  { value: '', label: 'Never' },
];

const tokenCard = (house: DoorHouse, token: Token, membership: Membership, zone: string): Html => {
  const { id, name, last4, resource, scopes, created_at, expires_at, last_used_at } = token;
  const used = last_used_at === null ? 'Not yet' : agoText(last_used_at, house.clock(), zone);
  return html`<article class="card stack" id="${id}" aria-labelledby="${id}-name">
    <header>
      <h3 id="${id}-name">${name}</h3>
      <code>…${last4}</code>
      <span class="badge">${resource === 'mcp' ? 'for AI tools' : 'for the REST API'}</span>
    </header>
    <dl class="facts">
      <div>
        <dt>Workspace</dt>
        <dd>${membership.name}</dd>
      </div>
      <div>
        <dt>Made</dt>
        <dd>${dayText(created_at, zone)}</dd>
      </div>
      <div>
        <dt>Expires</dt>
        <dd>${expires_at === null ? 'Never' : dayText(expires_at, zone)}</dd>
      </div>
      <div>
        <dt>Last used</dt>
        <dd>${used}</dd>
      </div>
    </dl>
    <ul class="words">
      ${scopesInWords(scopes).map((words) => html`<li>${words}</li>`)}
    </ul>
    <details class="ask">
      <summary>Revoke…</summary>
      <div class="stack">
        <p>Whatever uses this token stops working on its next request. This cannot be undone.</p>
        <form method="post" action="${here}/${id}/revoke">
          <input type="hidden" name="workspace" value="${membership.workspaceId}" />
          <button class="danger">Revoke ${name}</button>
        </form>
      </div>
    </details>
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
      ${one('mcp', 'An AI tool', 'over MCP')}
      ${one('api', 'A script or program', 'the REST API, the command line')}
    </div>
  </fieldset>`;
};

const tokenForm = (
  house: DoorHouse,
  memberships: readonly Membership[],
  wish: Wish,
  refused: Refusal | null,
): Html => {
  const open = memberships.filter(({ stopped }) => stopped === null);
  const workspaces = open.map(({ workspaceId, name }) => ({ value: workspaceId, label: name }));
  const only = workspaces.length === 1 ? workspaces[0] : undefined;
  return html`<form class="card stack" method="post" action="${here}" id="new">
    <h2>Make a token</h2>
    ${formError(refused, ['name'])}
    ${field({ name: 'name', label: 'Name', value: wish.name, autocomplete: 'off', maxLength: 100, hint: 'Where it will be used, such as “build server”.', refused })}
    ${
      only === undefined
        ? choose({ name: 'workspace', label: 'Workspace', value: wish.workspace, options: workspaces })
        : html`<input type="hidden" name="workspace" value="${only.value}" />`
    }
    ${resourceChoice(wish.resource)}
    ${choose({ name: 'days', label: 'Expires after', value: wish.days, options: lifetimes })}
    <fieldset class="stack-s">
      <legend>It may</legend>
      ${scopePicker(usefulScopes(house), wish.scopes)}
    </fieldset>
    <button>Make token</button>
  </form>`;
};

const answerTokens = async (
  house: DoorHouse,
  c: Context,
  session: Session,
  wish: Wish,
  refused: Refusal | null,
) => {
  const zone = session.user.timezone;
  const memberships = await membershipsOf(house.database, session.userId);
  const cards: Html[] = [];
  for (const membership of memberships) {
    if (membership.stopped !== null) continue;
    const tokens = await everyRow<Token>(house, c, session, membership.workspaceId, 'api_tokens.list');
    cards.push(...tokens.map((token) => tokenCard(house, token, membership, zone)));
  }
  const notice =
    c.req.query('notice') === 'revoked'
      ? html`<div class="notice" role="status">The token is revoked. Its next request is refused.</div>`
      : '';
  const stops = memberships.flatMap(({ stopped, appsStopped }) => stopped ?? appsStopped ?? []);
  const canMake = memberships.some(({ stopped }) => stopped === null);
  const body = html`<div class="stack-l">
    <div class="stack">
      <h1>API tokens</h1>
      <p class="lead">
        For agents and scripts that cannot open a browser. A token acts in your name, in one workspace, within
        its permissions.
      </p>
      ${notice} ${stops.map((sentence) => html`<div class="notice warn">${sentence}</div>`)}
    </div>
    ${cards.length === 0 ? html`<div class="empty">You have no token.</div>` : html`<div class="stack cards">${cards}</div>`}
    ${canMake ? tokenForm(house, memberships, wish, refused) : ''}
  </div>`;
  const status = refused === null ? 200 : (statusOf[refused.kind] as ContentfulStatusCode);
  return answerPage(c, { title: 'API tokens', body, user: session.user, here, width: 'middle' }, status);
};

/** `GET /account/tokens`. */
export const tokensPage = (house: DoorHouse) => (c: Context, session: Session) =>
  answerTokens(house, c, session, nothingWished, null);

const answerMade = (house: DoorHouse, c: Context, session: Session, token: Token, secret: string) => {
  const example =
    token.resource === 'mcp'
      ? `claude mcp add --transport http stint ${house.publicUrl}/mcp \\\n  --header "Authorization: Bearer ${secret}"`
      : `curl ${house.publicUrl}/api/v1/profile \\\n  --header "Authorization: Bearer ${secret}"`;
  const body = html`<div class="stack-l">
    <div class="stack">
      <h1>Copy your token now</h1>
      <p class="lead">This is the only time it is shown. Stint keeps no copy that could be read.</p>
    </div>
    <div class="card stack">
      <div class="stack-s">
        <p class="label" id="token">${token.name}</p>
        <pre class="copy address" tabindex="0" aria-labelledby="token">${secret}</pre>
        <p class="small muted">
          Click it to select all of it, then copy.
          ${token.expires_at === null ? 'It does not expire.' : `It expires on ${dayText(token.expires_at, session.user.timezone)}.`}
        </p>
      </div>
      <div class="stack-s">
        <p class="label">${token.resource === 'mcp' ? 'With Claude Code, for example' : 'To try it'}</p>
        <pre class="copy" tabindex="0">${example}</pre>
      </div>
    </div>
    <p><a class="button" href="${here}">I have copied it</a></p>
  </div>`;
  return answerPage(c, { title: 'Copy your token', body, user: session.user, here, width: 'middle' });
};

/** `POST /account/tokens`: answers with the token itself, this once. */
export const makeToken = (house: DoorHouse) => async (c: Context, session: Session) => {
  const form = await readForm(c, house);
  const wish: Wish = {
    name: form.text('name'),
    workspace: form.text('workspace'),
    resource: form.text('resource'),
    days: form.text('days'),
    scopes: form.all('scopes'),
  };
  try {
    const made = await operate<{ api_token: Token; secret: string }>(
      house,
      c,
      session,
      wish.workspace,
      'api_tokens.create',
      {
        name: wish.name,
        resource: wish.resource,
        scopes: [
          ...withReadScopes(wish.scopes.filter(isScope)),
          ...wish.scopes.filter((name) => !isScope(name)),
        ],
        expires_in_days: wish.days === '' ? null : Number(wish.days),
      },
    );
    return await answerMade(house, c, session, made.api_token, made.secret);
  } catch (refused) {
    if (!(refused instanceof Refusal)) throw refused;
    return answerTokens(house, c, session, wish, refused);
  }
};

/** `POST /account/tokens/{id}/revoke`. */
export const revokeToken = (house: DoorHouse) => async (c: Context, session: Session) => {
  const form = await readForm(c, house);
  await operate(house, c, session, form.text('workspace'), 'api_tokens.revoke', {
    id: c.req.param('id') ?? '',
  });
  return seeOther(c, `${here}?notice=revoked`);
};
