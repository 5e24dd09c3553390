import { bearerChallenge } from '#doors/common/bearer.ts';
import { type Refusal, statusOf } from '#values/refusal.ts';

const answer = (
  status: number,
  error: object,
  challenge: Parameters<typeof bearerChallenge>[0] | null,
): Response =>
  Response.json(
    { error },
    {
      status,
      headers: {
        'Cache-Control': 'no-store',
        ...(challenge === null ? {} : { 'WWW-Authenticate': bearerChallenge(challenge) }),
      },
    },
  );

/**
 * 401: asks for a token. The error is named only when a token was presented: without one, a client must not think that it has a bad one.
 * @see RFC 6750 section 3.1, RFC 9728 section 5.1
 */
export const askForToken = (metadataUrl: string, whatIsWrong: string | null): Response => {
  const common = { resource_metadata: metadataUrl, scope: 'mcp' };
  return whatIsWrong === null
    ? answer(
        401,
        {
          code: 'not_authenticated',
          message:
            'This MCP server wants a bearer token in the Authorization header: sign in with OAuth, or make an API token for MCP under API tokens in Stint. A token in the address is never accepted.',
        },
        common,
      )
    : answer(
        401,
        { code: 'invalid_token', message: `The token does not work here: ${whatIsWrong}.` },
        { error: 'invalid_token', error_description: whatIsWrong, ...common },
      );
};

/** Access stops for now (403), or the database is not there (503). No challenge, for signing in again would not help. */
export const stopped = (refusal: Refusal): Response => {
  const response = answer(statusOf[refusal.kind], refusal.toJSON(), null);
  if (refusal.retryAfterMs !== undefined)
    response.headers.set('Retry-After', String(Math.ceil(refusal.retryAfterMs / 1000)));
  return response;
};

/** 403: the connection is not for MCP; the person can add the scope. */
export const askForMcpScope = (metadataUrl: string, refusal: Refusal): Response =>
  answer(403, refusal.toJSON(), {
    error: 'insufficient_scope',
    error_description: refusal.message,
    resource_metadata: metadataUrl,
    scope: 'mcp',
  });
