/** An admission by the shared limit beside rate-limiter-flexible alone. Needs redis-server on the path, and a build. */
import { createSharedRateLimiter } from '@canza/data/rate-limiter';
import { openRedis } from '@canza/data/redis';
import { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { withRedis } from './own-redis.ts';
import { race, report } from './race.ts';

const CALLS = 100_000_000;

await withRedis(async (port) => {
  const plain = new Redis(port);
  const connection = await openRedis({ server: { url: `redis://127.0.0.1:${port}` } });
  await connection.ready();
  const bare = new RateLimiterRedis({ storeClient: plain, points: CALLS, duration: 60 });
  const ours = createSharedRateLimiter({ connection, calls: CALLS, periodSeconds: 60 });
  for (const [concurrency, calls] of [
    [1, 2_000],
    [64, 20_000],
  ] as const) {
    report(
      `An admission, concurrency ${concurrency}`,
      await race(
        [
          { name: 'rate-limiter-flexible', run: () => bare.consume('key') },
          { name: 'the shared limit', run: () => ours.admit('key') },
        ],
        { concurrency, calls },
      ),
    );
  }
  const before = Number(/total_commands_processed:(\d+)/.exec(await plain.info('stats'))?.[1]);
  for (let count = 0; count < 100; count++) {
    // oxlint-disable-next-line no-await-in-loop
    await ours.admit('counted');
  }
  const after = Number(/total_commands_processed:(\d+)/.exec(await plain.info('stats'))?.[1]);
  // One EVALSHA, in which Redis counts the three commands of the script, and the INFO that asked.
  console.log(`\n100 admissions: ${(after - before - 1) / 100} commands each, with those inside the one script`);
  await connection.close();
  await plain.quit();
});
