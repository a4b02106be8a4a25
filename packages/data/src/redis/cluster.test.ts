import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { describeRedisClient } from '../../test/client-suite.ts';
import { connectTo, type RedisPlace } from '../../test/redis.ts';
import { OwnCluster } from '../../test/servers/redis.ts';
import { Cache } from '../cache/index.ts';
import { Locks } from '../locks/index.ts';
import { createSharedRateLimiter } from '../rate-limiter/index.ts';
import { createRedisKeyValueStore } from '../stores/index.ts';

describe.skipIf(inject('redisUrl') === null)('a Redis Cluster of three nodes', () => {
  const cluster = new OwnCluster();
  beforeAll(() => cluster.start());
  afterAll(() => cluster.remove());

  const place: RedisPlace = {
    name: 'a cluster',
    get server() {
      return { cluster: cluster.addresses };
    },
  };
  describeRedisClient(place);

  it('carries store, locks, limits and caches, whose keys lie in many slots', async () => {
    const client = await connectTo(place);
    const { link: connection, namespace } = client;
    const store = createRedisKeyValueStore({ connection, namespace });
    const locks = new Locks({ connection, namespace });
    const limiter = createSharedRateLimiter({ connection, namespace, calls: 1, periodSeconds: 30 });
    const cache = await Cache.open(client, { name: 'tested', freshMs: 60_000 });
    const names = Array.from({ length: 20 }, (_, index) => `name ${index}`);
    await Promise.all(
      names.map(async (name) => {
        expect((await store.swap(name, 0, 'value')).swapped).toBe(true);
        expect(await locks.hold(name, {}, async ({ fence }) => fence)).toBeGreaterThan(0);
        await limiter.admit(name);
        expect(await cache.get(name, async () => name, { tags: ['all', name] })).toBe(name);
      }),
    );
    await cache.forgetTag('all');
    expect(await cache.get('name 3', async () => 'anew')).toBe('anew');
    cache.close();
  });

  it('goes on through its other nodes when one is killed, and says so', async () => {
    const client = await connectTo(place);
    const keys = Array.from({ length: 60 }, (_, index) => `key ${index}`);
    await client.setMany(new Map(keys.map((key) => [key, key])));
    expect((await client.health()).servers).toHaveLength(3);
    await cluster.nodes[0]?.kill();
    const startedMs = performance.now();
    const reads = await Promise.allSettled(keys.map((key) => client.get(key, { timeoutMs: 500 })));
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    const read = reads.filter((each) => each.status === 'fulfilled' && each.value !== undefined).length;
    expect(read).toBeGreaterThan(20);
    expect(read).toBeLessThan(60);
    expect((await client.health({ timeoutMs: 300 })).status).not.toBe('up');
  });
});
