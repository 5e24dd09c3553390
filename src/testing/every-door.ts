import type { DoorHouse } from '#doors/common/house.ts';
import { httpDoor } from '#doors/http/door.ts';
import { mcpDoor } from '#doors/mcp/door.ts';
import { oauthDoor } from '#doors/oauth/door.ts';
import { webDoor } from '#doors/web/door.ts';
import type { FetchDocument } from '#identity/oauth-fetch.ts';
import { openTestHouse, serveHouse, type TestHouse } from './house.ts';

/** The whole house on a free port, its doors in the order of program.ts. */
export interface OpenHouse {
  readonly house: TestHouse;
  readonly url: string;
  close(): Promise<void>;
}

const noInternet: FetchDocument = () => Promise.reject(new Error('there is no internet in a test'));

/** Opens every door. Client documents come from nowhere unless `fetchDocument` says from where. */
export const serveEveryDoor = async (
  changes: Partial<DoorHouse> = {},
  fetchDocument: FetchDocument = noInternet,
): Promise<OpenHouse> => {
  const served = await serveHouse(await openTestHouse(changes), [
    mcpDoor,
    httpDoor,
    (given) => oauthDoor(given, fetchDocument),
    webDoor,
  ]);
  return { ...served, house: served.house as TestHouse };
};

/** Sends a message to the MCP door as a client of 2025-11-25 does. */
export const sendMessage = (
  url: string,
  token: string,
  method: string,
  params: object = {},
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${url}/mcp`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-11-25',
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });

/** Calls a tool as a client of 2025-11-25 does. */
export const callTool = (
  url: string,
  token: string,
  name: string,
  input: object = {},
  headers: Record<string, string> = {},
): Promise<Response> => sendMessage(url, token, 'tools/call', { name, arguments: input }, headers);

/** What a tool answered: its structure, or its error as `{ error }`. */
export const toolAnswer = async (response: Response): Promise<Record<string, unknown>> => {
  const { result } = (await response.json()) as {
    result: { structuredContent?: Record<string, unknown>; content: { text: string }[]; isError?: boolean };
  };
  return result.structuredContent ?? (JSON.parse(result.content[0]!.text) as Record<string, unknown>);
};

/** The names of the tools that a token is shown. */
export const toolNames = async (url: string, token: string): Promise<string[]> => {
  const answer = await sendMessage(url, token, 'tools/list');
  const { result } = (await answer.json()) as { result: { tools: { name: string }[] } };
  return result.tools.map(({ name }) => name);
};
