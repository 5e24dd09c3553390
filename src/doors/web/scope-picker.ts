import { html } from 'hono/html';
import type { Html } from '#doors/common/layout.ts';
import { areaName } from '#doors/common/scope-areas.ts';
import { type Scope, scopes } from '#operation/scopes.ts';

/** Checkboxes named `scopes`, one a permission, in words and by area. `wanted` ones are ticked and stand out as new. */
export const scopePicker = (
  offered: readonly Scope[],
  ticked: readonly string[],
  wanted: readonly string[] = [],
): Html => {
  const byArea = Map.groupBy(
    offered.filter((scope) => scope !== 'mcp'),
    areaName,
  );
  const box = (scope: Scope) => {
    const isNew = wanted.includes(scope) && !ticked.includes(scope);
    const checked = isNew || ticked.includes(scope) ? html`checked` : '';
    return html`<label class="choice ${isNew ? 'new' : ''}">
      <input type="checkbox" name="scopes" value="${scope}" ${checked} />
      <span>${scopes[scope].words}${isNew ? html` <span class="badge good">asked for</span>` : ''}</span>
    </label>`;
  };
  const groups = [...byArea].map(
    ([area, list]) =>
      html`<fieldset>
        <legend>${area}</legend>
        ${list.map(box)}
      </fieldset>`,
  );
  return html`<div class="scopes">${groups}</div>
    <p class="small muted">A permission to change something always comes with the one to see it.</p>`;
};
