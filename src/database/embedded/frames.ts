import { joined } from './bytes.ts';

/**
 * Cuts the bytes of one session into batches of whole messages. PostgreSQL in WASM reads synchronously and takes missing
 * bytes for the end of the connection, so it must never see half a message.
 * @see https://www.postgresql.org/docs/18/protocol-message-formats.html
 */
export const frameMessages = (): ((bytes: Uint8Array) => Uint8Array[]) => {
  let rest: Uint8Array | undefined;
  let started = false;

  return (bytes) => {
    const all = rest ? Buffer.concat([rest, bytes]) : bytes;
    const view = new DataView(all.buffer, all.byteOffset, all.byteLength);
    const batches: Uint8Array[] = [];
    let from = 0;
    if (!started) {
      // The first message of a session has no type byte.
      if (all.length < 4 || all.length < view.getInt32(0)) return keep();
      from = view.getInt32(0);
      started = true;
      batches.push(all.subarray(0, from));
    }
    let to = from;
    while (all.length >= to + 5 && all.length >= to + 1 + view.getInt32(to + 1))
      to += 1 + view.getInt32(to + 1);
    if (to > from) batches.push(withoutCopy(all.subarray(from, to)));
    from = to;
    return keep();

    function keep() {
      rest = from < all.length ? new Uint8Array(all.subarray(from)) : undefined;
      return batches;
    }
  };
};

/**
 * COPY FROM STDIN would wait for data that cannot come. A CopyFail right after its Query or Execute makes an SQL error of that;
 * anywhere else PostgreSQL ignores the message, so that a text which merely looks like it comes to no harm.
 */
const withoutCopy = (batch: Uint8Array): Uint8Array => {
  const bytes = Buffer.from(batch.buffer, batch.byteOffset, batch.byteLength);
  if (!/\bcopy\b[^]*\bstdin\b/i.test(bytes.toString('latin1'))) return batch;
  const messages: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 1 + bytes.readInt32BE(at + 1);
    messages.push(bytes.subarray(at, end));
    if (bytes[at] === query || bytes[at] === execute) messages.push(copyFail);
    at = end;
  }
  return joined(messages);
};
const [query, execute] = Buffer.from('QE');
const reason = 'the embedded database takes no COPY FROM STDIN\0';
const copyFail = Buffer.concat([
  Buffer.from('f'),
  Buffer.from([0, 0, 0, reason.length + 4]),
  Buffer.from(reason),
]);
