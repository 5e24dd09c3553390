import type { Context } from 'hono';
import { html } from 'hono/html';
import type { DoorHouse } from '#doors/common/house.ts';
import { answerPage, type Html, seeOther } from '#doors/common/layout.ts';
import { type Membership, membershipsOf } from '#identity/memberships.ts';
import type { Session } from '#identity/sessions.ts';
import { roleCovers } from '#operation/actor.ts';
import { isCoarseScope, isScope, withReadScopes } from '#operation/scopes.ts';
import { counted } from '#values/counted.ts';
import { notFound } from '#values/refusal.ts';
import { connectionCard, endedRow } from './connection-card.ts';
import { ask } from './facts.ts';
import { readForm } from './form.ts';
import { type Connection, ownConnections } from './own-connections.ts';
import { everyRow, operate } from './signed-in.ts';

const here = '/account/integrations';
const notices = new Map(
  Object.entries({
    disconnected: 'Disconnected. Its next request is refused.',
    disconnected_all: 'All your apps are disconnected.',
    saved: 'The permissions are saved. They count from the next request on.',
  }),
);
const noticeOf = (c: Context): Html | '' => {
  const notice = notices.get(c.req.query('notice') ?? '');
  return notice === undefined ? '' : html`<div class="notice" role="status">${notice}</div>`;
};

const memberLinks = (memberships: readonly Membership[]): Html | '' => {
  const led = memberships.filter(({ role, stopped }) => stopped === null && roleCovers(role, 'admin'));
  if (led.length === 0) return '';
  return html`<p class="muted">
    What others connected:
    ${led.map(({ slug, name }, index) => html`${index === 0 ? '' : ', '}<a href="${here}/members?workspace=${slug}">members’ apps in ${name}</a>`)}
  </p>`;
};

const disconnectAll = (number: number): Html =>
  ask(
    `Disconnect all ${number} apps`,
    'Every app that you connected, in every workspace, stops working on its next request.',
    html`<form method="post" action="${here}/disconnect-all">
      <button class="danger">Disconnect all</button>
    </form>`,
  );

/** `GET /account/integrations`: the person's own connected apps in all their workspaces. `?add=` ticks what an app asked for. */
export const integrationsPage = (house: DoorHouse) => async (c: Context, session: Session) => {
  const zone = session.user.timezone;
  const memberships = await membershipsOf(house.database, session.userId);
  const all = await ownConnections(house, c, session, memberships);
  const wanted = (c.req.queries('add') ?? [])
    .flatMap((text) => text.split(/[\s,]+/))
    .filter((name) => isScope(name) || isCoarseScope(name));
  const only = c.req.query('connection');
  const active = all.flatMap(({ membership, active }) =>
    active.map((connection) => ({ membership, connection })),
  );
  const ended = all.flatMap(({ membership, ended }) =>
    ended.map((connection) => ({ membership, connection })),
  );
  const cards = active.map(({ membership, connection }) => {
    const asked = only === undefined || only === connection.id ? withRead(wanted) : [];
    return connectionCard({ house, connection, membership, zone, wanted: asked, back: here });
  });
  const stops = memberships.flatMap(({ stopped, appsStopped }) => stopped ?? appsStopped ?? []);
  const body = html`<div class="stack-l">
    <div class="stack">
      <h1>Connected apps</h1>
      <p class="lead">What you connected acts in your name, in one workspace, within these permissions.</p>
      ${noticeOf(c)} ${stops.map((sentence) => html`<div class="notice warn">${sentence}</div>`)}
      ${memberLinks(memberships)}
    </div>
    ${
      cards.length === 0
        ? html`<div class="empty stack">
            <p>No app is connected.</p>
            <p><a href="/">How to connect an AI tool</a></p>
          </div>`
        : html`<div class="stack cards">${cards}</div>`
    }
    ${active.length > 1 ? disconnectAll(active.length) : ''}
    ${
      ended.length === 0
        ? ''
        : html`<details class="fold">
            <summary>Ended connections (${ended.length})</summary>
            <div>
              <ul class="rows">
                ${ended
                  .slice(0, 50)
                  .map(({ membership, connection }) => endedRow(connection, membership, zone))}
              </ul>
            </div>
          </details>`
    }
  </div>`;
  return answerPage(c, { title: 'Connected apps', body, user: session.user, here, width: 'middle' });
};

const withRead = (names: readonly string[]): string[] => [
  ...withReadScopes(names.filter(isScope)),
  ...names.filter(isCoarseScope),
];

const idOf = (c: Context): string => c.req.param('id') ?? '';

/** `POST /account/integrations/{id}/permissions`. */
export const savePermissions = (house: DoorHouse) => async (c: Context, session: Session) => {
  const form = await readForm(c, house);
  const [coarse, version] = [form.text('coarse'), form.text('version')];
  await operate(house, c, session, form.text('workspace'), 'connections.update', {
    id: idOf(c),
    scopes: withReadScopes(form.all('scopes').filter(isScope)),
    expected_version: version === '' ? undefined : Number(version),
    ...(form.all('coarse').length === 0 ? {} : { coarse: coarse === '' ? null : coarse }),
  });
  return seeOther(c, `${here}?notice=saved#${idOf(c)}`);
};

/** `POST /account/integrations/{id}/disconnect`, one's own or, for an admin, a member's. */
export const disconnectOne = (house: DoorHouse) => async (c: Context, session: Session) => {
  const form = await readForm(c, house);
  await operate(house, c, session, form.text('workspace'), 'connections.revoke', { id: idOf(c) });
  const back = form.text('back');
  return seeOther(
    c,
    back.startsWith(`${here}/members?workspace=`)
      ? `${back}&notice=disconnected`
      : `${here}?notice=disconnected`,
  );
};

/** `POST /account/integrations/disconnect-all`, in every workspace of the person. */
export const disconnectEvery = (house: DoorHouse) => async (c: Context, session: Session) => {
  await readForm(c, house);
  for (const { workspaceId } of await membershipsOf(house.database, session.userId)) {
    await operate(house, c, session, workspaceId, 'connections.revoke_all');
  }
  return seeOther(c, `${here}?notice=disconnected_all`);
};

/** `GET /account/integrations/members?workspace=slug`: what the members of a workspace connected, for its owner and admins. */
export const memberIntegrationsPage = (house: DoorHouse) => async (c: Context, session: Session) => {
  const slug = c.req.query('workspace');
  const membership = (await membershipsOf(house.database, session.userId)).find((each) => each.slug === slug);
  if (membership === undefined) throw notFound({});
  const connections = await everyRow<Connection>(
    house,
    c,
    session,
    membership.workspaceId,
    'connections.list_members',
  );
  const back = `${here}/members?workspace=${membership.slug}`;
  const cards = connections.map((connection) =>
    connectionCard({ house, connection, membership, zone: session.user.timezone, back }),
  );
  const people = new Set(connections.map(({ member }) => member?.user_id)).size;
  const body = html`<div class="stack-l">
    <div class="stack">
      <p class="small"><a href="${here}">Your connected apps</a></p>
      <h1>Members’ apps</h1>
      <p class="lead">
        ${counted(connections.length, 'app')} connected by ${people === 1 ? 'one person' : `${people} people`}
        in ${membership.name}.
      </p>
      ${noticeOf(c)}
    </div>
    ${cards.length === 0 ? html`<div class="empty">Nobody connected an app to this workspace.</div>` : html`<div class="stack cards">${cards}</div>`}
  </div>`;
  return answerPage(c, { title: 'Members’ apps', body, user: session.user, here, width: 'middle' });
};
