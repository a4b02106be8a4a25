import { openRedis, type RedisConnection } from '@canza/data/redis';
import { createRedisKeyValueStore } from '@canza/data/stores';
import { describeUssdSessions } from '@canza/mobile-money/ussd/testing';
import { describe, inject, it } from 'vitest';

const redisUrl = inject('redisUrl');

describe.skipIf(redisUrl === null)('on a real server', () => {
  let connection: RedisConnection | undefined;
  describeUssdSessions({ describe, it }, 'Redis', {
    create: async () => {
      connection = await openRedis({ server: { url: redisUrl ?? '' } });
      return createRedisKeyValueStore({ connection, namespace: 'ussd-sessions' });
    },
    close: async () => connection?.close(),
  });
});
