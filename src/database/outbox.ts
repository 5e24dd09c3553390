import type { Transaction } from './database.ts';

/** A file that goes with a mail: its bytes are in `files` of the mail's workspace when it is sent. */
export interface MailAttachment {
  readonly name: string;
  readonly mime: string;
  readonly sha256: string;
}

/** An e-mail on its way out. */
export interface Mail {
  readonly to: string | readonly string[];
  readonly cc?: readonly string[];
  /** The name before the house's own address. */
  readonly fromName?: string;
  readonly replyTo?: string;
  readonly subject: string;
  readonly text: string;
  readonly attachments?: readonly MailAttachment[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Not tried again where a server may have taken it: better once too few, and known, than twice. */
  readonly once?: boolean;
}

/** How often a mail is tried. */
export const mostAttempts = 12;

/**
 * Why a mail did not go, or not to all: the server was not reached, did not let us in, refused our address, all recipients, some of them,
 * or the mail; a file was gone; the invoice that it is about was voided first; the server may have it, but did not say so; anything else.
 */
export const mailProblems = [
  'unreachable',
  'sign_in',
  'sender',
  'recipients',
  'some_recipients',
  'mail',
  'attachment',
  'voided',
  'unclear',
  'other',
] as const;
export type MailProblem = (typeof mailProblems)[number];

/**
 * Writes a mail to the outbox, in the transaction of the change that causes it; the jobs carry it out afterwards. A second mail with
 * the same key is the same mail: nothing is added.
 */
export const postMail = async (tx: Transaction, key: string, mail: Mail): Promise<void> => {
  await tx
    .insertInto('outbox')
    .values({ topic: 'mail', key, payload: JSON.stringify(mail) })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
};
