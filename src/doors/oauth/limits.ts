import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { oauthError } from '#identity/oauth-error.ts';
import { counted } from '#values/counted.ts';
import { callerOf } from '#values/network.ts';

/** How much one caller may do. In memory: several processes allow as many times as much, and no more. */
export interface Limits {
  /** Counts a registration that is about to be kept: 30 an hour. */
  register(address: string): Promise<void>;
  /** Counts an authorization request, for each is kept for a while: 300 in ten minutes. */
  ask(address: string): Promise<void>;
  /** Throws when this caller guessed too often; ask before looking at a secret. */
  mayTry(address: string, clientId: string | undefined): Promise<void>;
  /** Counts a wrong secret, code or token: 60 in ten minutes. */
  failed(address: string, clientId: string | undefined): Promise<void>;
}

const tooMany = (wait: number, what: string) => {
  const seconds = Math.max(1, Math.ceil(wait / 1000));
  const minutes = counted(Math.ceil(seconds / 60), 'minute');
  return oauthError('temporarily_unavailable', `too many ${what}; try again in ${minutes}`, seconds);
};

const take = async (limiter: RateLimiterMemory, address: string, what: string): Promise<void> => {
  await limiter.consume(callerOf(address)).catch((full: unknown) => {
    throw tooMany((full as RateLimiterRes).msBeforeNext, what);
  });
};

/**
 * Makes the limits of one house. Guesses are counted by network and client together and only when wrong: hosted clients reach us from a
 * few shared addresses, and must not be shut out for being many.
 */
export const makeLimits = (): Limits => {
  const registrations = new RateLimiterMemory({ points: 30, duration: 60 * 60 });
  const requests = new RateLimiterMemory({ points: 300, duration: 10 * 60 });
  const guesses = new RateLimiterMemory({ points: 60, duration: 10 * 60 });
  const guessKey = (address: string, clientId = '') => `${callerOf(address)} ${clientId.slice(0, 200)}`;
  return {
    register: (address) => take(registrations, address, 'registrations from this network'),
    ask: (address) => take(requests, address, 'requests from this network'),
    mayTry: async (address, clientId) => {
      const spent = await guesses.get(guessKey(address, clientId));
      if (spent !== null && spent.remainingPoints <= 0 && spent.msBeforeNext > 0) {
        throw tooMany(spent.msBeforeNext, 'failed attempts');
      }
    },
    failed: async (address, clientId) => {
      await guesses.consume(guessKey(address, clientId)).catch(() => undefined);
    },
  };
};
