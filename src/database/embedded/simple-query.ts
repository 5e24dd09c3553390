/**
 * A `Query` message of the wire protocol.
 * @see https://www.postgresql.org/docs/18/protocol-message-formats.html
 */
export const queryMessage = (sql: string): Uint8Array => {
  const text = Buffer.from(sql);
  const message = Buffer.alloc(text.length + 6);
  message.write('Q');
  message.writeInt32BE(text.length + 5, 1);
  text.copy(message, 5);
  return message;
};

/** The rows in the answer to a `Query` message, columns as text. Throws the sentence of an `ErrorResponse`. */
export const rowsOf = (answer: Buffer): (string | null)[][] => {
  const rows: (string | null)[][] = [];
  for (let at = 0; at < answer.length; at += 1 + answer.readInt32BE(at + 1)) {
    const type = answer.toString('latin1', at, at + 1);
    if (type === 'E')
      throw new Error(/\0M([^\0]*)/.exec(answer.toString('utf8', at + 5))?.[1] ?? 'unknown error');
    if (type === 'D') rows.push(columns(answer, at + 5));
  }
  return rows;
};

const columns = (answer: Buffer, at: number): (string | null)[] => {
  const count = answer.readInt16BE(at);
  let next = at + 2;
  return Array.from({ length: count }, () => {
    const length = answer.readInt32BE(next);
    const start = next + 4;
    next = start + Math.max(length, 0);
    return length < 0 ? null : answer.toString('utf8', start, next);
  });
};
