import type { Context } from 'hono';
import type { DoorHouse } from '#doors/common/house.ts';
import { openFileLink } from '#identity/file-links.ts';
import { notFound } from '#values/refusal.ts';
import { answerRefusal } from './error-page.ts';

/** @see RFC 6266, section 4.1, and RFC 8187, section 3.2: the plain name is for old browsers, the other one counts. */
const attachment = (name: string): string => {
  const plain = name.replaceAll(/[^\w. -]/g, '_');
  const full = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.codePointAt(0)!.toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${full}`;
};

/** `GET /files/{link}/{name}`: a file, to whoever has a link that is still good. Never shown as a page of this house. */
export const fileByLink =
  (house: DoorHouse) =>
  async (c: Context): Promise<Response> => {
    const name = c.req.param('name') ?? '';
    const file = await openFileLink(house, c.req.param('link') ?? '', name);
    if (file === null) return answerRefusal(house, c, notFound({}));
    return c.body(new Uint8Array(file.content), 200, {
      'content-type': file.mime,
      'content-disposition': attachment(name),
      'content-security-policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'x-robots-tag': 'noindex',
    });
  };
