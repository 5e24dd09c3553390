import type { Context, Handler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { DoorHouse } from '#doors/common/house.ts';
import { remoteAddress } from '#doors/common/request-facts.ts';
import type { CheckAssertion } from '#identity/oauth-assertions.ts';
import type { FindDocumentClient } from '#identity/oauth-cimd.ts';
import { authenticateClient } from '#identity/oauth-client-auth.ts';
import type { OauthClient } from '#identity/oauth-clients.ts';
import { isOauthError, oauthError } from '#identity/oauth-error.ts';
import { type Resource, resourceOf } from '#identity/oauth-resource.ts';
import type { Limits } from './limits.ts';
import type { Parameters } from './parameters.ts';

/** What the endpoints share. */
export interface OauthParts {
  readonly house: DoorHouse;
  readonly findDocumentClient: FindDocumentClient;
  readonly checkAssertion: CheckAssertion;
  readonly limits: Limits;
}

/** JSON that no cache may keep. @see RFC 6749 section 5.1 */
export const answerJson = (
  c: Context,
  body: object,
  status: ContentfulStatusCode = 200,
  headers: Record<string, string> = {},
): Response => c.json(body, status, { 'cache-control': 'no-store', pragma: 'no-cache', ...headers });

/**
 * Runs an endpoint that answers JSON. What is wrong with a request is 400, or 401 for `invalid_client`; too much of it 429; trouble of our
 * own is 503 `temporarily_unavailable`: at any other answer clients throw their tokens away and open a browser.
 * @see RFC 6749 section 5.2
 */
export const endpoint =
  (house: DoorHouse, answer: (c: Context) => Promise<Response>): Handler =>
  async (c) => {
    try {
      return await answer(c);
    } catch (error) {
      if (!isOauthError(error)) {
        house.log.error({ err: error, path: c.req.path }, 'an OAuth endpoint failed');
        const trouble = {
          error: 'temporarily_unavailable',
          error_description: 'Stint has trouble; try again in a moment',
        };
        return answerJson(c, trouble, 503, { 'retry-after': '5' });
      }
      const { oauthCode, message, retryAfterSeconds } = error;
      const status = oauthCode === 'invalid_client' ? 401 : retryAfterSeconds === undefined ? 400 : 429;
      const usedBasic = /^basic /i.test(c.req.header('authorization') ?? '');
      return answerJson(c, { error: oauthCode, error_description: message }, status, {
        ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
        ...(status === 401 && usedBasic ? { 'www-authenticate': 'Basic realm="Stint"' } : {}),
      });
    }
  };

/** The client that a form proves itself as. */
export const clientOf = (
  c: Context,
  { house, checkAssertion }: OauthParts,
  form: Parameters,
): Promise<OauthClient> =>
  authenticateClient(
    house.database,
    {
      authorization: c.req.header('authorization'),
      clientId: form.one('client_id'),
      clientSecret: form.one('client_secret'),
      assertion: form.one('client_assertion'),
      assertionType: form.one('client_assertion_type'),
      address: remoteAddress(c, house),
    },
    checkAssertion,
    house.clock(),
  );

/** The one resource that a request names, or null where it names none. @see RFC 8707 section 2 */
export const resourceIn = (publicUrl: string, parameters: Parameters): Resource | null => {
  const named = parameters.all('resource');
  if (named.length === 0) return null;
  const resource = named.length === 1 ? resourceOf(publicUrl, named[0]) : null;
  if (resource === null)
    throw oauthError('invalid_target', `the resource must be ${publicUrl}/mcp or ${publicUrl}/api`);
  return resource;
};
