/**
 * Clients that do not get past a 403 `insufficient_scope`: they show a bare error, or ask for a registration that cannot work. They are
 * told in the answer of the tool instead, with the page where the person adds the permission.
 */
const families = [/\bcodex\b/i, /\bgemini\b/i, /\bopencode\b/i];

/** Whether a connection's client is one of those, by the name it registered with or by what its request calls itself. */
export const cannotStepUp = (clientName: string | null, userAgent: string | null | undefined): boolean =>
  families.some((family) => family.test(clientName ?? '') || family.test(userAgent ?? ''));

/** Where a person adds permissions to a connection; they are marked on that page. The change counts from the next call on. */
export const addPermissionUrl = (publicUrl: string, scopes: readonly string[]): string =>
  `${publicUrl}/account/integrations?add=${scopes.map(encodeURIComponent).join('+')}`;

/** Where clients read what protects the MCP server or the API: for `resource_metadata` in a challenge. @see RFC 9728 section 5.1 */
export const resourceMetadataUrl = (publicUrl: string, path: string): string =>
  `${publicUrl}/.well-known/oauth-protected-resource${path}`;
