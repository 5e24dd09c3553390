import {
  CLIENT_CAPABILITIES_META_KEY,
  DEFAULT_NEGOTIATED_PROTOCOL_VERSION,
  PROTOCOL_VERSION_META_KEY,
  SUPPORTED_PROTOCOL_VERSIONS,
} from '@modelcontextprotocol/server';
import type { Exchange } from './exchange.ts';
import type { Offer } from './offer.ts';
import { classify, type Era, type Respond } from './responder.ts';

/** A list as the SDK wrote it once, with gaps where the id of the request and the title of the server go. */
type Template = (id: string | number, title: string) => Uint8Array<ArrayBuffer>;

const listMethods = new Set(['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list']);
const mostTemplates = 200;
const idGap = '@@the id goes here@@';
const titleGap = '@@the title goes here@@';

/** Kept as bytes: encoding a hundred thousand characters for every answer cost more than all the rest of it. */
const templateOf = (text: string): Template | null => {
  const parts = text.split(new RegExp(`("${idGap}"|"${titleGap}")`));
  if (parts.filter((part) => part === `"${idGap}"`).length !== 1) return null;
  const pieces = parts.map((part) =>
    part === `"${idGap}"` ? 'id' : part === `"${titleGap}"` ? 'title' : Buffer.from(part),
  );
  // Clients ask for their lists first, each time with the same id.
  let last: { id: string | number; title: string; bytes: Uint8Array<ArrayBuffer> } | null = null;
  return (id, title) => {
    if (last?.id === id && last.title === title) return last.bytes;
    const gaps = { id: Buffer.from(JSON.stringify(id)), title: Buffer.from(JSON.stringify(title)) };
    const bytes = Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? gaps[piece] : piece)));
    last = { id, title, bytes };
    return bytes;
  };
};

/** Has the SDK answer the list once, to an imagined request, and keeps what it wrote. Null when it does not answer it. */
const rehearse = async (
  respond: Respond,
  exchange: Exchange,
  era: Era,
  version: string,
): Promise<Template | null> => {
  const method = String(exchange.message.method);
  const meta = { [PROTOCOL_VERSION_META_KEY]: version, [CLIENT_CAPABILITIES_META_KEY]: {} };
  const message = {
    jsonrpc: '2.0',
    id: idGap,
    method,
    params: era === 'modern' ? { _meta: meta } : {},
  };
  const request = new Request(`${exchange.house.publicUrl}/mcp`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'MCP-Protocol-Version': version,
      ...(era === 'modern' ? { 'Mcp-Method': method } : {}),
    },
  });
  const response = await respond(era, { ...exchange, message, serverTitle: titleGap }, request, message);
  if (response.status !== 200) return null;
  return templateOf(await response.text());
};

/**
 * Answers lists from what the SDK wrote before, for everything that decides what is in them: method, era, protocol version and what the
 * offer says. Whoever gets here was let in already; only requests whose headers are in perfect order are served, the rest
 * gives null and is the SDK's to judge.
 */
export const makeListCache = (respond: Respond, offer: Offer) => {
  const templates = new Map<string, Promise<Template | null>>();
  return async (era: Era, exchange: Exchange, request: Request, body: unknown): Promise<Response | null> => {
    const { method, id } = exchange.message;
    if (typeof method !== 'string' || !listMethods.has(method)) return null;
    if (typeof id !== 'string' && typeof id !== 'number') return null;
    if (classify(request, body).kind === 'reject') return null;
    const header = request.headers.get('mcp-protocol-version');
    const version = header ?? (era === 'legacy' ? DEFAULT_NEGOTIATED_PROTOCOL_VERSION : null);
    const inOrder =
      version !== null &&
      (era === 'legacy'
        ? SUPPORTED_PROTOCOL_VERSIONS.includes(version)
        : request.headers.get('mcp-method') === method);
    if (!inOrder) return null;
    const key = `${method} ${era} ${version} ${offer.listKey(exchange)}`;
    let template = templates.get(key);
    if (template === undefined) {
      template = rehearse(respond, exchange, era, version);
      templates.set(key, template);
      const [oldest] = templates.keys();
      if (templates.size > mostTemplates && oldest !== undefined) templates.delete(oldest);
      template.then((made) => made ?? templates.delete(key)).catch(() => templates.delete(key));
    }
    const write = await template;
    if (write === null) return null;
    return new Response(write(id, exchange.serverTitle), {
      headers: { 'Content-Type': 'application/json' },
    });
  };
};
