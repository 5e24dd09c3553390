import type { Context } from 'hono';
import { html } from 'hono/html';
import type { DoorHouse } from '#doors/common/house.ts';
import { seeOther } from '#doors/common/layout.ts';
import { remoteAddress } from '#doors/common/request-facts.ts';
import { readSession } from '#doors/common/session-cookie.ts';
import { signUp } from '#identity/accounts.ts';
import { readCurrency } from '#identity/read-fields.ts';
import { Refusal } from '#values/refusal.ts';
import { answerForm } from './answer-form.ts';
import { choose, field, formError } from './field.ts';
import { readForm } from './form.ts';
import { currencyOptions, guessPlace, readWeekStart, weekOptions, zoneOptions } from './places.ts';
import { localPath } from './return-to.ts';
import { answerSignIn } from './sign-in-page.ts';

interface Values {
  readonly name: string;
  readonly email: string;
  readonly timezone: string;
  readonly currency: string;
  readonly week_start: string;
}

const answerSignUp = (c: Context, returnTo: string, values: Values, refused: Refusal | null) => {
  const back = returnTo === '/' ? '' : html`<input type="hidden" name="return_to" value="${returnTo}" />`;
  const signInPath = returnTo === '/' ? '/login' : `/login?return_to=${encodeURIComponent(returnTo)}`;
  const { name, email, timezone, currency, week_start } = values;
  const body = html`<div class="stack">
    <h1>Create an account</h1>
    <p class="muted">You get a workspace of your own, ready for your first timer.</p>
    ${formError(refused, ['name', 'email', 'password', 'timezone', 'currency'])}
    <form class="card stack" method="post" action="/signup">
      ${back}
      ${field({ name: 'name', label: 'Your name', value: name, autocomplete: 'name', maxLength: 100, focus: refused === null, refused })}
      ${field({ name: 'email', label: 'E-mail address', type: 'email', value: email, autocomplete: 'username', maxLength: 254, refused })}
      ${field({
        name: 'password',
        label: 'Password',
        type: 'password',
        autocomplete: 'new-password',
        hint: 'At least 10 characters. Three or four words are good.',
        refused,
      })}
      ${choose({ name: 'timezone', label: 'Time zone', value: timezone, options: zoneOptions(timezone), refused })}
      <div class="pair">
        ${choose({ name: 'currency', label: 'Currency', value: currency, options: currencyOptions, refused })}
        ${choose({ name: 'week_start', label: 'Weeks start on', value: week_start, options: weekOptions })}
      </div>
      <button class="wide">Create account</button>
    </form>
    <p class="muted">You have one already? <a href="${signInPath}">Sign in</a></p>
  </div>`;
  return answerForm(c, { title: 'Create an account', body, width: 'narrow' }, refused);
};

/** `GET /signup`, filled in with what the browser's languages suggest. */
export const signUpPage = (house: DoorHouse) => async (c: Context) => {
  const returnTo = localPath(c.req.query('return_to'));
  if ((await readSession(c, house)) !== null) return seeOther(c, returnTo);
  const { timezone, currency, weekStart } = guessPlace(c.req.header('accept-language'));
  return answerSignUp(
    c,
    returnTo,
    { name: '', email: '', timezone, currency, week_start: String(weekStart) },
    null,
  );
};

/**
 * `POST /signup`. An address that has an account is answered exactly like a new one, with the sign-in form: who asks learns nothing, who
 * owns it signs in.
 */
export const signUpAction = (house: DoorHouse) => async (c: Context) => {
  const form = await readForm(c, house);
  const returnTo = localPath(form.text('return_to'));
  const guess = guessPlace(c.req.header('accept-language'));
  const values: Values = {
    name: form.text('name'),
    email: form.text('email').trim(),
    timezone: form.text('timezone') || guess.timezone,
    currency: form.text('currency') || guess.currency,
    week_start: form.text('week_start') || String(guess.weekStart),
  };
  try {
    await signUp(house, {
      name: values.name,
      email: values.email,
      password: form.text('password'),
      timezone: values.timezone,
      currency: readCurrency(values.currency),
      weekStart: readWeekStart(values.week_start) ?? 1,
      ip: remoteAddress(c, house),
    });
    const notice =
      'Your account is ready. Sign in with the password you chose; if you had an account here before, with the one you had.';
    return await answerSignIn(c, { returnTo, email: values.email, notice });
  } catch (refused) {
    if (!(refused instanceof Refusal)) throw refused;
    return answerSignUp(c, returnTo, values, refused);
  }
};
