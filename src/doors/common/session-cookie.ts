import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { absoluteHours, type Session, sessionOf } from '#identity/sessions.ts';
import type { DoorHouse } from './house.ts';

const isSecure = (house: DoorHouse): boolean => house.publicUrl.startsWith('https:');

/** The name of the cookie: `__Host-` binds it to this host over https; without https a browser would refuse that prefix. */
export const sessionCookieName = (house: DoorHouse): string => (isSecure(house) ? '__Host-stint' : 'stint');

/** The session's secret that the browser sent, or undefined. */
export const sessionSecret = (c: Context, house: DoorHouse): string | undefined =>
  getCookie(c, sessionCookieName(house));

/** Who is signed in with this request, or null. */
export const readSession = async (c: Context, house: DoorHouse): Promise<Session | null> => {
  const secret = sessionSecret(c, house);
  return secret === undefined ? null : sessionOf(house.database, secret, house.clock());
};

const attributes = (house: DoorHouse) =>
  ({ path: '/', httpOnly: true, sameSite: 'Lax', secure: isSecure(house) }) as const;

/** Gives the browser the secret of a new session. */
export const setSessionCookie = (c: Context, house: DoorHouse, secret: string): void =>
  setCookie(c, sessionCookieName(house), secret, { ...attributes(house), maxAge: absoluteHours * 3600 });

/** Takes the cookie away. */
export const clearSessionCookie = (c: Context, house: DoorHouse): void => {
  deleteCookie(c, sessionCookieName(house), attributes(house));
};
