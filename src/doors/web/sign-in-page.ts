import type { Context } from 'hono';
import { html } from 'hono/html';
import type { DoorHouse } from '#doors/common/house.ts';
import { seeOther } from '#doors/common/layout.ts';
import { ipPrefixOf, remoteAddress } from '#doors/common/request-facts.ts';
import {
  clearSessionCookie,
  readSession,
  sessionSecret,
  setSessionCookie,
} from '#doors/common/session-cookie.ts';
import { signIn } from '#identity/accounts.ts';
import { endSession, startSession } from '#identity/sessions.ts';
import { Refusal } from '#values/refusal.ts';
import { answerForm } from './answer-form.ts';
import { field, formError } from './field.ts';
import { readForm } from './form.ts';
import { localPath } from './return-to.ts';

interface SignInForm {
  readonly returnTo: string;
  readonly email?: string;
  readonly refused?: Refusal | null;
  /** A sentence above the form, after signing up or out. */
  readonly notice?: string;
}

const notices = new Map(
  Object.entries({
    signed_out: 'You are signed out.',
    signed_out_everywhere: 'You are signed out everywhere, and every app is disconnected.',
  }),
);

/** The sign-in form as an answer. */
export const answerSignIn = (
  c: Context,
  { returnTo, email = '', refused = null, notice }: SignInForm,
): Response | Promise<Response> => {
  const back = returnTo === '/' ? '' : html`<input type="hidden" name="return_to" value="${returnTo}" />`;
  const signUpPath = returnTo === '/' ? '/signup' : `/signup?return_to=${encodeURIComponent(returnTo)}`;
  const body = html`<div class="stack">
    <h1>Sign in</h1>
    ${notice === undefined ? '' : html`<div class="notice" role="status">${notice}</div>`}
    ${formError(refused)}
    <form class="card stack" method="post" action="/login">
      ${back}
      ${field({ name: 'email', label: 'E-mail address', type: 'email', value: email, autocomplete: 'username', maxLength: 254, focus: email === '' })}
      ${field({ name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password', focus: email !== '' })}
      <button class="wide">Sign in</button>
    </form>
    <p class="muted">New here? <a href="${signUpPath}">Create an account</a></p>
  </div>`;
  return answerForm(c, { title: 'Sign in', body, width: 'narrow' }, refused);
};

/** `GET /login`: who is signed in goes on, unless they come to sign in `again` (as somebody else, or because an app wants it fresh). */
export const signInPage = (house: DoorHouse) => async (c: Context) => {
  const returnTo = localPath(c.req.query('return_to'));
  const again = c.req.query('again') !== undefined;
  if (!again && (await readSession(c, house)) !== null) return seeOther(c, returnTo);
  const notice = notices.get(c.req.query('notice') ?? '');
  return answerSignIn(c, { returnTo, ...(notice === undefined ? {} : { notice }) });
};

/** `POST /login`: a right password starts a new session and ends the one that the browser came with. */
export const signInAction = (house: DoorHouse) => async (c: Context) => {
  const form = await readForm(c, house);
  const [email, returnTo] = [form.text('email'), localPath(form.text('return_to'))];
  const ip = remoteAddress(c, house);
  try {
    const { userId } = await signIn(house, { email, password: form.text('password'), ip });
    const facts = { ipPrefix: ipPrefixOf(ip), userAgent: c.req.header('user-agent') ?? null };
    const old = sessionSecret(c, house);
    if (old !== undefined) await endSession(house.database, old);
    setSessionCookie(c, house, await startSession(house.database, userId, facts, house.clock()));
    return seeOther(c, returnTo);
  } catch (refused) {
    if (!(refused instanceof Refusal)) throw refused;
    return answerSignIn(c, { returnTo, email, refused });
  }
};

/** `POST /logout`. */
export const signOutAction = (house: DoorHouse) => async (c: Context) => {
  await readForm(c, house);
  const secret = sessionSecret(c, house);
  if (secret !== undefined) await endSession(house.database, secret);
  clearSessionCookie(c, house);
  return seeOther(c, '/login?notice=signed_out');
};
