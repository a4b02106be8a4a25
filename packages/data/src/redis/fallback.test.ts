import { createRecordingLogger } from '@canza/core/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, onTestFinished } from 'vitest';
import { freshNamespace } from '../../test/redis.ts';
import { OwnRedis } from '../../test/servers/redis.ts';
import { createRedisJournal } from '../journal/index.ts';
import { RedisClient, type RedisClientEvent, type RedisClientOptions } from './client.ts';

describe.skipIf(inject('redisUrl') === null)('memory in the place of Redis', () => {
  const redis = new OwnRedis();
  beforeAll(() => redis.start());
  afterAll(() => redis.remove());
  beforeEach(async () => {
    await redis.kill();
    await redis.start();
  });

  const connect = async (options: Partial<RedisClientOptions> = {}) => {
    const logger = createRecordingLogger();
    const client = await RedisClient.connect({
      server: { url: redis.url },
      namespace: freshNamespace(),
      fallback: { to: 'memory', afterMs: 100 },
      logger,
      ...options,
    });
    const events: RedisClientEvent[] = [];
    client.observe((event) => events.push(event));
    onTestFinished(() => client.close());
    return { client, logger, types: () => events.map(({ type }) => type) };
  };

  it('is not used while Redis answers', async () => {
    const { client } = await connect();
    await client.set('key', 1);
    expect((await client.health()).fallback).toMatchObject({ engaged: false, engagements: 0 });
  });

  it('stands in when Redis is killed, says so in log, event and health, and gives way by itself', async () => {
    const { client, logger, types } = await connect();
    await client.set('before', 'in Redis');
    await redis.kill();
    await client.set('during', 'in memory');
    expect(await client.get('during')).toBe('in memory');
    expect(await client.get('before')).toBeUndefined();
    expect(types()).toContain('fallback-engaged');
    expect(logger.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
    expect(await client.health({ timeoutMs: 100 })).toMatchObject({ status: 'degraded', fallback: { engaged: true } });
    await redis.start();
    await expect.poll(types, { timeout: 10_000 }).toContain('fallback-ended');
    expect(await client.get('before')).toBe('in Redis');
    expect(await client.get('during')).toBeUndefined();
    expect((await client.health()).status).toBe('up');
  });

  it('serves no value from Redis that was overwritten or deleted meanwhile', async () => {
    const { client, types } = await connect();
    await client.setMany(
      new Map([
        ['written', 'old'],
        ['deleted', 'old'],
        ['untouched', 'old'],
      ]),
    );
    await client.hashes.set('hash', 'field', 'old');
    await client.increment('{l}counter', 5);
    await redis.kill();
    await client.set('written', 'new');
    await client.delete('deleted');
    await client.hashes.set('hash', 'other', 'new');
    await client.increment('{l}counter');
    await client.transaction([client.operations.values.set('in-transaction', 1)]);
    await redis.start();
    await expect.poll(types, { timeout: 10_000 }).toContain('fallback-ended');
    const keys = ['written', 'deleted', 'untouched'];
    expect(await client.getMany(keys)).toEqual(new Map([['untouched', 'old']]));
    expect(await client.hashes.all('hash')).toEqual(new Map());
    expect(await client.count('{l}counter')).toBe(0);
  });

  it('stands in within the time that was set when Redis hangs, and gives way when it answers again', async () => {
    const { client, types } = await connect({ commandTimeoutMs: 200, silenceTimeoutMs: 300 });
    await client.set('key', 'old');
    redis.pause();
    onTestFinished(() => redis.resume());
    const startedMs = performance.now();
    await client.set('key', 'new');
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    expect(await client.get('key')).toBe('new');
    redis.resume();
    await expect.poll(types, { timeout: 10_000 }).toContain('fallback-ended');
    expect(await client.get('key')).toBeUndefined();
  });

  it('does not hide that Redis is full: what is there is still read, and nothing is written elsewhere', async () => {
    const { client, types } = await connect();
    await client.set('key', 'old');
    await redis.cli('config', 'set', 'maxmemory', '1');
    await expect(client.set('key', 'new', { timeoutMs: 300 })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(await client.get('key')).toBe('old');
    expect(types()).not.toContain('fallback-engaged');
  });

  it('is bounded, and refuses what it could not take back', async () => {
    const { client } = await connect({ fallback: { to: 'memory', afterMs: 50, maxKeys: 10, maxWrittenKeys: 20 } });
    await redis.kill();
    for (let index = 0; index < 20; index++) {
      // oxlint-disable-next-line no-await-in-loop
      await client.set(`key ${index}`, index);
    }
    expect(await client.get('key 0')).toBeUndefined();
    expect(await client.get('key 19')).toBe(19);
    await expect(client.set('one more', 1)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect((await client.health({ timeoutMs: 50 })).fallback).toMatchObject({ keys: 10, writtenKeys: 20 });
  });

  it('lets a client start without Redis', async () => {
    await redis.kill();
    const { client } = await connect();
    await client.set('key', 1);
    expect(await client.get('key')).toBe(1);
  });

  it('is never used for what must not be lost', async () => {
    const { client } = await connect();
    expect(() => createRedisJournal({ connection: client.connection })).toThrow(/without fallback/);
    await redis.kill();
    await client.set('engages', 1);
    await expect(client.link.run('set', ['key', 'value'], { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
  });

  it('is not there unless asked for', async () => {
    const client = await RedisClient.connect({ server: { url: redis.url } });
    onTestFinished(() => client.close());
    await redis.kill();
    await expect(client.set('key', 1, { timeoutMs: 100 })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });
});
