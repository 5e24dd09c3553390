import type { Context } from 'hono';
import { readBytes } from '#doors/common/read-bytes.ts';
import { oauthError } from '#identity/oauth-error.ts';

const mostBytes = 64 * 1024;
const longestValue = 8000;

/** The parameters of a request. What is there without a value counts as left out (RFC 6749 section 3.1). */
export interface Parameters {
  /** The only value, or undefined. */
  one(name: string): string | undefined;
  /** Every value. */
  all(name: string): string[];
}

/** Reads parameters; those named in `repeatable` may come more than once, any other one that does is `invalid_request`. */
export const parametersIn = (search: URLSearchParams, repeatable: readonly string[] = []): Parameters => {
  for (const [name, value] of search) {
    if (value.length > longestValue) {
      throw oauthError('invalid_request', `${name.slice(0, 60)} is longer than ${longestValue} characters`);
    }
    // The store keeps every character but this one.
    if (value.includes('\0'))
      throw oauthError('invalid_request', `${name.slice(0, 60)} holds a null character`);
    if (!repeatable.includes(name) && search.getAll(name).length > 1) {
      throw oauthError('invalid_request', `${name.slice(0, 60)} is there more than once`);
    }
  }
  const all = (name: string) => search.getAll(name).filter((value) => value !== '');
  return { one: (name) => all(name)[0], all };
};

/** The text of a request's body; `invalid_request` where it is too long. */
export const readBody = async (c: Context): Promise<string> => {
  const bytes = await readBytes(c.req.raw, mostBytes);
  if (bytes === 'too_large') throw oauthError('invalid_request', 'the body is longer than 64 KB');
  if (bytes === 'cut_off') throw oauthError('invalid_request', 'the body could not be read to its end');
  return bytes.toString('utf8');
};

/** The parameters of a form. */
export const readForm = async (c: Context, repeatable: readonly string[] = []): Promise<Parameters> => {
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') {
    throw oauthError('invalid_request', 'the body must be application/x-www-form-urlencoded');
  }
  return parametersIn(new URLSearchParams(await readBody(c)), repeatable);
};
