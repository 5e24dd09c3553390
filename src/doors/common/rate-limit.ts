import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** How much is let through in a minute, in one process. The only place with these numbers. */
export interface RateLimits {
  /** HTTP requests of one connection or API token, of any kind. */
  readonly requests: number;
  /** Calls of it that read. */
  readonly reads: number;
  /** Calls of it that change something. */
  readonly writes: number;
  /** Requests without a working token, from one network. */
  readonly strangers: number;
}

export const rateLimits: RateLimits = { requests: 1_200, reads: 600, writes: 120, strangers: 120 };

/** Counts in memory: with several processes each counts for itself, which multiplies the limit by their number and no more. */
export interface RateLimiter {
  /** Takes one; gives how many milliseconds to wait where none is left, else 0. */
  take(kind: keyof RateLimits, key: string): Promise<number>;
}

export const makeRateLimiter = (limits: RateLimits): RateLimiter => {
  const minute = (points: number) => new RateLimiterMemory({ points, duration: 60 });
  const limiters = {
    requests: minute(limits.requests),
    reads: minute(limits.reads),
    writes: minute(limits.writes),
    strangers: minute(limits.strangers),
  };
  return {
    take: async (kind, key) => {
      try {
        await limiters[kind].consume(key);
        return 0;
      } catch (full) {
        if (full instanceof RateLimiterRes) return Math.max(1, full.msBeforeNext);
        throw full;
      }
    },
  };
};
