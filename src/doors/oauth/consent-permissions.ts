import { html } from 'hono/html';
import type { Html } from '#doors/common/layout.ts';
import { areaName } from '#doors/common/scope-areas.ts';
import { type Offer, umbrellaWords } from '#identity/oauth-scopes.ts';
import type { Role } from '#operation/actor.ts';
import { type CoarseScope, type Scope, scopes } from '#operation/scopes.ts';
import { withArticle } from '#values/with-article.ts';

/** What is known when permissions are put to a person. */
export interface Known {
  /** What this client was given last, where its connection is still good. */
  readonly last: {
    readonly workspace_id: string;
    readonly scopes: string[];
  } | null;
  /** The lowest role that each permission is of use to. */
  readonly roles: ReadonlyMap<Scope, Role>;
  /** The ticks of an answer that was incomplete. */
  readonly ticks: readonly string[] | null;
}

/** Ticked to begin with: as the person left it last time, and what is asked for by name; what reaches others only so. */
const isTicked = (offer: Offer, known: Known, scope: Scope): boolean => {
  if (known.ticks !== null) return known.ticks.includes(scope);
  if (known.last === null) return offer.ticked.has(scope);
  const again = known.last.scopes.includes(scope) && scopes[scope].offer === 'safe';
  return again || offer.named.has(scope);
};

const box =
  (offer: Offer, known: Known) =>
  (scope: Scope): Html => {
    const isNew = known.last !== null && offer.named.has(scope) && !known.last.scopes.includes(scope);
    const role = known.roles.get(scope) ?? 'viewer';
    return html`<label class="choice ${isNew ? 'new' : ''}" data-needs="${role}">
      <input
        type="checkbox"
        name="scope"
        value="${scope}"
        ${isTicked(offer, known, scope) ? html`checked` : ''}
      />
      <span
        >${scopes[scope].words}${isNew ? html` <span class="badge good">new</span>` : ''}<small class="needs"
          >Of no use to your role there: it takes ${withArticle(role)}</small
        ></span
      >
    </label>`;
  };

/** An umbrella is on offer only where it was asked for by name; administration is ticked by the person alone. */
const umbrellaBox =
  (known: Known) =>
  (name: CoarseScope): Html => {
    const ticked = known.ticks === null ? name !== 'stint:admin' : known.ticks.includes(name);
    return html`<label class="choice" data-needs="${name === 'stint:admin' ? 'admin' : 'viewer'}">
      <input type="checkbox" name="scope" value="${name}" ${ticked ? html`checked` : ''} />
      <span
        >${umbrellaWords[name]}${
          name === 'stint:admin'
            ? html`<small class="needs">Of no use to your role there: it takes an admin</small>`
            : ''
        }</span
      >
    </label>`;
  };

/** The permissions on offer, by area; what reaches other people or administers stands apart and is ticked only when asked for by name. */
export const permissions = (offer: Offer, known: Known): Html => {
  const tick = box(offer, known);
  const telling = offer.offered.filter((scope) => scope !== 'mcp');
  const careful = telling.filter((scope) => scopes[scope].offer === 'named');
  const byArea = Map.groupBy(
    telling.filter((scope) => scopes[scope].offer === 'safe'),
    areaName,
  );
  const groups = [...byArea].map(
    ([area, list]) =>
      html`<fieldset>
        <legend>${area}</legend>
        ${list.map(tick)}
      </fieldset>`,
  );
  const settings =
    offer.umbrellas.length === 0
      ? ''
      : html`<fieldset>
          <legend>Settings</legend>
          ${offer.umbrellas.map(umbrellaBox(known))}
        </fieldset>`;
  const apart =
    careful.length === 0
      ? ''
      : html`<div class="careful" role="group" aria-labelledby="careful">
          <h3 id="careful">Only if you mean it</h3>
          ${careful.map(tick)}
        </div>`;
  return html`<div class="stack">
    <div class="stack-s">
      <h2>What may it do?</h2>
      <p class="muted small">
        It never gets more than your own role allows. Untick what you do not want; you can change it later. A
        permission to change something always comes with the one to see it.
      </p>
    </div>
    <div class="scopes">${groups} ${settings}</div>
    ${apart}
  </div>`;
};
