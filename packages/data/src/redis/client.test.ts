import { describe, expect, it } from 'vitest';
import { describeRedisClient } from '../../test/client-suite.ts';
import { connectTo, MEMORY, PLACES, REAL } from '../../test/redis.ts';
import { RedisClient } from './client.ts';

for (const place of PLACES) describeRedisClient(place);

describe.skipIf(REAL.server === undefined)('a million keys', () => {
  it('are gone through while others are served without delay', async () => {
    const client = await connectTo(REAL);
    const prefix = client.context.keyOf('');
    const fill = "for i = 1, tonumber(ARGV[2]) do redis.call('SET', ARGV[1] .. i, '') end";
    await client.link.run('eval', [fill, 0, prefix, 1_000_000], { timeoutMs: 15_000 });
    const found = new Uint8Array(1_000_001);
    let slowestMs = 0;
    const scan = { over: false };
    const others = (async () => {
      while (!scan.over) {
        const startedMs = performance.now();
        // oxlint-disable-next-line no-await-in-loop
        await client.link.run('ping', []);
        slowestMs = Math.max(slowestMs, performance.now() - startedMs);
      }
    })();
    for await (const page of client.scan('*', { pageSize: 2_000 })) for (const key of page) found[Number(key)] = 1;
    scan.over = true;
    await others;
    expect(found.reduce((sum, met) => sum + met, 0)).toBe(1_000_000);
    expect(slowestMs).toBeLessThan(250);
    await client.link.run('flushdb', ['async'], { timeoutMs: 15_000 });
  });
});

describe('the Redis client', () => {
  it('says which field of its configuration is wrong', async () => {
    await expect(RedisClient.connect({ server: { url: 'http://host' } })).rejects.toMatchObject({
      field: 'server.url',
    });
    const namespace = 'has:colon';
    await expect(connectTo(MEMORY, { namespace })).rejects.toMatchObject({ field: 'namespace' });
    const client = await connectTo(MEMORY);
    expect(() => client.space('has:colon')).toThrow(/space/);
  });

  it('shows no password', async () => {
    const server = { url: 'redis://user:very-secret@127.0.0.1:1' };
    const failed = await RedisClient.connect({ server }, { timeoutMs: 50 }).catch((error: unknown) => error);
    expect(JSON.stringify(failed)).not.toContain('very-secret');
    expect(String((failed as Error).stack)).not.toContain('very-secret');
  });
});
