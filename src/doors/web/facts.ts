import { html } from 'hono/html';
import type { Html } from '#doors/common/layout.ts';

/** A fact about something: its term, what it is, and a quieter second line. */
export const fact = (term: string, value: Html | string, more?: Html | string): Html => {
  const second =
    more === undefined || more === '' ? '' : html`<br /><span class="muted small">${more}</span>`;
  return html`<div>
    <dt>${term}</dt>
    <dd>${value}${second}</dd>
  </div>`;
};

/** Permissions in words, as a list. */
export const wordList = (words: readonly string[]): Html =>
  html`<ul class="words">
    ${words.map((each) => html`<li>${each}</li>`)}
  </ul>`;

/** A link that opens the question before something is ended; the form behind it does it. */
export const ask = (question: string, explanation: Html | string, form: Html): Html =>
  html`<details class="ask">
    <summary>${question}…</summary>
    <div class="stack">
      <p>${explanation}</p>
      ${form}
    </div>
  </details>`;
