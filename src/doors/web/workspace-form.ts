import { html } from 'hono/html';
import type { Html } from '#doors/common/layout.ts';
import type { Refusal } from '#values/refusal.ts';
import { choose, field, formError } from './field.ts';
import { currencyOptions, zoneOptions } from './places.ts';

/** What the form of a new workspace holds. */
export interface WorkspaceWish {
  readonly name: string;
  readonly currency: string;
  readonly timezone: string;
}

/** The form of a new workspace, behind a summary unless it is `open`: for who has none yet, or whose form was refused. */
export const workspaceForm = (wish: WorkspaceWish, refused: Refusal | null, open: boolean): Html => {
  const { name, currency, timezone } = wish;
  return html`<details class="more" id="new-workspace" ${open ? html`open` : ''}>
    <summary>New workspace</summary>
    <div>
      <form class="card stack" method="post" action="/workspaces">
        ${formError(refused, ['name', 'currency', 'timezone'])}
        ${field({ name: 'name', label: 'Name', value: name, autocomplete: 'organization', maxLength: 100, refused })}
        ${choose({ name: 'currency', label: 'Currency', value: currency, options: currencyOptions, refused })}
        ${choose({ name: 'timezone', label: 'Time zone', value: timezone, options: zoneOptions(timezone), refused })}
        <button>Make workspace</button>
      </form>
    </div>
  </details>`;
};
