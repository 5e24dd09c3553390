import { createHash } from 'node:crypto';
import type { Database } from '#database/database.ts';
import type { Mail, MailProblem } from '#database/outbox.ts';
import {
  attachedBytes,
  giveUpStranded,
  leaseMail,
  type LeasedMail,
  noteFailure,
  noteHandOver,
  noteSent,
} from './mail-queue.ts';

/** What belongs to one attempt to send a mail. */
export interface Posting {
  /** The same however often a mail is tried, so that a mailbox can tell a repetition. */
  readonly messageId: string;
  readonly attachments: { filename: string; contentType: string; content: Buffer }[];
  /** Ends the attempt before the lease of the mail does. */
  readonly signal: AbortSignal;
  /** To be awaited when all is sent but the end of the mail: until then the server has nothing. Throws where it must not end. */
  readonly handOver: () => Promise<void>;
}

/** Sends one mail; gives the recipients that the server refused, where it took the mail for others. */
export type SendMail = (mail: Mail, posting: Posting) => Promise<readonly string[]>;

/** What of an error of the transport tells why a mail did not go. */
interface TransportError {
  code?: string;
  command?: string;
  responseCode?: number;
  message?: string;
}

const problemOf = ({ code = '', command = '' }: TransportError): MailProblem => {
  if (/AUTH/.test(code) || code === 'EOAUTH2') return 'sign_in';
  if (command === 'MAIL FROM') return 'sender';
  if (code === 'EENVELOPE' || command === 'RCPT TO') return 'recipients';
  if (code === 'EMESSAGE' || command === 'DATA') return 'mail';
  return /^E(CONNECTION|TIMEDOUT|SOCKET|DNS|TLS|PROTOCOL|ABORT|REQUIRETLS)$/.test(code)
    ? 'unreachable'
    : 'other';
};

/** Useless to repeat: the server said never (5xx) to these recipients or this mail. To our address or password it may change its mind. */
const isFinal = (problem: MailProblem, { responseCode, code }: TransportError): boolean =>
  (problem === 'recipients' || problem === 'mail') &&
  (responseCode === undefined ? code === 'EMESSAGE' : responseCode >= 500);

/** What is not noted would not be known: a store that is away for a moment is asked again. */
const tryHard = async (note: () => Promise<void>): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await note();
    } catch (error) {
      if (attempt === 4) throw error;
      await new Promise((passed) => setTimeout(passed, 500 * attempt));
    }
  }
};

const mostMilliseconds = 240_000;

const attempt = async (
  database: Database,
  clock: () => Temporal.Instant,
  send: SendMail,
  leased: LeasedMail,
): Promise<boolean> => {
  const attachments = await attachedBytes(database, leased);
  if (attachments === null) {
    const gone = {
      problem: 'attachment',
      words: 'a file that should go with it is gone',
      final: true,
    } as const;
    await noteFailure(database, leased, clock(), gone);
    return false;
  }
  let handedOver = false;
  let failed = false;
  let noting = Promise.resolve(false);
  // What reads the mail may come to its end only after the line was cut: then nothing is handed over any more.
  const handOver = async () => {
    if (!failed) noting = noteHandOver(database, leased, clock());
    if (!(await noting) || failed) throw new Error('the attempt is over');
    handedOver = true;
  };
  const messageId = `<${createHash('sha256').update(leased.key).digest('hex').slice(0, 32)}@stint>`;
  const signal = AbortSignal.timeout(mostMilliseconds);
  let refused: readonly string[];
  try {
    refused = await send(leased.mail, { messageId, attachments, signal, handOver });
  } catch (thrown) {
    const error = thrown as TransportError;
    failed = true;
    await Promise.allSettled([noting]);
    // Whoever handed it over and got no answer does not know; an answer counts, whatever it is.
    const unclear = handedOver && error.responseCode === undefined;
    const problem = unclear ? 'unclear' : problemOf(error);
    const final = unclear ? leased.mail.once === true : isFinal(problem, error);
    await noteFailure(database, leased, clock(), { problem, words: error.message ?? 'unknown', final });
    return false;
  }
  await tryHard(() => noteSent(database, leased, clock(), refused));
  return true;
};

/**
 * Sends the mails that are due, one after the other; gives how many went. A mail is leased before it is tried, so two processes never
 * try the same one; a failure is tried again after 1, 2, 4 … minutes, twelve times at most. What must go once only is not tried again
 * where the server may have taken it.
 *
 * @see docs/decisions/0013-a-mail-goes-once.md
 */
export const deliverMail = async (
  database: Database,
  clock: () => Temporal.Instant,
  send: SendMail,
): Promise<number> => {
  await giveUpStranded(database, clock());
  for (let sent = 0; ;) {
    const leased = await leaseMail(database, clock());
    if (leased === null) return sent;
    if (await attempt(database, clock, send, leased)) sent += 1;
  }
};
