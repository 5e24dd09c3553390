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
    if (to > from) batches.push(all.subarray(from, to));
    from = to;
    return keep();

    function keep() {
      rest = from < all.length ? new Uint8Array(all.subarray(from)) : undefined;
      return batches;
    }
  };
};
