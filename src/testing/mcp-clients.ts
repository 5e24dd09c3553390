import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

/** What the tests do with every client, whatever its age. */
export interface AnyClient {
  listTools(): Promise<{ tools: { name: string; annotations?: unknown; outputSchema?: unknown }[] }>;
  callTool(call: { name: string; arguments?: Record<string, unknown> }): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}
export type ClientKind = 'modern' | 'legacy' | 'SDK v1';
export const clientKinds: readonly ClientKind[] = ['modern', 'legacy', 'SDK v1'];

/** A real client that is connected to the MCP door of the house at `url`; `query` is put behind the address. */
export const connectClient = async (
  url: string,
  kind: ClientKind,
  token: string,
  query = '',
): Promise<AnyClient> => {
  const address = new URL(`${url}/mcp${query}`);
  const options = { requestInit: { headers: { Authorization: `Bearer ${token}` } } };
  const info = { name: 'a test', version: '1' };
  if (kind === 'SDK v1') {
    const client = new ClientV1(info);
    await client.connect(new TransportV1(address, options));
    return client;
  }
  const mode = kind === 'modern' ? { pin: '2026-07-28' } : ('legacy' as const);
  const client = new Client(info, { versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(address, options));
  return client;
};

/** The names of the tools that a client is shown. */
export const namesOf = async (client: AnyClient): Promise<string[]> =>
  (await client.listTools()).tools.map(({ name }) => name);

/** The text of a tool's result. */
export const textOf = (result: Record<string, unknown>): string =>
  (result['content'] as { type: string; text: string }[]).map(({ text }) => text).join('');

/** The refusal that a tool's result holds. */
export const errorOf = (result: Record<string, unknown>): Record<string, unknown> =>
  (JSON.parse(textOf(result)) as { error: Record<string, unknown> }).error;
