/** What a hit in the local layer costs. Needs redis-server on the path, and a build. */
import { Cache } from '@canza/data/cache';
import { RedisClient } from '@canza/data/redis';
import { withRedis } from './own-redis.ts';
import { payments } from './payments.ts';
import { median } from './race.ts';

const HITS = 200_000;

await withRedis(async (port) => {
  const client = await RedisClient.connect({ server: { url: `redis://127.0.0.1:${port}` } });
  const cache = await Cache.open(client, { name: 'bench', freshMs: 600_000, local: { maxAgeMs: 600_000 } });
  console.log('\nA hit in the local layer');
  for (const [name, value] of [
    ['200 B', { text: 'x'.repeat(190) }],
    ['10 kB', payments(10_000)],
  ] as const) {
    const load = async (): Promise<unknown> => value;
    await cache.get(name, load);
    const rounds: number[] = [];
    for (let round = 0; round < 12; round++) {
      const startedMs = performance.now();
      // oxlint-disable-next-line no-await-in-loop
      for (let hit = 0; hit < HITS; hit++) await cache.get(name, load);
      if (round > 1) rounds.push(((performance.now() - startedMs) / HITS) * 1_000);
    }
    console.log(
      `  ${name.padEnd(8)} ${median(rounds).toFixed(3)} µs (${Math.min(...rounds).toFixed(3)} to ${Math.max(...rounds).toFixed(3)}), awaited`,
    );
  }
  if (cache.counts.loads !== 2) throw new Error('The hits were none.');
  cache.close();
  await client.close();
});
