import { describeJournal } from '@canza/core/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lacksRedisServer, OwnCluster } from '../../test/servers/redis.ts';
import type { RedisConnection } from '../redis/connection.ts';
import { openRedis } from '../redis/index.ts';
import { createRedisJournal, type RedisJournal } from './index.ts';

const cluster = new OwnCluster();

describe.skipIf(lacksRedisServer)('on a Redis Cluster of three', () => {
  let connection: RedisConnection;
  let journal: RedisJournal;
  beforeAll(async () => {
    await cluster.start();
    connection = await openRedis({ server: { cluster: cluster.addresses } });
    journal = createRedisJournal({ connection });
    await journal.initialize();
  }, 60_000);
  afterAll(async () => {
    await journal.close();
    await connection.close();
    await cluster.remove();
  });

  describeJournal({ describe, it }, 'the journal on a Redis Cluster', { create: async () => journal });

  it('spreads kinds over the servers, and keeps each whole on one', async () => {
    const sizes = await Promise.all(cluster.nodes.map((node) => node.cli('dbsize')));
    expect(sizes.every((size) => Number(size) > 0)).toBe(true);
  });
});
