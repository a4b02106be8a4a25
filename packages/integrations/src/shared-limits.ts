import { type Clock, ConfigError, type Logger, type Random, type Rate, type RateLimiter } from '@canza/core';
import type { RedisConnection } from '@canza/data';

export interface SharedLimitsSettings {
  readonly rates: Readonly<Record<string, Rate>>;
  readonly connection: RedisConnection;
  readonly processes: number;
  readonly namespace?: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** A rate as whole calls in whole seconds, never more than the rate: `0.5` a second is one call in two. */
export function asPeriod(perSecond: number): { readonly calls: number; readonly periodSeconds: number } {
  if (perSecond >= 1) return { calls: Math.floor(perSecond), periodSeconds: 1 };
  return { calls: 1, periodSeconds: Math.ceil(1 / perSecond) };
}

/** One limiter for all processes, by provider name; a provider without a rate is not limited. */
export async function createSharedLimits({ rates, ...settings }: SharedLimitsSettings): Promise<RateLimiter> {
  for (const [name, { perSecond }] of Object.entries(rates)) {
    if (!(perSecond > 0))
      throw new ConfigError({ field: `rateLimits.${name}.perSecond`, expected: 'a number above zero' });
  }
  const { createSharedRateLimiter } = await import('@canza/data/rate-limiter');
  const limiters = new Map(
    Object.entries(rates).map(([name, { perSecond }]) => [
      name,
      createSharedRateLimiter({ ...settings, ...asPeriod(perSecond), name: 'provider' }),
    ]),
  );
  return { admit: async (name, options) => limiters.get(name)?.admit(name, options) };
}
