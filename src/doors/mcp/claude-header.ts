import { CLIENT_INFO_META_KEY, PROTOCOL_VERSION_META_KEY } from '@modelcontextprotocol/server';
import { type Message, textParam } from './exchange.ts';

const metaOf = ({ params }: Message): Record<string, unknown> => {
  const meta: unknown =
    typeof params === 'object' && params !== null ? (params as { _meta?: unknown })._meta : undefined;
  return typeof meta === 'object' && meta !== null ? (meta as Record<string, unknown>) : {};
};

const isClaude = (request: Request, meta: Record<string, unknown>): boolean => {
  const info = meta[CLIENT_INFO_META_KEY];
  const name: unknown = typeof info === 'object' && info !== null ? (info as { name?: unknown }).name : '';
  return /claude|anthropic/i.test(`${String(name)} ${request.headers.get('user-agent') ?? ''}`);
};

/**
 * Mends the headers of one known fault, seen in connectors of claude.ai: a body of 2026-07-28 under the header 2025-11-25. The
 * specification wants that refused, and for everybody else it is; but for this client it would mean that every call fails. The body is
 * what counts everywhere else too.
 * @see https://github.com/anthropics/claude-code/issues/93290
 */
export const mendClaudeHeaders = (request: Request, message: Message): void => {
  const { headers } = request;
  if (headers.get('mcp-protocol-version') !== '2025-11-25') return;
  const meta = metaOf(message);
  if (meta[PROTOCOL_VERSION_META_KEY] !== '2026-07-28' || !isClaude(request, meta)) return;
  headers.set('mcp-protocol-version', '2026-07-28');
  if (typeof message.method === 'string' && !headers.has('mcp-method'))
    headers.set('mcp-method', message.method);
  const name = textParam(message, message.method === 'resources/read' ? 'uri' : 'name');
  if (name !== undefined && !headers.has('mcp-name')) {
    headers.set('mcp-name', `=?base64?${Buffer.from(name).toString('base64')}?=`);
  }
};
