import { type Context, Hono } from 'hono';
import { cors } from 'hono/cors';
import { bearerChallenge, bearerOf, resourceMetadataUrl } from '#doors/common/bearer.ts';
import type { DoorHouse } from '#doors/common/house.ts';
import { makeRateLimiter, type RateLimits, rateLimits } from '#doors/common/rate-limit.ts';
import { requestFacts } from '#doors/common/request-facts.ts';
import { authenticate } from '#identity/authenticate.ts';
import type { Actor } from '#operation/actor.ts';
import { requiredScopes } from '#operation/obstacle.ts';
import type { Operation } from '#operation/operation.ts';
import { broken, type RequestFacts, run } from '#operation/run.ts';
import { rateLimited, Refusal } from '#values/refusal.ts';
import { answerResponse } from './answer.ts';
import { argumentsOf } from './arguments.ts';
import { readBody } from './body.ts';
import { openApi } from './openapi.ts';
import { aboutCode, doorProblem, type Place, problemResponse, refusalProblem } from './problem.ts';
import { apiRoot, type Route, routesOf } from './route.ts';

/** Lets scripts of other origins read answers: no cookie is ever looked at, so a page can do nothing without a token. */
const openToOrigins = cors({
  origin: '*',
  allowMethods: ['GET', 'POST', 'PATCH', 'DELETE'],
  allowHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'If-Match'],
  exposeHeaders: ['ETag', 'Link', 'Location', 'Retry-After', 'WWW-Authenticate', 'X-Request-Id'],
  maxAge: 600,
});

interface Asked {
  readonly c: Context;
  readonly operation: Operation;
  readonly route: Route;
  readonly facts: RequestFacts;
}

/**
 * The REST API: every operation with the door `http`, below `/api/v1`, at the path that its name, effect and input give. Bearer
 * tokens for the resource `…/api` only; refusals as problem+json.
 * @see RFC 9457 (problems), RFC 6750 and RFC 9728 (challenges), RFC 8288 (Link)
 */
