import {
  AbortedError,
  type Clock,
  InvalidRequestError,
  type Logger,
  type Random,
  RateLimitError,
  type RateLimiter,
  StoreError,
  silentLogger,
  sleep,
  systemClock,
  systemRandom,
} from '@canza/core';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { DEFAULT_NAMESPACE, keyFamily, parseNamespace } from '../keys.ts';
import type { RedisConnection } from '../redis/connection.ts';
import { createLimiterStore } from './limiter-store.ts';

/** How often something may be done, by all processes together. */
export interface SharedRateLimiterOptions {
  /** A client's `connection` or `link`. */
  readonly connection: RedisConnection;
  /** Calls that may be made in each period, by all processes together. */
  readonly calls: number;
  /** Seconds of a period; the first call begins it. Default 1. */
  readonly periodSeconds?: number;
  /** Tells limits of one deployment apart. Default `default`. */
  readonly name?: string;
  /** Stands in front of every key. Default `canza`. */
  readonly namespace?: string;
  /**
   * Processes that share the limit: while Redis is away, each keeps to its part, and together they stay within the whole.
   * Default 1.
   */
  readonly processes?: number;
  /** Milliseconds to wait for Redis before going on without it. Default 250. */
  readonly storeTimeoutMs?: number;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logger?: Logger;
}

/**
 * A limit that all processes on one Redis share. One round trip an admission; none while a period is known to be used up.
 * While Redis is away, each process goes on within its own part.
 * @throws InvalidRequestError, ConfigError when an option is not usable.
 */
export function createSharedRateLimiter(options: SharedRateLimiterOptions): RateLimiter {
  const { clock = systemClock, random = systemRandom, logger = silentLogger } = options;
  const { calls, periodSeconds = 1, processes = 1, name = 'default' } = options;
  for (const [field, value] of Object.entries({ calls, periodSeconds, processes })) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new InvalidRequestError({ field, expected: 'a whole number from 1' });
    }
  }
  const keyOf = keyFamily(parseNamespace(options.namespace ?? DEFAULT_NAMESPACE), 'limit1');
  const store = createLimiterStore(options.connection, clock, logger, options.storeTimeoutMs ?? 250);
  const limiter = new RateLimiterRedis({
    storeClient: store,
    points: calls,
    duration: periodSeconds,
    keyPrefix: '',
    rejectIfRedisNotReady: true,
    inMemoryBlockOnConsumed: calls,
    insuranceLimiter: new RateLimiterMemory({
      points: Math.max(1, Math.floor(calls / processes)),
      duration: periodSeconds,
      keyPrefix: '',
    }),
  });

  /** Milliseconds until the next period, or nothing when admitted. */
  const take = async (key: string): Promise<number | undefined> => {
    try {
      await limiter.consume(key);
      return undefined;
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return Math.max(1, refusal.msBeforeNext);
      throw new StoreError('The rate limit could not be asked.', { cause: refusal });
    }
  };

  return {
    async admit(key, { maxWaitMs = 0, timeoutMs, signal } = {}) {
      const boundMs = Math.min(maxWaitMs, timeoutMs ?? Infinity);
      const limited = keyOf(key, name);
      const startedMs = clock.monotonicMs();
      for (;;) {
        if (signal?.aborted === true) throw new AbortedError('The wait for a turn', 'no');
        // oxlint-disable-next-line no-await-in-loop
        const retryAfterMs = await take(limited);
        if (retryAfterMs === undefined) return;
        const leftMs = boundMs - (clock.monotonicMs() - startedMs);
        if (retryAfterMs > leftMs) {
          throw new RateLimitError(`More than ${calls} calls in ${periodSeconds} s: no turn within ${boundMs} ms.`, {
            retryAfterMs,
          });
        }
        // Spread a little, so that those who wait do not all ask at one moment.
        const pauseMs = Math.min(leftMs, retryAfterMs + random.float() * Math.min(50, retryAfterMs / 4));
        // oxlint-disable-next-line no-await-in-loop
        await sleep(clock, pauseMs, signal);
      }
    },
  };
}
