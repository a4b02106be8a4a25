import { sleep } from '../deadline.ts';
import type { Clock } from '../environment.ts';
import { RateLimitError } from '../errors/provider.ts';
import { ConfigError } from '../errors/request.ts';
import type { RateLimiter } from '../rate-limiter.ts';

/** How often something may be done. */
export interface Rate {
  readonly perSecond: number;
  /** How many may come at once after a pause; default 1. */
  readonly burst?: number;
}

/** What a limiter in memory is made of. */
export interface MemoryRateLimiterSettings {
  readonly clock: Clock;
  /** By key; a key that is not named is not limited. */
  readonly rates: Readonly<Record<string, Rate>>;
}

/**
 * A rate limit in one process: the generic cell rate algorithm, which keeps one number per key and lets those who wait go in
 * the order in which they came. On the clock that it is given, so that a simulation can turn it.
 * @throws ConfigError for a rate that is not above zero.
 */
export function createMemoryRateLimiter({ clock, rates }: MemoryRateLimiterSettings): RateLimiter {
  const limits = new Map(
    Object.entries(rates).map(([key, { perSecond, burst = 1 }]) => {
      if (!(perSecond > 0)) throw new ConfigError({ field: `rates.${key}.perSecond`, expected: 'a number above zero' });
      if (!(burst >= 1)) throw new ConfigError({ field: `rates.${key}.burst`, expected: 'a number from 1' });
      const intervalMs = 1000 / perSecond;
      return [key, { intervalMs, toleranceMs: intervalMs * (burst - 1), nextMs: 0 }];
    }),
  );
  return {
    async admit(key, { maxWaitMs = 0, signal } = {}) {
      const limit = limits.get(key);
      if (limit === undefined) return;
      const nowMs = clock.monotonicMs();
      const turnMs = Math.max(limit.nextMs, nowMs);
      const waitMs = turnMs - limit.toleranceMs - nowMs;
      if (waitMs > maxWaitMs) {
        const retryAfterMs = Math.ceil(waitMs);
        throw new RateLimitError(`The limit of "${key}" is used up for ${retryAfterMs} ms.`, { retryAfterMs });
      }
      limit.nextMs = turnMs + limit.intervalMs;
      if (waitMs > 0) await sleep(clock, waitMs, signal);
    },
  };
}
