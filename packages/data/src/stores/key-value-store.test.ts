import { StoreError } from '@canza/core';
import { describeKeyValueStore } from '@canza/core/contracts';
import { createTurnedClock } from '@canza/core/testing';
import { describe, expect, inject, it } from 'vitest';
import { connectTo, freshNamespace, MEMORY, PLACES, pause } from '../../test/redis.ts';
import { createMemoryRedis } from '../memory/index.ts';
import { openRedis, type RedisConnection } from '../redis/index.ts';
import { createRedisKeyValueStore } from './key-value-store.ts';

const redisUrl = inject('redisUrl');
const clock = createTurnedClock();

describeKeyValueStore({ describe, it }, 'the Redis store in memory', {
  create: async () => {
    const connection = await openRedis({ server: { client: createMemoryRedis({ clock }) } });
    return createRedisKeyValueStore({ connection });
  },
  pass: (durationMs) => clock.advance(durationMs),
});

describe.skipIf(redisUrl === null)('on a real server', () => {
  let connection: RedisConnection | undefined;
  describeKeyValueStore({ describe, it }, 'the Redis store', {
    create: async () => {
      connection = await openRedis({ server: { url: redisUrl ?? '' } });
      return createRedisKeyValueStore({ connection, namespace: freshNamespace() });
    },
    close: async () => connection?.close(),
    pass: pause,
  });
});

for (const place of PLACES) {
  describe.skipIf(place.server === undefined)(`the Redis store on ${place.name}`, () => {
    it('says StoreError for whatever Redis refuses', async () => {
      const client = await connectTo(place);
      const store = createRedisKeyValueStore({ connection: client.link, namespace: client.namespace });
      await store.set('key', 'text');
      await expect(store.increment('key', 1)).rejects.toBeInstanceOf(StoreError);
      await client.link.run('set', [`${client.namespace}:store1:{other}`, 'not a hash']);
      await expect(store.get('other')).rejects.toBeInstanceOf(StoreError);
      await expect(store.get('key', { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(StoreError);
    });

    it('gives a key that is made anew a version greater than every one before', async () => {
      const client = await connectTo(place);
      const store = createRedisKeyValueStore({ connection: client.link, namespace: client.namespace });
      const versions: number[] = [];
      for (let times = 0; times < 3; times++) {
        // oxlint-disable-next-line no-await-in-loop
        const made = await store.swap('key', 0, 'value');
        if (made.swapped) versions.push(made.version);
        // oxlint-disable-next-line no-await-in-loop
        await store.delete('key');
        // oxlint-disable-next-line no-await-in-loop
        await store.increment('key', 1);
        // oxlint-disable-next-line no-await-in-loop
        versions.push((await store.get('key'))?.version ?? 0);
        // oxlint-disable-next-line no-await-in-loop
        await store.delete('key');
      }
      expect(new Set(versions).size).toBe(6);
      expect(versions).toEqual(versions.toSorted((left, right) => left - right));
    });

    it('keeps keys with braces apart', async () => {
      const client = await connectTo(place);
      const store = createRedisKeyValueStore({ connection: client.link, namespace: client.namespace });
      const keys = ['a', '{a}', 'a}', '%7ba%7d', ''];
      await Promise.all(keys.map((key) => store.set(key, `value of ${key}`)));
      const read = await Promise.all(keys.map(async (key) => (await store.get(key))?.value));
      expect(read).toEqual(keys.map((key) => `value of ${key}`));
    });
  });
}

it('refuses a namespace that would mix keys up', async () => {
  const { link } = await connectTo(MEMORY);
  expect(() => createRedisKeyValueStore({ connection: link, namespace: 'a{b}' })).toThrow(/namespace/);
});
