/** A parameter of a challenge may hold visible ASCII without quotes (RFC 6750, section 3). */
const quotable = (text: string): string =>
  text
    .replaceAll('’', "'")
    .replaceAll('→', '>')
    .replaceAll('"', "'")
    .replaceAll(/[^\x20-\x7e]|\\/g, '');

/** Where a client learns which authorization server guards the API (RFC 9728, section 3). */
const resourceMetadataUrl = (publicUrl: string): string =>
  `${publicUrl}/.well-known/oauth-protected-resource/api`;

/**
 * The `WWW-Authenticate` of a request without leave.
 * @see RFC 6750, section 3, and RFC 9728, section 5.1
 */
export const challenge = (
  publicUrl: string,
  parameters: {
    error?: 'invalid_token' | 'insufficient_scope';
    error_description?: string;
    scope?: string;
  },
): string =>
  `Bearer ${Object.entries({ ...parameters, resource_metadata: resourceMetadataUrl(publicUrl) })
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}="${quotable(value)}"`)
    .join(', ')}`;
