import type { Transaction } from './database.ts';

/** An e-mail on its way out. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

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
