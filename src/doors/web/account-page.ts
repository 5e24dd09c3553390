import type { Context } from 'hono';
import { html } from 'hono/html';
import type { DoorHouse } from '#doors/common/house.ts';
import { type Html, seeOther } from '#doors/common/layout.ts';
import { remoteAddress } from '#doors/common/request-facts.ts';
import { clearSessionCookie } from '#doors/common/session-cookie.ts';
import { changePassword, type ProfileChange, updateProfile } from '#identity/accounts.ts';
import { endAllSessions, type Session } from '#identity/sessions.ts';
import { Refusal } from '#values/refusal.ts';
import { answerForm } from './answer-form.ts';
import { choose, field, formError } from './field.ts';
import { ask } from './facts.ts';
import { readForm } from './form.ts';
import { readWeekStart, weekOptions, zoneOptions } from './places.ts';

const durationOptions = [
  { value: 'h:mm', label: '1:45' },
  { value: 'decimal', label: '1.75' },
  { value: 'text', label: '1 h 45 min' },
];
const notices = new Map(
  Object.entries({
    profile: 'Your profile is saved.',
    password: 'Your password is changed. Every other browser is signed out.',
  }),
);

type Refused = { form: 'profile' | 'password'; refusal: Refusal } | null;

const section = (title: string, about: string, content: Html): Html =>
  html`<section class="section columns left">
    <div class="stack-s">
      <h2>${title}</h2>
      <p class="muted">${about}</p>
    </div>
    <div>${content}</div>
  </section>`;

const profileForm = (session: Session, values: ProfileChange, refused: Refusal | null): Html =>
  html`<form class="stack" method="post" action="/account/profile">
    ${formError(refused, ['name', 'timezone'])}
    ${field({ name: 'name', label: 'Name', value: values.name, autocomplete: 'name', maxLength: 100, refused })}
    <div class="field">
      <p class="label">E-mail address</p>
      <p>${session.user.email}</p>
    </div>
    ${choose({
      name: 'timezone',
      label: 'Time zone',
      value: values.timezone,
      options: zoneOptions(values.timezone),
      hint: 'Times without a zone, said to an AI tool or typed here, are read in it.',
      refused,
    })}
    <div class="pair">
      ${choose({
        name: 'week_start',
        label: 'Weeks start on',
        value: String(values.week_start ?? ''),
        options: [{ value: '', label: 'As in the workspace' }, ...weekOptions],
      })}
      ${choose({ name: 'duration_format', label: 'Durations look like', value: values.duration_format, options: durationOptions })}
    </div>
    <button>Save profile</button>
  </form>`;

const passwordForm = (session: Session, refused: Refusal | null): Html =>
  html`<form class="stack" method="post" action="/account/password">
    ${formError(refused, ['current_password', 'password'])}
    <input
      type="text"
      name="username"
      autocomplete="username"
      value="${session.user.email}"
      hidden
      readonly
    />
    ${field({ name: 'current_password', label: 'Current password', type: 'password', autocomplete: 'current-password', refused })}
    ${field({
      name: 'password',
      label: 'New password',
      type: 'password',
      autocomplete: 'new-password',
      hint: 'At least 10 characters. Every other browser is signed out; connected apps stay.',
      refused,
    })}
    <button>Change password</button>
  </form>`;

const answerAccount = (c: Context, session: Session, values: ProfileChange, refused: Refused) => {
  const notice = refused === null ? notices.get(c.req.query('notice') ?? '') : undefined;
  const of = (form: 'profile' | 'password') => (refused?.form === form ? refused.refusal : null);
  const body = html`<div class="stack-l">
    <div class="stack">
      <h1>Account</h1>
      ${notice === undefined ? '' : html`<div class="notice" role="status">${notice}</div>`}
    </div>
    ${section('Profile', 'How you appear, and how times are read and written for you.', profileForm(session, values, of('profile')))}
    ${section('Password', 'Change it when somebody else may know it.', passwordForm(session, of('password')))}
    ${section(
      'Sign out everywhere',
      'For a lost laptop, or when in doubt.',
      ask(
        'Sign out everywhere',
        html`Every browser is signed out, this one too, and every connected app in every workspace is
          disconnected at once. API tokens go on working; revoke those under
          <a href="/account/tokens">API tokens</a>.`,
        html`<form method="post" action="/account/sign-out-everywhere">
          <button class="danger">Sign out everywhere</button>
        </form>`,
      ),
    )}
  </div>`;
  const parts = { title: 'Account', body, user: session.user, here: '/account' };
  return answerForm(c, parts, refused?.refusal ?? null);
};

/** `GET /account`. */
export const accountPage = (c: Context, session: Session) => answerAccount(c, session, session.user, null);

/** `POST /account/profile`. */
export const saveProfile = (house: DoorHouse) => async (c: Context, session: Session) => {
  const form = await readForm(c, house);
  const format = form.text('duration_format');
  const values: ProfileChange = {
    name: form.text('name'),
    timezone: form.text('timezone'),
    week_start: readWeekStart(form.text('week_start')),
    duration_format: format === 'decimal' || format === 'text' ? format : 'h:mm',
  };
  try {
    await updateProfile(house, session.userId, values);
    return seeOther(c, '/account?notice=profile');
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    return answerAccount(c, session, values, { form: 'profile', refusal });
  }
};

/** `POST /account/password`. */
export const savePassword = (house: DoorHouse) => async (c: Context, session: Session) => {
  const form = await readForm(c, house);
  try {
    await changePassword(house, {
      userId: session.userId,
      session: session.hash,
      current: form.text('current_password'),
      next: form.text('password'),
      ip: remoteAddress(c, house),
    });
    return seeOther(c, '/account?notice=password');
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    return answerAccount(c, session, session.user, { form: 'password', refusal });
  }
};

/** `POST /account/sign-out-everywhere`. */
export const signOutEverywhere = (house: DoorHouse) => async (c: Context, session: Session) => {
  await readForm(c, house);
  await endAllSessions(house.database, session.userId, house.clock());
  clearSessionCookie(c, house);
  return seeOther(c, '/login?notice=signed_out_everywhere');
};
