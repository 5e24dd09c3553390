import type { Context } from 'hono';
import { refusal } from '#values/refusal.ts';
import type { DoorHouse } from './house.ts';

export const crossSiteRequest = refusal<{ address: string }>(
  'cross_site_request',
  'denied',
  'A form of this house was sent from a page of another address.',
  ({ address }) =>
    `This form was sent from another address than this Stint's own, so nothing was done. Open ${address} and try again there.`,
);

/**
 * Refuses a change that a browser sends on behalf of another site. Both headers are the browser's own, and no page can forge them;
 * where an old browser sends neither, the cookie's SameSite=Lax stands guard alone. Another port of the same host is another site here.
 * @see https://www.w3.org/TR/fetch-metadata/
 */
export const refuseCrossSite = (c: Context, house: DoorHouse): void => {
  const site = c.req.header('sec-fetch-site');
  const origin = c.req.header('origin');
  const foreign =
    (site !== undefined && site !== 'same-origin' && site !== 'none') ||
    (origin !== undefined && origin !== new URL(house.publicUrl).origin);
  if (foreign) throw crossSiteRequest({ address: house.publicUrl });
};
