import { describe, expect, it } from 'vitest';
import { describeRedisClient } from '../../test/client-suite.ts';
import { connectTo, MEMORY, PLACES, REAL } from '../../test/redis.ts';
import { RedisClient } from './client.ts';

for (const place of PLACES) describeRedisClient(place);

describe.skipIf(REAL.server === undefined)('many keys', () => {
  it('are gone through while others are served without delay', async () => {
    const client = await connectTo(REAL);
    const patience = { timeoutMs: 15_000 };
    const keys = 200_000;
    const fill = "for i = 1, tonumber(ARGV[2]) do redis.call('SET', ARGV[1] .. i, '') end";
    await client.link.run('eval', [fill, 0, client.context.keyOf(''), keys], patience);
    const found = new Uint8Array(keys + 1);
    let served = 0;
    let most = 0;
    const scan = { over: false };
    const serveOthers = async (): Promise<void> => {
      while (!scan.over) {
        // oxlint-disable-next-line no-await-in-loop
        await client.link.run('ping', [], patience);
        served += 1;
      }
    };
    const goThrough = async (): Promise<void> => {
      for await (const page of client.scan('*', { pageSize: 2_000, ...patience })) {
        for (const key of page) found[Number(key)] = 1;
        most = Math.max(most, page.length);
      }
      scan.over = true;
    };
    await Promise.all([goThrough(), serveOthers()]);
    expect(found.reduce((sum, met) => sum + met, 0)).toBe(keys);
    // About one for each page: nobody waits for more than a page of the scan.
    expect(served).toBeGreaterThan(keys / 2_000 / 2);
    expect(most).toBeLessThan(10_000);
    await client.link.run('flushdb', ['async'], patience);
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
