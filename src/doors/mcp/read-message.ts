import { isJsonContentType } from '@modelcontextprotocol/server';
import { readBytes } from '#doors/common/read-bytes.ts';
import { codes, jsonRpcError } from './json-rpc.ts';

/** The most that a body may have: 4 MiB, of which a receipt in base64 is the largest that is meant. */
export const bodyLimit = 4 * 1024 * 1024;

const tooLarge = () =>
  jsonRpcError(413, codes.transport, `The body is larger than ${bodyLimit} bytes. Send less at once.`, {
    headers: { Connection: 'close' },
  });

/** Reads no more than the limit, whatever is sent; null when there is more. */
const textOf = async (request: Request): Promise<string | null> => {
  const declared = request.headers.get('content-length');
  // The HTTP parser gives no more than was declared, so the fast way to read is safe.
  if (declared !== null && Number(declared) <= bodyLimit) return request.text();
  const bytes = await readBytes(request, bodyLimit);
  if (bytes === 'cut_off') throw new Error('cut off');
  return bytes === 'too_large' ? null : bytes.toString('utf8');
};

/** The JSON in the body, or the response that says why there is none. */
export const readMessage = async (request: Request): Promise<{ body: unknown } | Response> => {
  if (!isJsonContentType(request.headers.get('content-type'))) {
    return jsonRpcError(415, codes.transport, 'The body must have the content type application/json.');
  }
  let text: string | null;
  try {
    text = await textOf(request);
  } catch {
    return jsonRpcError(400, codes.parse, 'The body could not be read to its end.');
  }
  if (text === null) return tooLarge();
  try {
    return { body: JSON.parse(text) as unknown };
  } catch {
    return jsonRpcError(400, codes.parse, 'The body is not well-formed JSON.');
  }
};
