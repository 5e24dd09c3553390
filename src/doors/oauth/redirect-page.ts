import type { Context } from 'hono';
import { html } from 'hono/html';
import { answerPage } from '#doors/common/layout.ts';
import { answerAt, redirectHostOf } from '#identity/oauth-redirect-uri.ts';
import type { AuthorizationRequest } from '#identity/oauth-transactions.ts';

/** What the person decided. */
export type Decision =
  | { readonly kind: 'approved'; readonly code: string }
  | { readonly kind: 'denied'; readonly description: string };

/**
 * Sends the browser back to the app with the decision. A page that goes on by itself, with a link, and no 302: browsers apply `form-action`
 * to the redirects after a form, which would stop it at the app's address.
 * @see RFC 6749 sections 4.1.2 and 4.1.2.1, RFC 9207 section 2
 */
export const answerDecision = (
  c: Context,
  publicUrl: string,
  request: AuthorizationRequest,
  clientName: string,
  decision: Decision,
): Response | Promise<Response> => {
  const approved = decision.kind === 'approved';
  const target = answerAt(request.redirectUri, {
    ...(approved
      ? { code: decision.code }
      : { error: 'access_denied', error_description: decision.description }),
    state: request.state ?? undefined,
    iss: publicUrl,
  });
  return answerPage(c, {
    title: approved ? 'Connected' : 'Not connected',
    width: 'narrow',
    bare: true,
    refreshTo: target,
    body: html`<div class="stack">
      <h1>${approved ? html`${clientName} is connected` : html`${clientName} was not connected`}</h1>
      <p>
        You are on your way back to the app, at <strong>${redirectHostOf(request.redirectUri)}</strong>. If
        nothing happens, go on yourself:
      </p>
      <p><a class="button" href="${target}" rel="noreferrer">Back to ${clientName}</a></p>
      <p class="muted small">
        ${
          approved
            ? html`You can close this window once the app says that it is connected. What it may do is under
              Integrations.`
            : html`Nothing was changed.`
        }
      </p>
    </div>`,
  });
};
