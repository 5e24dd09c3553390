import { mcpDoor } from '#doors/mcp/door.ts';
import type { Offer } from '#doors/mcp/offer.ts';
import type { RateLimits } from '#doors/common/rate-limit.ts';
import type { DoorHouse } from '#doors/common/house.ts';
import { modernMeta } from './modern-meta.ts';
import { openTestHouse, type ServedHouse, serveHouse, type TestHouse } from './house.ts';

/** A house whose MCP door is open, and one way to speak to it without a client: header by header. */
export interface McpHouse extends ServedHouse {
  readonly house: TestHouse;
  /** One JSON-RPC message, or whatever else, as an HTTP request. */
  post(
    token: string | null,
    body: unknown,
    headers?: Record<string, string>,
    query?: string,
  ): Promise<Response>;
  /** A message of 2026-07-28 with everything that it must have; `headers` and `meta` may spoil it. */
  postModern(
    token: string,
    method: string,
    params?: Record<string, unknown>,
    options?: { headers?: Record<string, string>; meta?: Record<string, unknown>; query?: string },
  ): Promise<Response>;
}

/** Opens the MCP door on a free port of loopback. */
export const serveMcp = async (
  changes: Partial<DoorHouse> = {},
  limits?: RateLimits,
  offer?: Offer,
): Promise<McpHouse> => {
  const house = await openTestHouse(changes);
  const served = await serveHouse(house, [(given) => mcpDoor(given, limits, offer)]);
  const post: McpHouse['post'] = (token, body, headers = {}, query = '') =>
    fetch(`${served.url}/mcp${query}`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return {
    ...served,
    house: served.house as TestHouse,
    post,
    postModern: (token, method, params = {}, { headers = {}, meta = {}, query = '' } = {}) => {
      const name = params['name'] ?? params['uri'];
      const message = {
        jsonrpc: '2.0',
        id: 1,
        method,
        params: { ...params, _meta: { ...modernMeta, ...meta } },
      };
      return post(
        token,
        message,
        {
          'MCP-Protocol-Version': '2026-07-28',
          'Mcp-Method': method,
          ...(typeof name === 'string' ? { 'Mcp-Name': name } : {}),
          ...headers,
        },
        query,
      );
    },
  };
};
