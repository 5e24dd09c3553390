import type { Context } from 'hono';
import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { stylesheetPath } from './stylesheet.ts';

/** What html`…` gives; values put into it are escaped. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** A whole page of the house. */
export interface PageParts {
  /** What the browser's tab says, before "· Stint". */
  readonly title: string;
  readonly body: Html;
  /** Who is signed in; without it the header offers to sign in. */
  readonly user?: { readonly name: string; readonly email: string; readonly administers?: boolean } | null;
  /** The path of the entry of the menu that this page belongs to. */
  readonly here?: string;
  /** narrow for a form, middle for reading, wide (as left out) for everything else. */
  readonly width?: 'narrow' | 'middle' | 'wide';
  /** No menu, no sign-in link: where leaving the page would lose what somebody was about to do (consent). */
  readonly bare?: boolean;
  /** Where the browser goes on to by itself. A redirect to another site would be stopped by form-action; this is not. */
  readonly refreshTo?: string;
}

/**
 * The headers of every page: no scripts, nothing from elsewhere, in nobody's frame, in no cache. The referrer policy is same-origin and
 * not no-referrer, because with the latter a browser sends "Origin: null" with our own forms. No opener policy: clients in a browser open
 * the sign-in as a popup, and an opener policy here would cut it off from them for good.
 */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
  'cache-control': 'no-store',
};

const mark = html`<svg viewBox="0 0 24 24" aria-hidden="true">
  <path d="M3 18.5h18" stroke="currentColor" stroke-opacity=".35" stroke-width="2.5" stroke-linecap="round" />
  <path d="M6 12h7" stroke="currentColor" stroke-width="5" stroke-linecap="round" />
  <path d="M16.5 5.5h1.5" stroke="currentColor" stroke-opacity=".6" stroke-width="5" stroke-linecap="round" />
</svg>`;
const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'%3E%3Crect width='24' height='24' rx='6' fill='%230c6553'/%3E%3Cg stroke='white' stroke-linecap='round'%3E%3Cpath d='M5 17.5h14' stroke-opacity='.5' stroke-width='2'/%3E%3Cpath d='M7.5 12h5.5' stroke-width='4'/%3E%3Cpath d='M16 6.8h.8' stroke-opacity='.75' stroke-width='4'/%3E%3C/g%3E%3C/svg%3E";

const menu = [
  ['/', 'Home'],
  ['/account/integrations', 'Integrations'],
  ['/account/tokens', 'API tokens'],
  ['/outbox', 'Outbox'],
  ['/account', 'Account'],
] as const;

const header = ({ user, here, bare = false }: PageParts): Html => {
  const links = menu
    .filter(([path]) => path !== '/outbox' || user?.administers === true)
    .map(
      ([path, label]) =>
        html`<a href="${path}" ${here === path ? html`aria-current="page"` : ''}>${label}</a>`,
    );
  const who =
    user == null
      ? html`<div class="who"><a href="/login">Sign in</a></div>`
      : html`<form class="who" method="post" action="/logout">
          <span class="muted" title="${user.email}">${user.name}</span><button class="link">Sign out</button>
        </form>`;
  return html`<header class="bar">
    <div>
      <a class="wordmark" href="/">${mark}<span>Stint</span></a>
      ${user == null || bare ? '' : html`<nav aria-label="Main">${links}</nav>`} ${bare ? '' : who}
    </div>
  </header>`;
};

/** A page as HTML. */
export const page = (parts: PageParts): Html => {
  const { title, body, width = 'wide', refreshTo } = parts;
  const refresh =
    refreshTo === undefined ? '' : html`<meta http-equiv="refresh" content="0;url=${refreshTo}" />`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        ${refresh}
        <title>${title} · Stint</title>
        <link rel="icon" href="${icon}" />
        <link rel="stylesheet" href="${stylesheetPath}" />
      </head>
      <body>
        <a class="skip" href="#content">Skip to the content</a>
        ${header(parts)}
        <main id="content" class="${width}">${body}</main>
        <footer class="foot">
          <div>
            <span>Stint, time tracking and invoicing for people and their agents</span>
            <a href="/api/v1/openapi.json">API</a>
          </div>
        </footer>
      </body>
    </html>`;
};

/** Answers with a page and its headers. */
export const answerPage = (
  c: Context,
  parts: PageParts,
  status: ContentfulStatusCode = 200,
): Response | Promise<Response> => c.html(page(parts), status, pageHeaders);

/** After a form: a GET elsewhere in the house, so that reloading does not send the form again. */
export const seeOther = (c: Context, path: string): Response => {
  c.header('cache-control', 'no-store');
  return c.redirect(path, 303);
};
