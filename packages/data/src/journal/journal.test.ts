import { describeJournal } from '@canza/core/contracts';
import { afterAll, beforeAll, describe, inject, it } from 'vitest';
import type { RedisConnection } from '../redis/connection.ts';
import { openRedis } from '../redis/index.ts';
import { createRedisJournal, type RedisJournal } from './index.ts';

const redisUrl = inject('redisUrl');

describe.skipIf(redisUrl === null)('on one Redis', () => {
  let connection: RedisConnection;
  let journal: RedisJournal;
  beforeAll(async () => {
    connection = await openRedis({ server: { url: redisUrl ?? '' } });
    // The suite's server keeps nothing on the disk, to be quick.
    journal = createRedisJournal({ connection, durability: 'development', namespace: 'contract' });
  });
  afterAll(async () => {
    await journal.close();
    await connection.close();
  });
  describeJournal({ describe, it }, 'the journal on Redis', { create: async () => journal });
});
