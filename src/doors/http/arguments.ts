import { readTexts } from '#doors/common/read-text.ts';
import type { Operation } from '#operation/operation.ts';
import { type Refusal, validationFailed } from '#values/refusal.ts';
import type { Route } from './route.ts';

const has = (operation: Operation, argument: string): boolean =>
  Object.hasOwn(operation.input.shape, argument);

/** `"3"` or `W/"3"` → 3. */
const versionIn = (etag: string): number | null => {
  const digits = /^(?:W\/)?"(\d{1,9})"$/.exec(etag.trim())?.[1];
  return digits === undefined ? null : Number(digits);
};

/** What the request says outside of its body and query, as arguments; each may also be given there, but not otherwise. */
const fromPathAndHeaders = (
  operation: Operation,
  route: Route,
  request: { id: string | undefined; headers: Headers },
): Record<string, unknown> => {
  const found: Record<string, unknown> = {};
  if (route.hasId) found['id'] = request.id;
  const key = request.headers.get('idempotency-key');
  // A key where nothing changes is harmless; a strict input would refuse it.
  if (key !== null && has(operation, 'idempotency_key')) found['idempotency_key'] = key;
  const etag = request.headers.get('if-match');
  if (etag !== null && etag.trim() !== '*' && has(operation, 'expected_version')) {
    const version = versionIn(etag);
    if (version === null) {
      throw validationFailed({ message: 'If-Match must be one version in quotes, like "3".' }, 'If-Match');
    }
    found['expected_version'] = version;
  }
  return found;
};

/** All arguments of a call: from path, headers, and the query string or body. Throws `validation_failed` where two of them differ. */
export const argumentsOf = (
  operation: Operation,
  route: Route,
  request: {
    id: string | undefined;
    headers: Headers;
    query: URLSearchParams;
    body: Record<string, unknown>;
  },
): Record<string, unknown> => {
  const given: Record<string, unknown> = {
    ...readTexts(operation.input, request.query),
    ...request.body,
  };
  for (const [name, value] of Object.entries(fromPathAndHeaders(operation, route, request))) {
    if (Object.hasOwn(given, name) && given[name] !== value) throw saidTwice(name);
    given[name] = value;
  }
  return given;
};

const saidTwice = (name: string): Refusal =>
  validationFailed({ message: `${name} is given twice with different values.` }, name);
