import { isDeepStrictEqual } from 'node:util';
import { readTexts } from '#doors/common/read-text.ts';
import type { Operation } from '#operation/operation.ts';
import { type Refusal, validationFailed } from '#values/refusal.ts';
import type { Route } from './route.ts';

/** `"3"` or `W/"3"` → 3. */
const versionIn = (etag: string): number | null => {
  const digits = /^(?:W\/)?"(\d{1,9})"$/.exec(etag.trim())?.[1];
  return digits === undefined ? null : Number(digits);
};

/**
 * What the request says outside of its body and query, as arguments; each may also be given there, but not differently. Where something
 * changes, the operation must know what a header asks of it, or refuses it as any unknown argument: who sends one counts on it.
 * @see RFC 9110, section 13.1.1: what is asked on a condition is not done without it
 */
const fromPathAndHeaders = (
  operation: Operation,
  route: Route,
  request: { id: string | undefined; headers: Headers },
): Record<string, unknown> => {
  const found: Record<string, unknown> = {};
  if (route.hasId) found['id'] = request.id;
  if (operation.effect === 'read') return found;
  const key = request.headers.get('idempotency-key');
  if (key !== null) found['idempotency_key'] = key;
  const etag = request.headers.get('if-match');
  if (etag !== null && etag.trim() !== '*') {
    const version = versionIn(etag);
    if (version === null) {
      throw validationFailed({ message: 'If-Match must be one version in quotes, like "3".' }, 'If-Match');
    }
    found['expected_version'] = version;
  }
  return found;
};

/** All arguments of a call: from path, headers, query string and body. Throws `validation_failed` where two of them differ. */
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
  const texts = readTexts(operation.input, request.query);
  return [request.body, fromPathAndHeaders(operation, route, request)].reduce((given, more) => {
    const twice = Object.keys(more).find(
      (name) => Object.hasOwn(given, name) && !isDeepStrictEqual(given[name], more[name]),
    );
    if (twice !== undefined) throw saidTwice(twice);
    return { ...given, ...more };
  }, texts);
};

const saidTwice = (name: string): Refusal =>
  validationFailed({ message: `${name} is given twice with different values.` }, name);
