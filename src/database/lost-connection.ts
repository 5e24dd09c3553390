import pg from 'pg';
import { refusal } from '#values/refusal.ts';

/** `saved`: whether the change that was under way is in the database. Unknown where the connection broke while it was being saved. */
export const unavailable = refusal<{ saved: 'no' | 'unknown'; retry_after_ms: number }>(
  'unavailable',
  'unavailable',
  'The database does not answer just now. `saved` says whether a change may be there all the same.',
  ({ saved }) =>
    saved === 'no'
      ? 'Stint’s database does not answer just now, so nothing was done. Try again in a moment.'
      : 'Stint’s database was lost while it answered, so a change may be saved or not. Look first, or repeat it with the same idempotency_key, which never does it twice.',
);
const retryAfter = 2_000;

/** The refusal of a call that lost its database. */
export const lost = (saved: 'no' | 'unknown') => unavailable({ saved, retry_after_ms: retryAfter });

// Connection exceptions; the server goes down, comes up, or has no room.
const codes = /^(08|57P0[1-3]|53300)/;
// What node-postgres, its pool and the embedded store say themselves. Everything else that they throw is a fault of ours.
const words =
  /^(Connection terminated|timeout exceeded when trying to connect|Client (has encountered|was closed)|Cannot use a pool after|The embedded database )/;

// What Node itself says where the other end had hung up before we wrote.
const sockets = /^(EPIPE|ERR_STREAM_DESTROYED|ERR_STREAM_WRITE_AFTER_END|ERR_SOCKET_CLOSED)$/;

/** Whether this means that the connection to the database is gone, and not that a statement was wrong. */
export const isLost = (error: unknown): boolean => {
  if (error instanceof pg.DatabaseError) return codes.test(error.code ?? '');
  if (!(error instanceof Error)) return false;
  // A system error (ECONNREFUSED, …) names the call that failed; two addresses of one name fail together.
  if ('syscall' in error || error instanceof AggregateError || words.test(error.message)) return true;
  return 'code' in error && sockets.test(String(error.code));
};
