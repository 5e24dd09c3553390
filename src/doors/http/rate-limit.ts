import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';

/** How many calls are let through, in how many seconds. */
export interface RateLimits {
  /** Of one API token or connection. */
  readonly calls: { readonly points: number; readonly duration: number };
  /** Of requests without a working token, from one network. */
  readonly strangers: { readonly points: number; readonly duration: number };
}

export const rateLimits: RateLimits = {
  calls: { points: 600, duration: 60 },
  strangers: { points: 120, duration: 60 },
};

export interface RateLimiter {
  /** Takes one call of `key`; gives the milliseconds to wait where none is left, else 0. */
  take(of: keyof RateLimits, key: string): Promise<number>;
}

/** Counts in memory: with several processes each counts for itself, which multiplies the limit by their number and no more. */
export const rateLimiter = (limits: RateLimits): RateLimiter => {
  const limiters = {
    calls: new RateLimiterMemory(limits.calls),
    strangers: new RateLimiterMemory(limits.strangers),
  };
  return {
    take: async (of, key) => {
      try {
        await limiters[of].consume(key);
        return 0;
      } catch (full) {
        return (full as RateLimiterRes).msBeforeNext;
      }
    },
  };
};
