import type { Context } from 'hono';
import type { AuthorizationRequest } from '#identity/oauth-transactions.ts';
import type { Session } from '#identity/sessions.ts';

/** To sign in and back to the request. `again` asks for the password even of somebody who is signed in. */
export const toSignIn = (c: Context, secret: string, again: boolean): Response => {
  c.header('cache-control', 'no-store');
  const back = encodeURIComponent(`/oauth/authorize?tx=${secret}`);
  return c.redirect(`/login?return_to=${back}${again ? '&again=1' : ''}`, 303);
};

/** Whether the person must sign in (again) before this request is put to them, and before they can answer it. */
export const mustSignIn = (request: AuthorizationRequest, session: Session): boolean =>
  request.signedInAfter !== null &&
  Temporal.Instant.compare(session.createdAt, Temporal.Instant.from(request.signedInAfter)) < 0;
