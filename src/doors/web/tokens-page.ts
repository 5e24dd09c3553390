import type { Context } from 'hono';
import { html } from 'hono/html';
import type { DoorHouse } from '#doors/common/house.ts';
import { answerPage, type Html, seeOther } from '#doors/common/layout.ts';
import { membershipsOf } from '#identity/memberships.ts';
import type { Session } from '#identity/sessions.ts';
import { isScope, withReadScopes } from '#operation/scopes.ts';
import { Refusal } from '#values/refusal.ts';
import { answerForm } from './answer-form.ts';
import { readForm } from './form.ts';
import { everyRow, operate } from './signed-in.ts';
import { nothingWished, type Token, tokenCard, tokenForm, type Wish } from './token-form.ts';
import { dayText } from './words.ts';

const here = '/account/tokens';

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
  const open = memberships.filter(({ stopped }) => stopped === null);
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
    ${open.length > 0 ? tokenForm(house, open, wish, refused) : ''}
  </div>`;
  return answerForm(c, { title: 'API tokens', body, user: session.user, here, width: 'middle' }, refused);
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
          A click selects all of it, ready to copy.
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
