import { type Context, Hono } from 'hono';
import { bearerOf, resourceMetadataUrl } from '#doors/common/bearer.ts';
import type { DoorHouse } from '#doors/common/house.ts';
import { requestFacts } from '#doors/common/request-facts.ts';
import { authenticate } from '#identity/authenticate.ts';
import type { Actor } from '#operation/actor.ts';
import { insufficientScope } from '#operation/obstacle.ts';
import { rateLimited, Refusal } from '#values/refusal.ts';
import { answerBatch } from './batch.ts';
import { askForMcpScope, askForToken, stopped } from './challenge.ts';
import { mendClaudeHeaders } from './claude-header.ts';
import type { Exchange } from './exchange.ts';
import { codes, jsonRpcError } from './json-rpc.ts';
import { makeListCache } from './list-cache.ts';
import { readMenu } from './menu.ts';
import type { Offer } from './offer.ts';
import { corsHeaders, originCheck, preflight } from './origin.ts';
import { makeRateLimiter, type RateLimits, rateLimits } from '#doors/common/rate-limit.ts';
import { readMessage } from './read-message.ts';
import { firstWithLinks } from './resource-links.ts';
import { classify, eraOf, makeResponder } from './responder.ts';
import { stintOffer } from './stint-offer.ts';
import { makeToolbox } from './toolbox.ts';

const tooMany = (wait: number): Response =>
  Response.json(
    { error: rateLimited({ retry_after_ms: wait }).toJSON() },
    { status: 429, headers: { 'Retry-After': String(Math.ceil(wait / 1000)) } },
  );

/** Who speaks, or the answer to somebody who may not. */
const admit = async (house: DoorHouse, request: Request, metadataUrl: string, ipPrefix: string | null) => {
  const bearer = bearerOf(request.headers.get('authorization'));
  if (bearer === null) return askForToken(metadataUrl, null);
  const use = { ipPrefix, userAgent: request.headers.get('user-agent') };
  const found = await authenticate(house, bearer, 'mcp', use);
  if (found.kind === 'invalid') return askForToken(metadataUrl, found.description);
  if (found.kind === 'stopped') return stopped(found.refusal);
  const { via } = found.actor;
  if (via.scopes.has('mcp')) return found.actor;
  const refusal = insufficientScope({ operation: 'This MCP server', missing: ['mcp'], required: ['mcp'] });
  // Somebody with an API token has no sign-in to be sent to.
  return via.kind === 'grant' ? askForMcpScope(metadataUrl, refusal) : stopped(refusal);
};

/**
 * The MCP door: `POST /mcp` for 2026-07-28 and the handshake revisions 2025-11-25, 2025-06-18 and 2025-03-26, without sessions.
 * In this order: origin and host, token, method, rate, body; then the SDK.
 */
export const mcpDoor = (
  house: DoorHouse,
  limits: RateLimits = rateLimits,
  offer: Offer = stintOffer,
): Hono => {
  const toolbox = makeToolbox(house.operations);
  const limiter = makeRateLimiter(limits);
  const respond = makeResponder(house.log, offer);
  const listed = makeListCache(respond, offer);

  const answerOne = async (exchange: Exchange, request: Request, body: unknown): Promise<Response> => {
    const era = eraOf(request, body);
    return (await listed(era, exchange, request, body)) ?? respond(era, exchange, request, body);
  };

  const answerPost = async (
    c: Context,
    actor: Actor,
    base: Pick<Exchange, 'facts' | 'resourceMetadataUrl'>,
  ): Promise<Response> => {
    const wait = await limiter.take('requests', actor.via.id ?? actor.user.id);
    if (wait > 0) return tooMany(wait);
    const menu = readMenu((name) => c.req.query(name));
    if (typeof menu === 'string') return jsonRpcError(400, codes.invalidRequest, menu);
    const request = c.req.raw;
    const read = await readMessage(request);
    if (read instanceof Response) return read;
    const { body } = read;
    const exchangeOf = (message: unknown): Exchange => ({
      ...base,
      house,
      toolbox,
      limiter,
      actor,
      menu,
      now: house.clock(),
      serverTitle: `Stint: ${actor.workspace.name}`,
      takesLinks: (request.headers.get('mcp-protocol-version') ?? '') >= firstWithLinks,
      message: typeof message === 'object' && message !== null ? message : {},
    });
    if (Array.isArray(body) && classify(request, body).kind === 'legacy') {
      return answerBatch(request, body, (message) => answerOne(exchangeOf(message), request, message));
    }
    const exchange = exchangeOf(body);
    mendClaudeHeaders(request, exchange.message);
    return answerOne(exchange, request, body);
  };

  const answer = async (c: Context): Promise<Response> => {
    const { method } = c.req.raw;
    if (method === 'OPTIONS') return preflight();
    const facts = requestFacts(c, house, 'mcp');
    const metadataUrl = resourceMetadataUrl(house.publicUrl, c.req.path);
    const admitted = await admit(house, c.req.raw, metadataUrl, facts.ipPrefix);
    if (admitted instanceof Response) {
      // Who guesses at tokens is slowed down; who is only stopped for now is known.
      const wait = admitted.status === 401 ? await limiter.take('strangers', facts.ipPrefix ?? '') : 0;
      return wait > 0 ? tooMany(wait) : admitted;
    }
    if (method !== 'POST') {
      return jsonRpcError(405, codes.transport, 'This MCP server speaks by POST only; it has no sessions.', {
        headers: { Allow: 'POST' },
      });
    }
    const response = await answerPost(c, admitted, { facts, resourceMetadataUrl: metadataUrl });
    if (response.status >= 500) house.log.error({ status: response.status, request: facts.id }, 'mcp failed');
    return response;
  };

  const foreignTo = originCheck(house.publicUrl);
  const door = new Hono();
  const readable = (c: Context, response: Response): Response => {
    for (const [name, value] of corsHeaders(c.req.raw)) response.headers.set(name, value);
    return response;
  };
  door.onError((error, c) => {
    if (error instanceof Refusal) return readable(c, stopped(error));
    house.log.error({ err: error }, 'mcp failed');
    const sentence = 'Something broke on our side; nothing was saved. Try again.';
    return readable(c, jsonRpcError(500, codes.internal, sentence));
  });
  door.on(['GET', 'POST', 'DELETE', 'OPTIONS', 'PUT', 'PATCH'], ['/mcp', '/mcp/'], async (c) => {
    return foreignTo(c.req.raw) ?? readable(c, await answer(c));
  });
  return door;
};
