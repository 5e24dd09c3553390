import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** How much is let through in a minute, in one process. The same for a connection as at the MCP door. */
export interface RateLimits {
  /** Requests of one API token or connection that read. */
  readonly reads: number;
  /** Requests of one API token or connection that change something. */
  readonly writes: number;
  /** Requests without a working token, from one network. */
  readonly strangers: number;
}

export const rateLimits: RateLimits = { reads: 600, writes: 120, strangers: 120 };

export interface RateLimiter {
  /** Takes one; gives the milliseconds to wait where none is left, else 0. */
  take(of: keyof RateLimits, key: string): Promise<number>;
}

/** Counts in memory: with several processes each counts for itself, which multiplies the limit by their number and no more. */
export const rateLimiter = (limits: RateLimits): RateLimiter => {
  const minute = (points: number) => new RateLimiterMemory({ points, duration: 60 });
  const limiters = {
    reads: minute(limits.reads),
    writes: minute(limits.writes),
    strangers: minute(limits.strangers),
  };
  return {
    take: async (of, key) => {
      try {
        await limiters[of].consume(key);
        return 0;
      } catch (full) {
        if (full instanceof RateLimiterRes) return Math.max(1, full.msBeforeNext);
        throw full;
      }
    },
  };
};
