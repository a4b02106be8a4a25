/** Single reads and writes beside ioredis. Needs redis-server on the path, and a build. */
import { RedisClient } from '@canza/data/redis';
import { Redis } from 'ioredis';
import { withRedis } from './own-redis.ts';
import { payments } from './payments.ts';
import { type Contestant, race, report } from './race.ts';

/** Reads and writes in turn, on 100 keys. */
const inTurn = (
  name: string,
  read: (key: string) => Promise<unknown>,
  write: (key: string) => Promise<unknown>,
): Contestant => ({
  name,
  run: (index) => ((index & 1) === 0 ? write(`key:${index % 100}`) : read(`key:${(index - 1) % 100}`)),
});

await withRedis(async (port) => {
  const url = `redis://127.0.0.1:${port}`;
  const plain = new Redis(port);
  const pipelining = new Redis(port, { enableAutoPipelining: true });
  const client = await RedisClient.connect({ server: { url } });
  const text = client.space<string>('text', { serializer: 'text' });
  const uncompressed = client.space<unknown>('uncompressed', { compression: false });

  const small = 'x'.repeat(200);
  for (const [concurrency, calls, bare, name] of [
    [1, 2_000, plain, 'ioredis'],
    [64, 30_000, pipelining, 'ioredis with auto-pipelining'],
    [64, 30_000, plain, 'ioredis'],
  ] as const) {
    report(
      `200 B of text, get and set, concurrency ${concurrency}`,
      await race(
        [
          inTurn(
            name,
            (key) => bare.get(key),
            (key) => bare.set(key, small),
          ),
          inTurn(
            'RedisClient',
            (key) => text.get(key),
            (key) => text.set(key, small),
          ),
        ],
        { concurrency, calls },
      ),
    );
  }

  for (const bytes of [1_000, 10_000, 100_000]) {
    const value = payments(bytes);
    for (const [concurrency, bare, name] of [
      [1, plain, 'ioredis + JSON'],
      [64, pipelining, 'ioredis with auto-pipelining + JSON'],
    ] as const) {
      report(
        `${bytes / 1_000} kB of JSON (${JSON.stringify(value).length} bytes), get and set, concurrency ${concurrency}`,
        await race(
          [
            inTurn(
              name,
              async (key) => JSON.parse((await bare.get(key)) ?? 'null'),
              (key) => bare.set(key, JSON.stringify(value)),
            ),
            inTurn(
              'RedisClient',
              (key) => client.get(key),
              (key) => client.set(key, value),
            ),
            inTurn(
              'RedisClient without compression',
              (key) => uncompressed.get(key),
              (key) => uncompressed.set(key, value),
            ),
          ],
          { concurrency, calls: Math.min(6_000, 30_000_000 / bytes) },
        ),
      );
    }
  }
  await Promise.all([client.close(), plain.quit(), pipelining.quit()]);
});
