import { createHash, randomBytes } from 'node:crypto';
import type { Transaction } from '#database/database.ts';
import { refusal } from '#values/refusal.ts';
import type { Actor } from './actor.ts';
import type { Call } from './call.ts';
import { capacityOf } from './capacity.ts';
import type { Operation } from './operation.ts';
import type { House } from './run.ts';

/** The user was asked, by a client that can, and did not want it. */
export const declined = refusal(
  'declined',
  'denied',
  'The user was asked whether to do it, and said no or closed the question.',
  () => 'The user said no; nothing was done.',
);

/**
 * What is known about the will of a user who can be asked: nothing yet, or their answer to the question that was kept under `state`.
 * Where nobody can be asked there is none, and the call's own arguments must do.
 */
export type Consent = 'not_asked' | { readonly state: string; readonly accepted: boolean };

/** Thrown in place of an answer: nothing was done, and the user must be asked this first. `state` comes back with what they say. */
export class Question extends Error {
  readonly sentence: string;
  readonly state: string;
  readonly digest: string;
  constructor(sentence: string, digest: string) {
    super(sentence);
    this.sentence = sentence;
    this.digest = digest;
    this.state = randomBytes(32).toString('base64url');
  }
}

const lifetime = { minutes: 10 };
const hashOf = (state: string): Buffer => createHash('sha256').update(state).digest();

/** Uses the answer up together with what it allows: of two calls with one answer, one is carried out. */
const useUp = async (
  tx: Transaction,
  actor: Actor,
  operation: Operation,
  state: string,
  now: Temporal.Instant,
  digest?: string,
): Promise<boolean> => {
  const open = tx
    .updateTable('questions')
    .set({ used_at: now })
    .where('state_hash', '=', hashOf(state))
    .where('user_id', '=', actor.user.id)
    .where('asked_as', '=', capacityOf(actor))
    .where('operation', '=', operation.name)
    .where('expires_at', '>', now)
    .where('used_at', 'is', null);
  const fitting = digest === undefined ? open : open.where('digest', '=', digest);
  const { numUpdatedRows } = await fitting.executeTakeFirst();
  return numUpdatedRows === 1n;
};

/**
 * Goes on where nothing needs asking, or where the user said yes to exactly this: the same arguments, and the same sentence, for what
 * it tells of may have changed since. Throws the Question otherwise.
 */
export const seekConsent = async (
  operation: Operation,
  args: object,
  call: Call,
  consent: Consent,
): Promise<void> => {
  const sentence = (await operation.asks?.(args as never, call)) ?? null;
  if (sentence === null) return;
  const digest = createHash('sha256')
    .update(JSON.stringify([args, sentence]))
    .digest('base64url');
  const { tx, actor, now } = call;
  if (consent !== 'not_asked' && consent.accepted) {
    if (await useUp(tx, actor, operation, consent.state, now, digest)) return;
  }
  throw new Question(sentence, digest);
};

/** Keeps a question, after the call that it held up was rolled back. */
export const keepQuestion = async (
  house: House,
  actor: Actor,
  operation: Operation,
  { state, digest }: Question,
): Promise<void> => {
  const now = house.clock();
  await house.database.inWorkspace(actor.workspace.id, now, (tx) =>
    tx
      .insertInto('questions')
      .values({
        state_hash: hashOf(state),
        user_id: actor.user.id,
        asked_as: capacityOf(actor),
        operation: operation.name,
        digest,
        expires_at: now.add(lifetime),
      })
      .execute(),
  );
};

/** Ends a question that was answered with no. */
export const endQuestion = async (
  house: House,
  actor: Actor,
  operation: Operation,
  state: string,
): Promise<void> => {
  const now = house.clock();
  await house.database.inWorkspace(actor.workspace.id, now, (tx) => useUp(tx, actor, operation, state, now));
};

/** Whether this state is of a question that this somebody was asked about this operation not too long ago, answered or not. */
export const isQuestion = (
  house: House,
  actor: Actor,
  operation: Operation,
  state: string,
): Promise<boolean> => {
  const now = house.clock();
  return house.database.readWorkspace(actor.workspace.id, now, async (tx) => {
    const found = await tx
      .selectFrom('questions')
      .select('operation')
      .where('state_hash', '=', hashOf(state))
      .where('user_id', '=', actor.user.id)
      .where('asked_as', '=', capacityOf(actor))
      .where('operation', '=', operation.name)
      .where('expires_at', '>', now)
      .executeTakeFirst();
    return found !== undefined;
  });
};
