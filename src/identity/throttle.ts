import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import type { Database } from '#database/database.ts';
import { counted } from '#values/counted.ts';
import { callerOf } from '#values/network.ts';
import { refusal } from '#values/refusal.ts';

const whose = { account: 'for this account', network: 'from this network' };
export const tooManyAttempts = refusal<{ retry_after_ms: number; limit: keyof typeof whose }>(
  'too_many_attempts',
  'limited',
  'Too many attempts for this account or from this network (details.limit says which); wait for retry_after_ms.',
  ({ retry_after_ms, limit }) =>
    `Too many attempts ${whose[limit]}. Please try again in ${counted(Math.ceil(retry_after_ms / 60_000), 'minute')}.`,
);

interface Throttles {
  readonly account: RateLimiterMemory;
  readonly network: RateLimiterMemory;
  readonly signUps: RateLimiterMemory;
}
const quarter = 15 * 60;
const open = (): Throttles => ({
  account: new RateLimiterMemory({ points: 10, duration: quarter }),
  network: new RateLimiterMemory({ points: 100, duration: quarter }),
  signUps: new RateLimiterMemory({ points: 60, duration: 60 * 60 }),
});

// One set a house. In memory: with several processes each counts for itself, which multiplies the limit by their number and no more.
const houses = new WeakMap<Database, Throttles>();
const throttlesOf = (database: Database): Throttles => {
  const known = houses.get(database) ?? open();
  houses.set(database, known);
  return known;
};

const take = async (limiter: RateLimiterMemory, key: string): Promise<number> => {
  try {
    await limiter.consume(key);
    return 0;
  } catch (full) {
    return (full as RateLimiterRes).msBeforeNext;
  }
};

/**
 * Takes one attempt at a password from the account and the network, before the password is looked at, so that a burst cannot slip
 * through; throws `too_many_attempts` within 15 minutes at the eleventh for an account, from wherever, and at the 101st from a network,
 * which many people may share. `undo` gives it back when the password was right.
 */
export const takeAttempt = async (
  database: Database,
  email: string,
  ip: string,
): Promise<{ undo: () => Promise<void> }> => {
  const { account, network } = throttlesOf(database);
  const from = callerOf(ip);
  // A network that is shut out must not go on shutting the account for its owner: the second count only when the first passes.
  const shutOut = await take(network, from);
  if (shutOut > 0) throw tooManyAttempts({ retry_after_ms: shutOut, limit: 'network' });
  const wait = await take(account, email);
  if (wait > 0) {
    // No guess was made: one account that is tried over and over must not shut out its neighbours.
    await network.reward(from);
    throw tooManyAttempts({ retry_after_ms: wait, limit: 'account' });
  }
  return {
    undo: async () => {
      await network.reward(from);
      await account.delete(email);
    },
  };
};

/** Counts a sign-up, or a workspace that somebody makes, against its network: 60 an hour. */
export const takeSignUp = async (database: Database, ip: string): Promise<void> => {
  const wait = await take(throttlesOf(database).signUps, callerOf(ip));
  if (wait > 0) throw tooManyAttempts({ retry_after_ms: wait, limit: 'network' });
};
