/** The bearer of an Authorization header; null where there is none, or another scheme (RFC 6750, section 2.1). */
export const bearerOf = (authorization: string | null | undefined): string | null =>
  /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? null;

/** A parameter of a challenge holds visible ASCII without quotes or backslashes (RFC 6750, section 3). */
export const quotable = (text: string): string =>
  text
    .replaceAll('’', "'")
    .replaceAll('→', '>')
    .replaceAll('"', "'")
    .replaceAll(/[^\x20-\x7e]|\\/g, '');

/**
 * Where a client learns which authorization server guards the resource at `path`, like `/mcp` (RFC 9728, section 3). Clients compare the
 * resource found there with what the person typed, so an address with a slash at its end has a document of its own.
 */
export const resourceMetadataUrl = (publicUrl: string, path: string): string =>
  `${publicUrl}/.well-known/oauth-protected-resource${path}`;

/**
 * A `WWW-Authenticate` header; parameters that are empty are left out.
 * @see RFC 6750 section 3, RFC 9728 section 5.1
 */
export const bearerChallenge = (parameters: {
  readonly error?: 'invalid_token' | 'insufficient_scope';
  readonly error_description?: string;
  readonly scope: string;
  readonly resource_metadata: string;
}): string =>
  `Bearer ${Object.entries(parameters)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}="${quotable(value)}"`)
    .join(', ')}`;
