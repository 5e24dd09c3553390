import { createHash } from 'node:crypto';
import type { Transaction } from '#database/database.ts';
import { idempotencyConflict, replayRefused } from '#values/refusal.ts';
import type { Actor } from './actor.ts';
import { capacityOf } from './capacity.ts';
import type { Operation } from './operation.ts';
import type { Answer } from './run.ts';

const hashOf = (operation: Operation, input: object): string =>
  createHash('sha256')
    .update(`${operation.name} ${JSON.stringify(input)}`)
    .digest('base64url');

/**
 * Takes the key for this call, or gives the answer that it already has. Waits for a parallel call with the same key. Throws
 * `idempotency_conflict` where it was used for something else, `replay_refused` where by another capacity of the person.
 */
export const replay = async (
  tx: Transaction,
  actor: Actor,
  operation: Operation,
  key: string,
  input: object,
): Promise<Answer | null> => {
  const hash = hashOf(operation, input);
  const taken = await tx
    .insertInto('idempotency_keys')
    .values({
      user_id: actor.user.id,
      key,
      operation: operation.name,
      request_hash: hash,
      made_as: capacityOf(actor),
      response: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('key')
    .executeTakeFirst();
  if (taken !== undefined) return null;
  const known = await tx
    .selectFrom('idempotency_keys')
    .select(['request_hash', 'made_as', 'response'])
    .where('user_id', '=', actor.user.id)
    .where('key', '=', key)
    .executeTakeFirstOrThrow();
  if (known.request_hash !== hash) throw idempotencyConflict({ key }, 'idempotency_key');
  // What was shown to a manager, or to a connection that is no more, is not shown to whoever they are now.
  if (known.made_as !== capacityOf(actor)) throw replayRefused({ key }, 'idempotency_key');
  const answer = known.response as Answer;
  return { ...answer, meta: { ...answer.meta, replayed: true } };
};
