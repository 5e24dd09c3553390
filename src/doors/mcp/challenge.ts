import { type Refusal, statusOf } from '#values/refusal.ts';

/** A parameter of a challenge holds visible ASCII without quotes or backslashes (RFC 6750, section 3). */
export const quotable = (text: string): string =>
  text
    .replaceAll('’', "'")
    .replaceAll('→', '>')
    .replaceAll('"', "'")
    .replaceAll(/[^\x20-\x7e]|\\/g, '');

/**
 * Where a client learns which authorization server guards this door (RFC 9728, section 3). Clients compare the resource found there
 * with what the person typed, so an address with a slash at its end has a document of its own.
 */
export const resourceMetadataUrl = (publicUrl: string, path: string): string =>
  `${publicUrl}/.well-known/oauth-protected-resource${path}`;

const answer = (status: number, error: object, challenge: Record<string, string> | null): Response =>
  Response.json(
    { error },
    {
      status,
      headers: {
        'Content-Type': 'application/json',
        'Cache-Control': 'no-store',
        ...(challenge === null
          ? {}
          : {
              'WWW-Authenticate': `Bearer ${Object.entries(challenge)
                .map(([name, value]) => `${name}="${quotable(value)}"`)
                .join(', ')}`,
            }),
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
            'This MCP server wants a bearer token in the Authorization header: sign in with OAuth, or make an API token for MCP under Account → API tokens. A token in the address is never accepted.',
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
