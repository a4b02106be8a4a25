import { StoreError } from '@canza/core';
import { createRecordingLogger } from '@canza/core/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectTo, MEMORY, PLACES, pause, type RedisPlace, timed } from '../../test/redis.ts';
import type { RedisClient } from '../redis/client.ts';
import { Cache, type CacheOptions } from './cache.ts';

const openOn = async (client: RedisClient, options: Partial<CacheOptions> = {}): Promise<Cache> => {
  const cache = await Cache.open(client, { name: 'tested', freshMs: 60_000, ...options });
  onTestFinished(() => cache.close());
  return cache;
};

/** Caches of several processes on one Redis. */
const openSeveral = async (place: RedisPlace, count: number, options: Partial<CacheOptions> = {}): Promise<Cache[]> => {
  const first = await connectTo(place);
  const others = await Promise.all(
    Array.from({ length: count - 1 }, () => connectTo(place, { namespace: first.namespace })),
  );
  return Promise.all([first, ...others].map((client) => openOn(client, options)));
};

const never = (): Promise<never> => Promise.reject(new Error('loaded again'));

for (const place of PLACES) {
  describe.skipIf(place.server === undefined)(`a cache on ${place.name}`, () => {
    it('loads once, and hands out one frozen value', async () => {
      const [cache] = await openSeveral(place, 1);
      const first = await cache?.get('key', async () => ({ rate: { amount: '1.50' } }));
      const second = await cache?.get<typeof first>('key', never);
      expect(second).toEqual({ rate: { amount: '1.50' } });
      expect(second).toBe(first);
      expect(Object.isFrozen(second?.rate)).toBe(true);
      expect(cache?.counts).toMatchObject({ loads: 1, localHits: 1 });
    });

    it('loads once for 50 callers in each of three processes', async () => {
      const caches = await openSeveral(place, 3);
      let loads = 0;
      const load = async (): Promise<string> => {
        loads += 1;
        await pause(40);
        return 'value';
      };
      const values = await Promise.all(
        caches.flatMap((cache) => Array.from({ length: 50 }, () => cache.get('key', load))),
      );
      expect(new Set(values)).toEqual(new Set(['value']));
      expect(loads).toBe(1);
    });

    it('calls back the copies of other processes when a value is forgotten or written', async () => {
      const [one, other] = await openSeveral(place, 2);
      await one?.get('key', async () => 'old');
      await expect.poll(() => other?.get('key', never).then(() => other.counts.localValues)).toBe(1);
      await one?.set('key', 'new');
      await expect.poll(() => other?.get('key', never)).toBe('new');
      await one?.forget('key');
      await expect.poll(() => other?.counts.localValues).toBe(0);
      expect(await other?.get('key', async () => 'newest')).toBe('newest');
    });

    it('keeps nothing of a load that was overtaken', async () => {
      const [one, other] = await openSeveral(place, 2);
      let finish = (_value: string): void => undefined;
      const slow = one?.get(
        'key',
        () =>
          new Promise<string>((resolve) => {
            finish = resolve;
          }),
      );
      await expect.poll(() => one?.counts.loads).toBe(1);
      await other?.forget('key');
      finish('old');
      expect(await slow).toBe('old');
      expect(await one?.get('key', async () => 'new')).toBe('new');
      expect(await other?.get('key', never)).toBe('new');
    });

    it('loads anew for whoever asks after it was forgotten', async () => {
      const [cache] = await openSeveral(place, 1);
      let finish = (_value: string): void => undefined;
      const slow = cache?.get(
        'key',
        () =>
          new Promise<string>((resolve) => {
            finish = resolve;
          }),
      );
      await expect.poll(() => cache?.counts.loads).toBe(1);
      await cache?.forget('key');
      const after = cache?.get('key', async () => 'new');
      finish('old');
      expect([await slow, await after]).toEqual(['old', 'new']);
    });

    it('lets the next one load at once when a load has failed', async () => {
      const [one, other] = await openSeveral(place, 2);
      await expect(one?.get('key', never)).rejects.toThrow('loaded again');
      const { tookMs } = await timed(other?.get('key', async () => 'value') ?? never());
      expect(tookMs, 'not after the time that a load may take').toBeLessThan(5_000);
    });

    it('hands out a stale value while one caller loads it anew', async () => {
      const [one, other] = await openSeveral(place, 2, { freshMs: 20, staleMs: 60_000, jitter: 0 });
      let loads = 0;
      const load = async (): Promise<string> => `value ${(loads += 1)}`;
      expect(await one?.get('key', load)).toBe('value 1');
      await pause(30);
      const values = await Promise.all([one?.get('key', load), other?.get('key', load)]);
      expect(values).toEqual(['value 1', 'value 1']);
      await expect.poll(() => other?.get('key', load)).toBe('value 2');
      expect(loads).toBe(2);
    });

    it('goes on with a stale value when it cannot be loaded', async () => {
      const [cache] = await openSeveral(place, 1, { freshMs: 10, staleMs: 60_000 });
      await cache?.get('key', async () => 'value');
      await pause(20);
      expect(await cache?.get('key', never)).toBe('value');
      await expect.poll(() => cache?.counts.loadFailures).toBe(1);
      expect(await cache?.get('key', never)).toBe('value');
    });

    it('remembers that the source has none, if told to', async () => {
      const [remembers, forgets] = [
        (await openSeveral(place, 1, { absentMs: 60_000 }))[0],
        (await openSeveral(place, 1))[0],
      ];
      expect(await remembers?.get('key', async () => undefined)).toBeUndefined();
      expect(await remembers?.get('key', never)).toBeUndefined();
      expect(await forgets?.get('key', async () => undefined)).toBeUndefined();
      expect(await forgets?.get('key', async () => 'there now')).toBe('there now');
    });

    it('lets the next one load when a load fails, and throws what the loader threw', async () => {
      const [one, other] = await openSeveral(place, 2);
      await expect(one?.get('key', never)).rejects.toThrow('loaded again');
      expect(await other?.get('key', async () => 'value')).toBe('value');
    });

    it('forgets all values of a tag, in every process, and no others', async () => {
      const [one, other] = await openSeveral(place, 2);
      const tags = ['operator:mpesa'];
      await one?.get('a', async () => 'a1', { tags });
      await one?.get('b', async () => 'b1', { tags: ['operator:mtn', 'two words'] });
      expect(await other?.get('a', never, { tags })).toBe('a1');
      expect(await other?.get('b', never)).toBe('b1');
      await expect.poll(() => other?.get('a', never, { tags }).then(() => other.counts.localValues)).toBe(2);
      await one?.forgetTag('operator:mpesa');
      await expect.poll(() => other?.counts.localValues).toBeLessThan(2);
      expect(await other?.get('a', async () => 'a2', { tags })).toBe('a2');
      expect(await one?.get('a', never)).toBe('a2');
      expect(await one?.get('b', never)).toBe('b1');
    });

    it('keeps nothing of a load whose tag ended meanwhile', async () => {
      const [one, other] = await openSeveral(place, 2);
      let finish = (_value: string): void => undefined;
      const tags = ['tag'];
      const slow = one?.get(
        'key',
        () =>
          new Promise<string>((resolve) => {
            finish = resolve;
          }),
        { tags },
      );
      await expect.poll(() => one?.counts.loads).toBe(1);
      await other?.forgetTag('tag');
      finish('old');
      await slow;
      expect(await other?.get('key', async () => 'new', { tags })).toBe('new');
    });

    it('ends a load that takes longer than it may', async () => {
      const [cache] = await openSeveral(place, 1, { loadTimeoutMs: 20 });
      const loading = cache?.get('key', () => new Promise(() => undefined));
      await expect(loading).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    });

    it('takes a value that it cannot read as missing', async () => {
      const client = await connectTo(place);
      const own = { id: 90, name: 'own', serialize: String, deserialize: String };
      const before = await openOn(client, { serializer: own, local: false });
      await before.get('key', async () => 'old format');
      const after = await openOn(client, { local: false });
      expect(await after.get('key', async () => 'new format')).toBe('new format');
      expect(await after.get('key', never)).toBe('new format');
    });
  });
}

