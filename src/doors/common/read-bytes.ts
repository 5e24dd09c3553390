/**
 * Reads a body of at most `limit` bytes, whatever Content-Length says. What is too large is left unread, so that the answer arrives
 * before the connection ends; `cut_off` is a body whose sender went away, which is nobody's failure.
 */
export const readBytes = async (
  request: Request,
  limit: number,
): Promise<Buffer | 'too_large' | 'cut_off'> => {
  if (Number(request.headers.get('content-length') ?? 0) > limit) return 'too_large';
  if (request.body === null) return Buffer.alloc(0);
  const reader = (request.body as ReadableStream<Uint8Array>).getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return Buffer.concat(chunks);
      length += value.byteLength;
      if (length > limit) return 'too_large';
      chunks.push(value);
    }
  } catch {
    return 'cut_off';
  } finally {
    reader.releaseLock();
  }
};
