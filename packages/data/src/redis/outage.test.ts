import { createRecordingLogger } from '@canza/core/testing';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { freshNamespace, timed } from '../../test/redis.ts';
import { OwnRedis, OwnSentinel } from '../../test/servers/redis.ts';
import { Cache } from '../cache/index.ts';
import { LockLostError, Locks } from '../locks/index.ts';
import { createSharedRateLimiter } from '../rate-limiter/index.ts';
import { RedisClient, type RedisClientEvent, type RedisClientOptions } from './client.ts';

const isHere = inject('redisUrl') !== null;

const connect = async (options: RedisClientOptions): Promise<RedisClient> => {
  const client = await RedisClient.connect({ namespace: freshNamespace(), ...options });
  onTestFinished(() => client.close({ timeoutMs: 100 }));
  return client;
};

describe.skipIf(!isHere)('while Redis is away', () => {
  const redis = new OwnRedis();
  beforeAll(() => redis.start());
  afterAll(() => redis.remove());
  afterEach(async () => {
    redis.resume();
    await redis.kill();
    await redis.start();
  });
  const server = () => ({ url: redis.url });

  it.each(['killed', 'hanging'] as const)('every call fails in the time that the caller set: %s', async (how) => {
    const client = await connect({ server: server() });
    await client.set('key', 1);
    if (how === 'killed') await redis.kill();
    else redis.pause();
    const calls = [
      client.get('key', { timeoutMs: 150 }),
      client.set('key', 2, { timeoutMs: 150 }),
      client.getMany(['a', 'b'], { timeoutMs: 150 }),
      client.hashes.all('key', { timeoutMs: 150 }),
      client.lists.push('key', 'left', [1], { timeoutMs: 150 }),
      client.transaction([client.operations.values.set('key', 1)], { timeoutMs: 150 }),
      client.messages.publish('channel', 1, { timeoutMs: 150 }),
      client.messages.subscribe('channel', () => undefined, { timeoutMs: 150 }),
      client.waiting.pop(['key'], 'left', { waitMs: 50, timeoutMs: 100 }),
      client.scan('*', { timeoutMs: 150 }).next(),
      new Locks({ connection: client.link }).acquire('lock', { timeoutMs: 150 }),
    ];
    for (const { error, tookMs } of await Promise.all(calls.map(timed))) {
      expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
      // Left to itself, the library tries for over a minute.
      expect(tookMs).toBeLessThan(5_000);
    }
  });

  it('a write that may have had an effect is not sent again, and says so', async () => {
    const client = await connect({ server: server() });
    redis.pause();
    const { error } = await timed(client.increment('counter', 1, { timeoutMs: 100 }));
    expect(error).toMatchObject({ outcome: 'unknown' });
    redis.resume();
    await expect.poll(() => client.count('counter').catch(() => -1)).toBe(1);
    await new Promise((resolve) => void setTimeout(resolve, 100));
    expect(await client.count('counter')).toBe(1);
  });

  it('a call that is called off ends at once', async () => {
    const client = await connect({ server: server() });
    await redis.kill();
    const controller = new AbortController();
    const reading = timed(client.get('key', { timeoutMs: 10_000, signal: controller.signal }));
    controller.abort();
    const { error, tookMs } = await reading;
    expect(error).toMatchObject({ code: 'ABORTED' });
    expect(tookMs).toBeLessThan(5_000);
  });

  it('a read goes through once Redis is back, within its deadline', async () => {
    const client = await connect({ server: server() });
    await client.set('key', 'value');
    await redis.kill();
    const reading = client.get('key', { timeoutMs: 10_000 });
    await redis.start();
    expect(await reading).toBe('value');
  });

  it('a subscription is taken up again, and says that messages may have been missed', async () => {
    const client = await connect({ server: server() });
    const heard: unknown[] = [];
    let gaps = 0;
    await client.messages.subscribe('news', (value) => heard.push(value), { onGap: () => (gaps += 1) });
    await redis.kill();
    await redis.start();
    await expect
      .poll(
        async () => {
          await client.messages.publish('news', 'after').catch(() => undefined);
          return heard.length > 0;
        },
        { timeout: 10_000 },
      )
      .toBe(true);
    expect(gaps).toBeGreaterThan(0);
  });

  it('a subscription that failed is told of no gap: nobody could ever end it', async () => {
    const client = await connect({ server: server() });
    let [ofFailed, ofOther] = [0, 0];
    await client.messages.subscribe('other', () => undefined, { onGap: () => (ofOther += 1) });
    redis.pause();
    const failed = { onGap: () => (ofFailed += 1), timeoutMs: 50 };
    await expect(client.messages.subscribe('news', () => undefined, failed)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
    redis.resume();
    await redis.kill();
    await expect.poll(() => ofOther).toBeGreaterThan(0);
    expect(ofFailed).toBe(0);
  });

  it('a cache loads from its source, uses no copies, and shares again afterwards', async () => {
    const client = await connect({ server: server(), commandTimeoutMs: 200 });
    const cache = await Cache.open(client, { name: 'tested', freshMs: 60_000, storeTimeoutMs: 2_000 });
    onTestFinished(() => cache.close());
    await cache.get('key', async () => 1);
    await redis.kill();
    await expect.poll(() => cache.counts.localValues).toBe(0);
    expect(await cache.get('key', async () => 2)).toBe(2);
    const { tookMs } = await timed(cache.get('key', async () => 3));
    expect(tookMs).toBeLessThan(1_000);
    await redis.start();
    await expect
      .poll(
        async () => {
          await cache.get('other', async () => 4);
          return cache.counts.localValues;
        },
        { timeout: 10_000 },
      )
      .toBe(1);
  });

  it('a rate limit goes on within its part, at once', async () => {
    const client = await connect({ server: server() });
    const logger = createRecordingLogger();
    const limiter = createSharedRateLimiter({
      connection: client.link,
      calls: 10,
      processes: 2,
      periodSeconds: 60,
      logger,
    });
    await limiter.admit('key');
    await redis.kill();
    await limiter.admit('key');
    const { tookMs } = await timed(limiter.admit('key'));
    expect(tookMs).toBeLessThan(100);
    const more = await Promise.allSettled(Array.from({ length: 10 }, () => limiter.admit('key')));
    expect(more.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(logger.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });

  it('a lock is lost to the work under it no later than it runs out', async () => {
    const client = await connect({ server: server() });
    const locks = new Locks({ connection: client.link });
    const held = timed(
      locks.hold('lock', { ttlMs: 400 }, async ({ signal }) => {
        await redis.kill();
        await expect.poll(() => signal.aborted, { timeout: 3_000 }).toBe(true);
      }),
    );
    expect((await held).error).toBeInstanceOf(LockLostError);
  });

  it('health says that it is down, and that it was started anew', async () => {
    const client = await connect({ server: server() });
    // A server is told from its successor by what it said of itself: that has to have arrived.
    await client.health();
    await redis.kill();
    const health = await client.health({ timeoutMs: 100 });
    expect(health).toMatchObject({ status: 'down', latencyMs: undefined, servers: [] });
    await redis.start();
    await expect.poll(async () => (await client.health()).restarts, { timeout: 10_000 }).toBe(1);
    expect(await client.health()).toMatchObject({ status: 'up', failovers: 0, connection: { connections: 2 } });
  });

  it('a client that is closed fails what still waits, and leaves nothing behind', async () => {
    const client = await connect({ server: server() });
    await redis.kill();
    await expect.poll(() => client.link.isReady).toBe(false);
    const reading = timed(client.get('key', { timeoutMs: 10_000 }));
    await client.close({ timeoutMs: 50 });
    expect((await reading).error).toMatchObject({ outcome: 'not-sent' });
    expect((await timed(client.get('key'))).error).toMatchObject({ outcome: 'not-sent' });
  });
});

describe.skipIf(!isHere)('when a replica takes over', () => {
  const sentinel = new OwnSentinel();
  beforeAll(() => sentinel.start());
  afterAll(() => sentinel.remove());

  it('the client follows the sentinel to the new master, and says that there was a failover', async () => {
    const events: RedisClientEvent[] = [];
    const client = await connect({
      server: { sentinels: [{ host: '127.0.0.1', port: sentinel.port }], masterName: OwnSentinel.MASTER },
    });
    client.observe((event) => events.push(event));
    await client.set('key', 'value');
    await expect.poll(async () => (await client.health()).servers[0]?.connectedReplicas).toBe(1);
    await sentinel.master.kill();
    await expect
      .poll(() => client.set('key', 'after', { timeoutMs: 500 }).catch(() => false), { timeout: 15_000 })
      .toBe(true);
    expect(await client.get('key')).toBe('after');
    await expect.poll(async () => (await client.health()).failovers).toBe(1);
    const change = events.find(({ type }) => type === 'server-changed');
    expect(change).toMatchObject({ change: 'failed-over' });
  });
});
