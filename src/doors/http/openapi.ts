import { z } from 'zod';
import { unavailable } from '#database/lost-connection.ts';
import type { DoorHouse } from '#doors/common/house.ts';
import {
  accountDisabled,
  membershipInactive,
  publicApiAccessRequired,
  workspaceInactive,
} from '#identity/stops.ts';
import {
  entitlementRequired,
  insufficientScope,
  requiredScopes,
  roleTooLow,
  workspaceReadOnly,
} from '#operation/obstacle.ts';
import type { Operation } from '#operation/operation.ts';
import { broken } from '#operation/run.ts';
import { coarseScopes, scopes } from '#operation/scopes.ts';
import {
  accessDenied,
  conflictVersion,
  idempotencyConflict,
  notFound,
  rateLimited,
  replayRefused,
  statusOf,
  validationFailed,
} from '#values/refusal.ts';
import { doorProblems } from './problem.ts';
import { apiRoot, type Route, routesOf } from './route.ts';

type Json = Record<string, unknown>;
interface ObjectSchema extends Json {
  properties?: Record<string, Json>;
  required?: string[];
}

/** What zod says of every whole number only because JavaScript has safe integers. */
const dropSafeBounds = ({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void => {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
};

/** The JSON Schema of one side of an operation, inlined, without `$schema`. */
const jsonSchemaOf = (schema: z.ZodObject, io: 'input' | 'output'): ObjectSchema => {
  const { $schema: _, ...plain } = z.toJSONSchema(schema, {
    io,
    reused: 'inline',
    target: 'draft-2020-12',
    override: dropSafeBounds,
  });
  return plain as ObjectSchema;
};

const words: Record<number, string> = {
  400: 'The body is not JSON.',
  401: 'No working token.',
  403: 'Not allowed.',
  404: 'Not found.',
  409: 'In conflict with how things are.',
  412: 'The record has another version than If-Match.',
  413: 'The body is too large.',
  415: 'The body is not said to be JSON.',
  422: 'Not well formed.',
  429: 'Too many calls.',
  500: 'Something broke on our side.',
  503: 'Not available now.',
};

/** How any operation can be refused here. */
const always = [
  ...[validationFailed, insufficientScope, roleTooLow, accessDenied, rateLimited, broken, unavailable],
  ...[accountDisabled, membershipInactive, workspaceInactive, publicApiAccessRequired],
] as const;
/** And any that changes something. */
const ofChanges = [workspaceReadOnly, idempotencyConflict, replayRefused] as const;

/** The problem responses of an operation: one a status, with the codes that can come. */
const problemsOf = (operation: Operation, route: Route): Json => {
  const codes = new Map<number, Set<string>>();
  const add = (status: number, code: string) =>
    codes.set(status, (codes.get(status) ?? new Set<string>()).add(code));
  const takes = Object.keys(operation.input.shape);
  const versioned = takes.includes('expected_version');
  const refusals = [
    ...always,
    ...(operation.effect === 'read' ? [] : ofChanges),
    ...(operation.needs.entitlement === undefined ? [] : [entitlementRequired]),
    ...(versioned ? [conflictVersion] : []),
    ...(takes.some((name) => /(^|_)ids?$/.test(name)) ? [notFound] : []),
    ...operation.refusals,
  ];
  for (const { kind, code } of refusals) add(statusOf[kind], code);
  if (versioned) add(412, conflictVersion.code);
  const ofBodies = ['not_json', 'body_too_large', 'unsupported_media_type'] as const;
  for (const code of ['not_authenticated', ...(route.method === 'GET' ? [] : ofBodies)] as const)
    add(doorProblems[code].status, code);
  return Object.fromEntries(
    [...codes]
      .sort(([a], [b]) => a - b)
      .map(([status, all]) => [
        String(status),
        {
          description: `${words[status] ?? 'A problem.'} Codes: ${[...all].sort().join(', ')}.`,
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      ]),
  );
};

/** A property as a parameter, or as a header under another name. */
const parameter = (
  place: 'path' | 'query' | 'header',
  name: string,
  schema: Json,
  required: boolean,
): Json => {
  const { description, ...rest } = schema;
  return {
    name,
    in: place,
    required,
    ...(description === undefined ? {} : { description }),
    schema: rest,
    ...(rest['type'] === 'array' && place === 'query' ? { style: 'form', explode: true } : {}),
  };
};

const operationObject = (operation: Operation, route: Route, tag: string): Json => {
  const { properties = {}, required = [], ...rest } = jsonSchemaOf(operation.input, 'input');
  const { id, idempotency_key: key, ...others } = properties;
  const own = route.hasId || id === undefined ? others : { id, ...others };
  const parameters: Json[] = [];
  if (route.hasId && id !== undefined) parameters.push(parameter('path', 'id', id, true));
  if (key !== undefined)
    parameters.push(parameter('header', 'Idempotency-Key', key, required.includes('idempotency_key')));
  if ('expected_version' in own) {
    const schema = { type: 'string', description: 'The version you read, in quotes: like expected_version.' };
    parameters.push(parameter('header', 'If-Match', schema, false));
  }
  const names = required.filter((name) => Object.hasOwn(own, name));
  if (!route.hasBody)
    for (const [name, schema] of Object.entries(own))
      parameters.push(parameter('query', name, schema, names.includes(name)));
  const needed = requiredScopes(operation);
  const made = operation.name.endsWith('.create') && operation.effect === 'create';
  return {
    operationId: operation.name,
    summary: operation.title,
    description: [operation.summary, operation.guidance].filter((text) => text !== undefined).join('\n\n'),
    tags: [tag],
    parameters,
    ...(route.hasBody && Object.keys(own).length > 0
      ? {
          requestBody: {
            required: names.length > 0,
            content: {
              'application/json': {
                schema: { ...rest, properties: own, ...(names.length > 0 ? { required: names } : {}) },
              },
            },
          },
        }
      : {}),
    responses: {
      [made ? '201' : '200']: {
        description: 'Done.',
        content: { 'application/json': { schema: jsonSchemaOf(operation.output, 'output') } },
      },
      ...problemsOf(operation, route),
    },
    security: [{ oauth2: needed }, { token: needed }],
    'x-required-scopes': needed,
    ...(operation.needs.anyScope === undefined ? {} : { 'x-any-scope': operation.needs.anyScope }),
    ...(operation.needs.coarse === undefined ? {} : { 'x-coarse-scope': operation.needs.coarse }),
    'x-role': operation.needs.role,
    ...(operation.needs.entitlement === undefined ? {} : { 'x-entitlement': operation.needs.entitlement }),
    'x-effect': operation.effect,
  };
};

const problemSchema: Json = {
  type: 'object',
  description: 'RFC 9457. The code and the sentence are the same at every door.',
  required: ['type', 'title', 'status', 'detail', 'code', 'retryable', 'request_id'],
  properties: {
    type: { type: 'string', format: 'uri', description: 'Says what the code means.' },
    title: { type: 'string', description: 'The code in words.' },
    status: { type: 'integer', description: 'The HTTP status.' },
    detail: { type: 'string', description: 'The sentence: what was wrong and what to do.' },
    code: { type: 'string', description: 'The refusal, in snake_case.' },
    field: { type: 'string', description: 'The argument it is about.' },
    details: { type: 'object', description: 'Facts by name; they differ by code.' },
    fix: {
      type: 'object',
      description: 'The operation that helps.',
      required: ['operation'],
      properties: {
        operation: { type: 'string', description: 'Its name.' },
        request: { type: 'string', description: 'Its method and path.' },
      },
    },
    retry_after_ms: { type: 'integer', description: 'How long to wait, in milliseconds.' },
    retryable: { type: 'boolean', description: 'Whether the same request can succeed later.' },
    request_id: { type: 'string', description: 'The X-Request-Id of this answer.' },
  },
};

/** The OpenAPI 3.1 description of the API, made from the operations. */
export const openApi = ({ operations, publicUrl }: Pick<DoorHouse, 'operations' | 'publicUrl'>): Json => {
  const paths: Record<string, Json> = {};
  const tags = new Set<string>();
  for (const { operation, route } of routesOf(operations)) {
    const tag = operation.name.split('.')[0] ?? '';
    tags.add(tag);
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: operationObject(operation, route, tag),
    };
  }
  const scopeWords: Record<string, string> = {};
  for (const [name, { words: text }] of Object.entries({ ...coarseScopes, ...scopes }))
    if (name !== 'mcp') scopeWords[name] = text;
  return {
    openapi: '3.1.1',
    info: {
      title: 'Stint',
      version: '1',
      summary: 'Time tracking and invoicing.',
      description:
        'Every operation of Stint. Money is a decimal string beside its currency; durations are whole seconds; dates are YYYY-MM-DD; naive local times are read in the time zone of the user. Fields that the token may not see are left out, and meta.omitted says which.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: `${publicUrl}${apiRoot}` }],
    tags: [...tags].sort().map((name) => ({ name })),
    paths,
    components: {
      schemas: { Problem: problemSchema },
      securitySchemes: {
        oauth2: {
          type: 'oauth2',
          description: `Ask for the resource ${publicUrl}/api.`,
          flows: {
            authorizationCode: {
              authorizationUrl: `${publicUrl}/oauth/authorize`,
              tokenUrl: `${publicUrl}/oauth/token`,
              refreshUrl: `${publicUrl}/oauth/token`,
              scopes: scopeWords,
            },
          },
        },
        token: { type: 'http', scheme: 'bearer', description: 'An API token made for the resource "api".' },
      },
    },
  };
};
