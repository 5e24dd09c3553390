import { html } from 'hono/html';
import type { Context } from 'hono';
import type { DoorHouse } from '#doors/common/house.ts';
import { answerPage, type Html, seeOther } from '#doors/common/layout.ts';
import { remoteAddress, requestFacts } from '#doors/common/request-facts.ts';
import { readSession } from '#doors/common/session-cookie.ts';
import { type Membership, membershipsOf } from '#identity/memberships.ts';
import type { Session } from '#identity/sessions.ts';
import { takeSignUp } from '#identity/throttle.ts';
import { createWorkspace } from '#identity/workspaces.ts';
import { Refusal } from '#values/refusal.ts';
import { answerForm } from './answer-form.ts';
import { connectGuide } from './connect-guide.ts';
import { readForm } from './form.ts';
import { type Connection, ownConnections } from './own-connections.ts';
import { guessPlace } from './places.ts';
import { welcome } from './welcome-page.ts';
import { agoText } from './words.ts';
import { workspaceForm, type WorkspaceWish } from './workspace-form.ts';

const planNames = { free: 'Free', solo_pro: 'Solo Pro', team: 'Team', business: 'Business' } as const;
const roleNames = {
  owner: 'Owner',
  admin: 'Admin',
  manager: 'Manager',
  member: 'Member',
  viewer: 'Viewer',
} as const;

const workspaceRow = (membership: Membership): Html =>
  html`<li>
    <span><b>${membership.name}</b></span>
    <span class="muted small">${roleNames[membership.role]}, ${planNames[membership.plan]}</span>
    ${membership.stopped === null ? '' : html`<p class="notice bad small">${membership.stopped}</p>`}
    ${membership.appsStopped === null ? '' : html`<p class="notice warn small">${membership.appsStopped}</p>`}
  </li>`;

const connectionRow =
  (house: DoorHouse, session: Session) =>
  (connection: Connection): Html => {
    const used =
      connection.last_used_at === null
        ? 'not used yet'
        : `used ${agoText(connection.last_used_at, house.clock(), session.user.timezone)}`;
    return html`<li>
      <a href="/account/integrations#${connection.id}">${connection.client_name}</a
      ><span class="muted small">${used}</span>
    </li>`;
  };

const answerHome = async (
  house: DoorHouse,
  c: Context,
  session: Session,
  wish: WorkspaceWish,
  refused: Refusal | null,
) => {
  const memberships = await membershipsOf(house.database, session.userId);
  const connections = (await ownConnections(house, c, session, memberships)).flatMap(({ active }) => active);
  const first = session.user.name.split(' ')[0] ?? session.user.name;
  const made = refused === null && c.req.query('notice') === 'workspace';
  const body = html`<div class="stack-l">
    <div class="stack">
      <div class="stack-s">
        <h1>Hello, ${first}</h1>
        <p class="lead">
          ${
            connections.length === 0
              ? 'Connect your first AI tool, then tell it to start a timer.'
              : 'Your connected tools can track time for you now.'
          }
        </p>
      </div>
      ${made ? html`<div class="notice" role="status">Your new workspace is ready.</div>` : ''}
    </div>
    <div class="columns main">
      <section class="card stack">
        <h2>Connect an AI tool</h2>
        ${connectGuide(house.publicUrl, connections.length === 0)}
      </section>
      <div class="stack-l">
        <section class="stack">
          <h2>Workspaces</h2>
          ${
            memberships.length === 0
              ? html`<p class="muted">
                  You belong to no workspace yet. Make one, or ask somebody to add you to theirs.
                </p>`
              : html`<ul class="rows">
                  ${memberships.map(workspaceRow)}
                </ul>`
          }
          ${workspaceForm(wish, refused, memberships.length === 0 || refused !== null)}
        </section>
        <section class="stack">
          <h2>Connected apps</h2>
          ${
            connections.length === 0
              ? html`<p class="muted">None yet. What you connect appears here, with all it does.</p>`
              : html`<ul class="rows">
                    ${connections.map(connectionRow(house, session))}
                  </ul>
                  <p><a href="/account/integrations">Permissions and recent actions</a></p>`
          }
        </section>
      </div>
    </div>
  </div>`;
  return answerForm(c, { title: 'Home', body, user: session.user, here: '/' }, refused);
};

/** `/`: what this is, or the home of who is signed in. */
export const homePage = (house: DoorHouse) => async (c: Context) => {
  const session = await readSession(c, house);
  if (session === null) {
    return answerPage(c, {
      title: 'Time tracking for people and their agents',
      body: welcome(house.publicUrl),
    });
  }
  const { currency } = guessPlace(c.req.header('accept-language'));
  return answerHome(house, c, session, { name: '', currency, timezone: session.user.timezone }, null);
};

/** `POST /workspaces`: makes a workspace that the sender owns; counted as a sign-up is. */
export const makeWorkspace = (house: DoorHouse) => async (c: Context, session: Session) => {
  const form = await readForm(c, house);
  const wish: WorkspaceWish = {
    name: form.text('name'),
    currency: form.text('currency'),
    timezone: form.text('timezone'),
  };
  try {
    const weekStart = session.user.week_start ?? guessPlace(c.req.header('accept-language')).weekStart;
    await takeSignUp(house.database, remoteAddress(c, house));
    const { ipPrefix } = requestFacts(c, house, 'web');
    const by = { via: 'session', userId: session.userId, ipPrefix } as const;
    await createWorkspace(house, { ...wish, ownerId: session.userId, weekStart }, by);
    return seeOther(c, '/?notice=workspace');
  } catch (refused) {
    if (!(refused instanceof Refusal)) throw refused;
    return answerHome(house, c, session, wish, refused);
  }
};
