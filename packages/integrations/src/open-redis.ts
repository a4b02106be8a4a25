import type { Clock, Logger, Random } from '@canza/core';
import type { RedisClient } from '@canza/data';
import type { IntegrationsConfig } from './config.ts';
import type { Resources } from './resources.ts';

export interface RedisSurroundings {
  readonly namespace?: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly resources: Resources;
}

/**
 * Opens the configured Redis, and waits until it answers. ioredis is loaded here.
 * @throws ConfigError when its address cannot be read; RedisUnavailableError when it does not answer.
 */
export async function openRedis(
  redis: NonNullable<IntegrationsConfig['redis']>,
  { resources, ...around }: RedisSurroundings,
): Promise<RedisClient> {
  const { RedisClient: Client } = await import('@canza/data/redis');
  const client = await Client.connect({
    ...around,
    ...(typeof redis === 'string' ? { server: { url: redis } } : redis),
  });
  resources.hold(() => client.close());
  return client;
}