describe('a cache', () => {
  it('uses no copies while Redis does not tell it of changes', async () => {
    const client = await connectTo(MEMORY);
    client.messages.subscribe = () => Promise.reject(new StoreError('Redis is away.'));
    const cache = await openOn(client);
    await cache.get('key', async () => 'value');
    await cache.get('key', never);
    expect(cache.counts).toMatchObject({ localHits: 0, sharedHits: 1 });
  });

  it('keeps no copy of what was forgotten elsewhere while it was on its way from Redis', async () => {
    const client = await connectTo(MEMORY);
    const other = await openOn(await connectTo(MEMORY, { namespace: client.namespace }));
    await other.get('key', async () => 'old');
    const cache = await openOn(client);
    const read = client.connection.runScriptBytes.bind(client.connection);
    client.connection.runScriptBytes = async (...args) => {
      const reply = await read(...args);
      await other.forget('key');
      await pause(10);
      return reply;
    };
    expect(await cache.get('key', never)).toBe('old');
    expect(cache.counts.localValues).toBe(0);
  });

  it('spreads the expiry of values that were written together', async () => {
    const client = await connectTo(MEMORY);
    const cache = await openOn(client, { freshMs: 100_000, jitter: 0.5, local: false });
    await Promise.all(Array.from({ length: 50 }, (_, index) => cache.get(`key ${index}`, async () => index)));
    const keys = (await client.link.run('keys', [`${client.namespace}:cache1*`])) as string[];
    const ttls = await Promise.all(keys.map(async (key) => Number(await client.link.run('pttl', [key]))));
    expect(Math.min(...ttls)).toBeGreaterThan(45_000);
    expect(Math.max(...ttls) - Math.min(...ttls)).toBeGreaterThan(20_000);
  });

  it('keeps no more copies than it may', async () => {
    const cache = await openOn(await connectTo(MEMORY), { local: { maxValues: 10 } });
    await Promise.all(Array.from({ length: 30 }, (_, index) => cache.get(`key ${index}`, async () => index)));
    expect(cache.counts.localValues).toBe(10);
  });

  it.each([
    { field: 'freshMs', options: { freshMs: 0 } },
    { field: 'jitter', options: { jitter: 1 } },
    { field: 'staleMs', options: { staleMs: -1 } },
  ])('refuses $options', async ({ field, options }) => {
    await expect(openOn(await connectTo(MEMORY), options)).rejects.toMatchObject({ field });
  });
});

it('tells of a loader that failed, without what its error carries', async () => {
  const logger = createRecordingLogger();
  const cache = await openOn(await connectTo(MEMORY), { freshMs: 1, staleMs: 60_000, logger });
  await cache.get('key', async () => 'value');
  await pause(5);
  const failure = Object.assign(new Error('Request failed'), { toJSON: () => ({ token: 'ey.secret-token' }) });
  await cache.get('key', () => Promise.reject(failure));
  await expect.poll(() => logger.lines).toHaveLength(1);
  const log = JSON.stringify(logger.lines);
  expect(log).toContain('Request failed');
  expect(log).not.toContain('secret-token');
});
