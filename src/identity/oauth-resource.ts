/** What a token is for. */
export type Resource = 'mcp' | 'api';

/** The canonical address of a resource: what metadata and challenges say. */
export const resourceUrl = (publicUrl: string, resource: Resource): string => `${publicUrl}/${resource}`;

/**
 * Which resource a client means, or null for a foreign one. Clients write it with and without a slash, as the bare origin, with an
 * upper-case host or with their query; left out it is the MCP server.
 * @see RFC 8707 section 2
 */
export const resourceOf = (publicUrl: string, given: string | undefined): Resource | null => {
  if (given === undefined || given === '') return 'mcp';
  if (!URL.canParse(given) || given.includes('#') || given.length > 2000) return null;
  const { origin, username, password, pathname } = new URL(given);
  if (origin !== new URL(publicUrl).origin || username !== '' || password !== '') return null;
  const path = pathname.replace(/\/$/, '');
  if (path === '' || path === '/mcp') return 'mcp';
  return path === '/api' || path === '/api/v1' ? 'api' : null;
};
