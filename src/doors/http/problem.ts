import { type Refusal, refusals, statusOf } from '#values/refusal.ts';
import type { Operation } from '#operation/operation.ts';
import { apiRoot, routeOf } from './route.ts';

/** What the door itself says no to, before any operation is asked. */
export const doorProblems = {
  not_json: { status: 400, about: 'The body is not a JSON object.' },
  not_authenticated: {
    status: 401,
    about:
      'There is no bearer token, or it does not work here: unknown, expired, revoked, or made for another resource.',
  },
  no_such_path: { status: 404, about: 'Nothing lives at this path; openapi.json lists every one.' },
  method_not_allowed: {
    status: 405,
    about: 'The path exists, but not with this method; the Allow header says which.',
  },
  body_too_large: { status: 413, about: 'The body is larger than 1 MiB.' },
  unsupported_media_type: { status: 415, about: 'The body is not application/json.' },
} as const satisfies Record<string, { status: number; about: string }>;
export type DoorProblem = keyof typeof doorProblems;

/** What an answer of `application/problem+json` holds (RFC 9457), beside our own members. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly field?: string;
  readonly details?: object;
  /** The operation that helps. */
  readonly fix?: { readonly operation: string; readonly request?: string };
  readonly retry_after_ms?: number;
  readonly retryable: boolean;
  readonly request_id: string;
}

/** `timer_already_running` → "Timer already running": the same for every occurrence, as RFC 9457 wants of a title. */
const titleOf = (code: string): string => {
  const words = code.replaceAll('_', ' ');
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
};

/** Where somebody can read what a code means. */
const typeOf = (publicUrl: string, code: string): string => `${publicUrl}${apiRoot}/problems/${code}`;

/** Where the request came to, and its name. */
export interface Place {
  readonly publicUrl: string;
  readonly requestId: string;
}

/** The problem of something that this door itself refuses. */
export const doorProblem = (code: DoorProblem, detail: string, { publicUrl, requestId }: Place): Problem => ({
  type: typeOf(publicUrl, code),
  title: titleOf(code),
  status: doorProblems[code].status,
  detail,
  code,
  retryable: false,
  request_id: requestId,
});

/** The problem of a refusal: the same code and sentence as at every door. */
export const refusalProblem = (
  refused: Refusal,
  { publicUrl, requestId }: Place,
  operations: readonly Operation[],
): Problem => {
  const { code, message, fix_tool: fixTool, ...rest } = refused.toJSON();
  const helper = operations.find(({ name, doors }) => name === fixTool && doors.has('http'));
  const route = helper === undefined ? undefined : routeOf(helper);
  return {
    type: typeOf(publicUrl, code),
    title: titleOf(code),
    status: statusOf[refused.kind],
    detail: message,
    code,
    ...rest,
    ...(fixTool === undefined
      ? {}
      : {
          fix: {
            operation: fixTool,
            ...(route === undefined ? {} : { request: `${route.method} ${apiRoot}${route.path}` }),
          },
        }),
    request_id: requestId,
  };
};

/** The problem as a response. */
export const problemResponse = (problem: Problem, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      ...headers,
      ...(problem.retry_after_ms === undefined
        ? {}
        : { 'Retry-After': String(Math.max(1, Math.ceil(problem.retry_after_ms / 1000))) }),
      'Content-Type': 'application/problem+json',
    },
  });

/** What stands at the `type` of a problem: the code and what it means; null for a code that does not exist. */
export const aboutCode = (code: string): { code: string; status: number; about: string } | null => {
  if (Object.hasOwn(doorProblems, code)) return { code, ...doorProblems[code as DoorProblem] };
  const known = refusals.get(code);
  return known === undefined ? null : { code, status: statusOf[known.kind], about: known.about };
};
