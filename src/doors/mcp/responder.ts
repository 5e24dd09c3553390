import {
  type AuthInfo,
  classifyInboundRequest,
  createMcpHandler,
  type InboundClassificationOutcome,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import type { Logger } from 'pino';
import { bodyLimit } from './read-message.ts';
import type { Exchange } from './exchange.ts';
import type { Offer } from './offer.ts';
import { serverFor } from './server.ts';

/** The handshake revisions, and the one without a handshake. */
export type Era = 'legacy' | 'modern';
const modernRevision = '2026-07-28';

/** What the SDK makes of a request before anybody answers it: which era, or why not. */
export const classify = (request: Request, body: unknown): InboundClassificationOutcome =>
  classifyInboundRequest({
    httpMethod: 'POST',
    protocolVersionHeader: request.headers.get('mcp-protocol-version') ?? undefined,
    mcpMethodHeader: request.headers.get('mcp-method') ?? undefined,
    mcpNameHeader: request.headers.get('mcp-name') ?? undefined,
    body,
  });

/**
 * Which leg a message goes to. What is refused goes to the modern one too: it words the refusals of both eras. So does every request and
 * notification whose header names that revision, in order or not; the SDK classifies it there, and once is enough.
 */
export const eraOf = (request: Request, body: unknown): Era => {
  const asks = typeof body === 'object' && body !== null && 'method' in body;
  if (asks && request.headers.get('mcp-protocol-version') === modernRevision) return 'modern';
  return classify(request, body).kind === 'legacy' ? 'legacy' : 'modern';
};

/** What the SDK is told about the caller. The token itself stays outside. */
const authInfoOf = ({ actor, resourceMetadataUrl }: Exchange): AuthInfo => ({
  token: '',
  clientId: actor.via.id ?? '',
  scopes: [...actor.via.scopes],
  resourceMetadataUrl,
});

/** Answers one message of one era through the SDK. */
export type Respond = (era: Era, exchange: Exchange, request: Request, body: unknown) => Promise<Response>;

const acceptsStream = ({ headers }: Request): boolean =>
  headers.get('accept')?.includes('text/event-stream') ?? false;

/**
 * The two legs of this door. 2026-07-28 goes to the SDK's handler. What came before goes to a transport of our own, which answers in
 * JSON where the SDK's own fallback would open an event stream for every answer.
 */
export const makeResponder = (log: Logger, offer: Offer): Respond => {
  const onerror = (error: Error) => log.debug({ err: error }, 'mcp message not served');
  const exchanges = new WeakMap<Request, Exchange>();
  const modern = createMcpHandler(({ requestInfo }) => serverFor(offer, exchanges.get(requestInfo!)!), {
    legacy: 'reject',
    maxRequestBodySize: bodyLimit,
    onerror,
  });
  return async (era, exchange, request, body) => {
    const options = { authInfo: authInfoOf(exchange), parsedBody: body };
    if (era === 'modern') {
      exchanges.set(request, exchange);
      return modern.fetch(request, options);
    }
    const server = serverFor(offer, exchange);
    server.server.onerror = onerror;
    const streams = offer.speaksFirst(exchange.message) && acceptsStream(request);
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: !streams });
    await server.connect(transport);
    // Clients that take any answer, or say nothing, are served too: where they take no stream, there is JSON.
    request.headers.set('accept', 'application/json, text/event-stream');
    // A stream ends itself with its answer; closing the server here would cut it off.
    if (streams) return transport.handleRequest(request, options);
    try {
      return await transport.handleRequest(request, options);
    } finally {
      await server.close();
    }
  };
};
