import { readBytes } from '#doors/common/read-bytes.ts';

/** The most that a body may have. */
export const bodyLimit = 1024 * 1024;

export type Body =
  | { readonly ok: true; readonly value: Record<string, unknown> }
  | {
      readonly ok: false;
      readonly code: 'not_json' | 'unsupported_media_type' | 'body_too_large';
      readonly detail: string;
    };

const tooLarge: Body = {
  ok: false,
  code: 'body_too_large',
  detail: 'The body is larger than 1 MiB. Send less at once.',
};
const notJson = (detail: string): Body => ({ ok: false, code: 'not_json', detail });

const isJson = (contentType: string): boolean =>
  /^application\/([a-z0-9.+-]+\+)?json$/i.test(contentType.split(';')[0]?.trim() ?? '');

/** Reads the arguments in a JSON body; no body at all is no arguments. */
export const readBody = async (request: Request): Promise<Body> => {
  const bytes = await readBytes(request, bodyLimit);
  if (bytes === 'too_large') return tooLarge;
  if (bytes === 'cut_off') return notJson('The body could not be read to its end.');
  if (bytes.length === 0) return { ok: true, value: {} };
  const contentType = request.headers.get('content-type') ?? '';
  if (!isJson(contentType)) {
    const given = contentType === '' ? 'no content type' : `"${contentType.slice(0, 60)}"`;
    return {
      ok: false,
      code: 'unsupported_media_type',
      detail: `The body must be application/json, but the request says ${given}.`,
    };
  }
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { ok: true, value: value as Record<string, unknown> };
    return notJson('The body must be a JSON object with the arguments by name.');
  } catch {
    return notJson('The body is not well-formed JSON in UTF-8.');
  }
};
