import type { Operation } from '#operation/operation.ts';
import type { Answer } from '#operation/run.ts';
import { apiRoot, type Route } from './route.ts';

type Thing = Record<string, unknown>;

const isThing = (value: unknown): value is Thing =>
  typeof value === 'object' && value !== null && typeof (value as Thing)['id'] === 'string';

/** The one record that an answer is about: the answer itself, or its first member with an id. */
const subjectOf = (answer: Answer): Thing | undefined =>
  isThing(answer) ? answer : Object.values(answer).find(isThing);

/** `"3"` for version 3. @see RFC 9110, section 8.8.3 */
const etagOf = (answer: Answer): string | undefined => {
  const version = subjectOf(answer)?.['version'];
  return typeof version === 'number' ? `"${version}"` : undefined;
};

/** Where a new record can be read, if it can. */
const locationOf = (
  operation: Operation,
  operations: readonly Operation[],
  publicUrl: string,
  route: Route,
  answer: Answer,
): string | undefined => {
  const id = subjectOf(answer)?.['id'];
  const reader = `${operation.name.split('.')[0] ?? ''}.get`;
  const readable = operations.some(({ name, doors }) => name === reader && doors.has('http'));
  return readable && typeof id === 'string' ? `${publicUrl}${apiRoot}${route.path}/${id}` : undefined;
};

/** The `Link` to the page after this one (RFC 8288). */
const nextOf = (answer: Answer, publicUrl: string, requestUrl: string): string | undefined => {
  const cursor = (answer.meta as Thing | undefined)?.['next_cursor'];
  if (typeof cursor !== 'string') return undefined;
  const { pathname, searchParams } = new URL(requestUrl);
  searchParams.set('cursor', cursor);
  return `<${publicUrl}${pathname}?${searchParams.toString()}>; rel="next"`;
};

/** An answer as a response: 201 with its place for what was made, ETag where it has a version, Link where a page follows. */
export const answerResponse = (
  answer: Answer,
  asked: {
    operation: Operation;
    operations: readonly Operation[];
    route: Route;
    publicUrl: string;
    requestUrl: string;
  },
): Response => {
  const { operation, operations, route, publicUrl, requestUrl } = asked;
  const made =
    operation.name.endsWith('.create') && operation.effect === 'create' && answer.meta?.dry_run !== true;
  const headers = {
    'Content-Type': 'application/json',
    ETag: etagOf(answer),
    Location: made ? locationOf(operation, operations, publicUrl, route, answer) : undefined,
    Link: nextOf(answer, publicUrl, requestUrl),
  };
  return new Response(JSON.stringify(answer), {
    status: made ? 201 : 200,
    headers: Object.entries(headers).filter((header): header is [string, string] => header[1] !== undefined),
  });
};
