import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** How much one connection may do in a minute, in one process. The only place with these numbers. */
export interface RateLimits {
  /** HTTP requests of any kind; more answers 429. */
  readonly requests: number;
  /** Tool calls that read; more answers a tool error. */
  readonly reads: number;
  /** Tool calls that change something. */
  readonly writes: number;
}

export const rateLimits: RateLimits = { requests: 1_200, reads: 600, writes: 120 };

/** Counts in memory: with several processes each counts for itself, which multiplies the limit by their number and no more. */
export interface RateLimiter {
  /** Takes one; answers how many milliseconds to wait when there is none left, else 0. */
  take(kind: keyof RateLimits, connection: string): Promise<number>;
}

export const makeRateLimiter = (limits: RateLimits): RateLimiter => {
  const minute = (points: number) => new RateLimiterMemory({ points, duration: 60 });
  const limiters = {
    requests: minute(limits.requests),
    reads: minute(limits.reads),
    writes: minute(limits.writes),
  };
  return {
    take: async (kind, connection) => {
      try {
        await limiters[kind].consume(connection);
        return 0;
      } catch (reason) {
        if (reason instanceof RateLimiterRes) return Math.max(1, reason.msBeforeNext);
        throw reason;
      }
    },
  };
};
