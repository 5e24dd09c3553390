import { html } from 'hono/html';
import type { Html } from '#doors/common/layout.ts';
import type { Refusal } from '#values/refusal.ts';

/** A field of a form. */
export interface FieldParts {
  readonly name: string;
  readonly label: string;
  readonly type?: 'text' | 'email' | 'password';
  readonly value?: string;
  readonly autocomplete: string;
  readonly hint?: string;
  readonly maxLength?: number;
  readonly focus?: boolean;
  /** The refusal of the whole form; shown here when it is about this field. */
  readonly refused?: Refusal | null;
}

const message = (name: string, refused: Refusal | null | undefined): Html | '' =>
  refused?.field === name ? html`<p class="error" id="${name}-error">${refused.message}</p>` : '';

/** The attributes that lead from a control to its hint, and to what was wrong with it. */
const described = (name: string, hint: string | undefined, wrong: boolean): Html => {
  const about = [hint === undefined ? '' : `${name}-hint`, wrong ? `${name}-error` : ''].join(' ').trim();
  return html`${wrong ? html`aria-invalid="true"` : ''}
  ${about === '' ? '' : html`aria-describedby="${about}"`}`;
};

/** A labelled input, with its hint and what was wrong with it. */
export const field = (parts: FieldParts): Html => {
  const { name, label, type = 'text', value = '', autocomplete, hint, maxLength, focus, refused } = parts;
  const wrong = refused?.field === name;
  return html`<div class="field">
    <label for="${name}">${label}</label>
    <input
      id="${name}"
      name="${name}"
      type="${type}"
      value="${value}"
      autocomplete="${autocomplete}"
      required
      ${maxLength === undefined ? '' : html`maxlength="${maxLength}"`}
      ${focus === true || wrong ? html`autofocus` : ''}
      ${described(name, hint, wrong)}
      ${type === 'email' ? html`autocapitalize="none" spellcheck="false"` : ''}
    />
    ${hint === undefined ? '' : html`<p class="hint" id="${name}-hint">${hint}</p>`} ${message(name, refused)}
  </div>`;
};

/** One choice of a select. */
export interface Option {
  readonly value: string;
  readonly label: string;
  readonly group?: string;
}

/** A labelled select; options of one group stand together. */
export const choose = (parts: {
  name: string;
  label: string;
  value: string;
  options: readonly Option[];
  hint?: string;
  refused?: Refusal | null;
}): Html => {
  const { name, label, value, options, hint, refused } = parts;
  const one = (option: Option) =>
    html`<option value="${option.value}" ${option.value === value ? html`selected` : ''}>
      ${option.label}
    </option>`;
  const groups = [...Map.groupBy(options, ({ group }) => group)].map(([group, list]) =>
    group === undefined ? list.map(one) : html`<optgroup label="${group}">${list.map(one)}</optgroup>`,
  );
  return html`<div class="field">
    <label for="${name}">${label}</label>
    <select id="${name}" name="${name}" ${described(name, hint, refused?.field === name)}>
      ${groups}
    </select>
    ${hint === undefined ? '' : html`<p class="hint" id="${name}-hint">${hint}</p>`} ${message(name, refused)}
  </div>`;
};

/** What was wrong with the whole form, unless a field shows it. */
export const formError = (refused: Refusal | null | undefined, fields: readonly string[] = []): Html | '' =>
  refused == null || fields.includes(refused.field ?? '')
    ? ''
    : html`<div class="notice bad" role="alert">${refused.message}</div>`;
