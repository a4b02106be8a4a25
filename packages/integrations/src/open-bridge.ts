import { type Clock, ConfigError, type Journal, type Logger, type Random } from '@canza/core';
import type { RedisClient } from '@canza/data';
import type { MMOBridge } from '@canza/mobile-money';
import type { IntegrationsConfig } from './config.ts';
import { loadOperators } from './load-operators.ts';
import { pick } from './pick.ts';
import { createSharedLimits } from './shared-limits.ts';

export interface BridgeSurroundings {
  readonly journal: Journal;
  readonly redis: RedisClient | undefined;
  readonly namespace?: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/**
 * Makes the bridge over the operators that are configured; with a Redis, its rate limits hold for all processes.
 * @throws ConfigError naming the field.
 */
export async function openBridge(config: IntegrationsConfig, around: BridgeSurroundings): Promise<MMOBridge> {
  const { journal, redis, clock, random, logger } = around;
  const { rateLimits: rates, processes = 1, callbacks = { baseUrl: '' } } = config;
  const operators = await loadOperators(config);
  const limits =
    rates !== undefined && redis !== undefined
      ? { rateLimiter: await createSharedLimits({ ...around, rates, processes, connection: redis.link }) }
      : pick(config, 'rateLimits');
  const { MMOBridge: Bridge } = await import('@canza/mobile-money');
  const bridge = new Bridge({
    ...pick(config, 'transport', 'policy', 'routing', 'cache'),
    ...limits,
    providers: config.telemetry?.providers(operators) ?? operators,
    journal,
    callbacks,
    clock,
    random,
    logger,
  });
  // A misspelled name would leave its operator without a limit.
  const known = new Set(bridge.health().map(({ provider }) => provider));
  const stranger = Object.keys(rates ?? {}).find((name) => !known.has(name));
  if (stranger === undefined) return bridge;
  const expected = `a configured provider: ${[...known].join(', ')}`;
  throw new ConfigError({ field: `rateLimits.${stranger}`, expected });
}
