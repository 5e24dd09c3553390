/** A JSON-RPC error that this door answers itself, before the SDK sees the message. */
export const jsonRpcError = (
  status: number,
  code: number,
  message: string,
  options: { id?: unknown; data?: object; headers?: Record<string, string> } = {},
): Response => {
  const { id, data, headers = {} } = options;
  return Response.json(
    {
      jsonrpc: '2.0',
      error: { code, message, ...(data === undefined ? {} : { data }) },
      id: typeof id === 'string' || typeof id === 'number' ? id : null,
    },
    { status, headers: { 'Content-Type': 'application/json', ...headers } },
  );
};

/** JSON-RPC 2.0, section 5.1; -32000 is the one for what the transport refuses. */
export const codes = {
  parse: -32_700,
  invalidRequest: -32_600,
  internal: -32_603,
  transport: -32_000,
} as const;