export const httpDoor = (house: DoorHouse, limits: RateLimits = rateLimits): Hono => {
  const limiter = makeRateLimiter(limits);
  const metadataUrl = resourceMetadataUrl(house.publicUrl, '/api');
  const routes = routesOf(house.operations).map(({ operation, route }) => {
    const pathname = `${apiRoot}${route.path.replace('{id}', ':id')}`;
    return { operation, route, pathname, pattern: new URLPattern({ pathname }) };
  });
  let described: string | undefined;

  const placeOf = ({ id }: RequestFacts): Place => ({ publicUrl: house.publicUrl, requestId: id });

  const refuse = ({ c, facts }: Asked, actor: Actor | null, refused: Refusal): Response => {
    const problem = refusalProblem(refused, placeOf(facts), house.operations);
    if (refused.code === 'insufficient_scope' && actor?.via.kind === 'grant') {
      const { required } = refused.details as { required: string[] };
      return problemResponse(problem, {
        'WWW-Authenticate': bearerChallenge({
          error: 'insufficient_scope',
          error_description: refused.message,
          scope: required.join(' '),
          resource_metadata: metadataUrl,
        }),
      });
    }
    // What the caller put as a condition is answered as one (RFC 9110, section 13.1.1).
    return problemResponse(
      refused.code === 'conflict_version' && c.req.raw.headers.has('if-match')
        ? { ...problem, status: 412 }
        : problem,
    );
  };

  const unauthenticated = async (asked: Asked, invalid: string | null): Promise<Response> => {
    const { operation, facts } = asked;
    const wait = await limiter.take('strangers', facts.ipPrefix ?? '');
    if (wait > 0) return refuse(asked, null, rateLimited({ retry_after_ms: wait }));
    const detail =
      invalid ??
      'This needs an API token or connection for the API: send it as Authorization: Bearer …; tokens are made in Stint under API tokens.';
    return problemResponse(doorProblem('not_authenticated', detail, placeOf(facts)), {
      'WWW-Authenticate': bearerChallenge({
        ...(invalid === null ? {} : { error: 'invalid_token', error_description: invalid }),
        scope: requiredScopes(operation).join(' '),
        resource_metadata: metadataUrl,
      }),
    });
  };

  const perform = async (asked: Asked, actor: Actor): Promise<Response> => {
    const { c, operation, route, facts } = asked;
    const wait = await limiter.take(
      operation.effect === 'read' ? 'reads' : 'writes',
      actor.via.id ?? actor.user.id,
    );
    if (wait > 0) return refuse(asked, actor, rateLimited({ retry_after_ms: wait }));
    // Also of a DELETE, for one whose body says dry_run must not delete.
    const body = route.method === 'GET' ? ({ ok: true, value: {} } as const) : await readBody(c.req.raw);
    if (!body.ok) return problemResponse(doorProblem(body.code, body.detail, placeOf(facts)));
    try {
      const input = argumentsOf(operation, route, {
        id: c.req.param('id'),
        headers: c.req.raw.headers,
        query: new URL(c.req.url).searchParams,
        body: body.value,
      });
      const answer = await run(house, actor, operation, input, facts);
      const { operations, publicUrl } = house;
      return answerResponse(answer, { operation, operations, route, publicUrl, requestUrl: c.req.url });
    } catch (error) {
      if (error instanceof Refusal) return refuse(asked, actor, error);
      throw error;
    }
  };

  const answer = async (asked: Asked): Promise<Response> => {
    const bearer = bearerOf(asked.c.req.header('authorization'));
    if (bearer === null) return unauthenticated(asked, null);
    const known = await authenticate(house, bearer, 'api', {
      ipPrefix: asked.facts.ipPrefix,
      userAgent: asked.c.req.header('user-agent') ?? null,
    });
    if (known.kind === 'invalid') return unauthenticated(asked, known.description);
    if (known.kind === 'stopped') return refuse(asked, null, known.refusal);
    return perform(asked, known.actor);
  };

  const app = new Hono();
  app.use(`${apiRoot}/*`, openToOrigins);
  app.get(`${apiRoot}/openapi.json`, () => {
    described ??= JSON.stringify(openApi(house));
    return new Response(described, {
      headers: { 'Content-Type': 'application/json', 'Cache-Control': 'public, max-age=300' },
    });
  });
  app.get(`${apiRoot}/problems/:code`, (c) => {
    const about = aboutCode(c.req.param('code'));
    return about === null ? nothingHere(c) : c.json(about);
  });

  for (const { operation, route, pathname } of routes) {
    app.on(route.method, pathname, async (c) => {
      const facts = requestFacts(c, house, 'api');
      const asked = { c, operation, route, facts };
      const response = await answer(asked).catch((error: unknown) => {
        if (error instanceof Refusal) return refuse(asked, null, error);
        house.log.error({ err: error, operation: operation.name, request: facts.id }, 'request failed');
        return refuse(asked, null, broken({ reference: facts.id }));
      });
      response.headers.set('X-Request-Id', facts.id);
      response.headers.set('Cache-Control', 'no-store');
      response.headers.set('X-Content-Type-Options', 'nosniff');
      return response;
    });
  }

  const nothingHere = (c: Context): Response => {
    const place = placeOf(requestFacts(c, house, 'api'));
    const { pathname } = new URL(c.req.url);
    const fitting = routes.filter(({ pattern }) => pattern.test({ pathname }));
    if (fitting.length > 0) {
      const methods = [...new Set(fitting.map(({ route }) => route.method))].join(', ');
      const detail = `${pathname} does not take ${c.req.method}; it takes ${methods}.`;
      return problemResponse(doorProblem('method_not_allowed', detail, place), { Allow: methods });
    }
    const detail = `Nothing lives at ${pathname}. Every path is in ${house.publicUrl}${apiRoot}/openapi.json.`;
    return problemResponse(doorProblem('no_such_path', detail, place));
  };
  app.all('/api', nothingHere);
  app.all('/api/*', nothingHere);
  return app;
};
