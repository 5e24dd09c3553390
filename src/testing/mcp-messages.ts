// Messages that tests of the MCP door send as they are, without a client.

export const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
export const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' };

/** The greeting of a client of before 2026-07-28. */
export const initialize = (protocolVersion: string) => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion, capabilities: {}, clientInfo: { name: 'a test', version: '1' } },
});

/** The error that a JSON-RPC answer holds. */
export const errorOf = async (response: Response) =>
  ((await response.json()) as { error: { code: unknown; message: string } }).error;
