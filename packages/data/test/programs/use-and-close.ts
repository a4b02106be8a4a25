/**
 * A process that uses everything on a Redis, halts the server if told to, closes, and has nothing left to wait for:
 * `use-and-close.ts <url> [pid of the server to halt]`. Prints how long it took to close.
 */
import { Cache } from '../../src/cache/index.ts';
import { Locks } from '../../src/locks/index.ts';
import { createSharedRateLimiter } from '../../src/rate-limiter/index.ts';
import { RedisClient } from '../../src/redis/index.ts';

const [, , url = '', serverPid] = process.argv;

const client = await RedisClient.connect({ server: { url }, fallback: 'memory' });
const cache = await Cache.open(client, { name: 'closing', freshMs: 1_000 });
await cache.get('key', async () => 'value');
await client.messages.subscribe('channel', () => undefined);
await new Locks({ connection: client.link }).hold('lock', {}, async () => undefined);
await createSharedRateLimiter({ connection: client.connection, calls: 5 }).admit('key');
const waiting = client.waiting.pop(['list'], 'left', { waitMs: 60_000 }).catch(() => undefined);

if (serverPid !== undefined) {
  process.kill(Number(serverPid), 'SIGSTOP');
  await client.set('key', 'in memory', { timeoutMs: 50 });
}
const startedMs = performance.now();
cache.close();
await client.close({ timeoutMs: 100 });
await waiting;
const closedMs = performance.now();
process.once('exit', () => {
  const [closingMs, idleMs] = [closedMs - startedMs, performance.now() - closedMs].map(Math.round);
  process.stdout.write(`${JSON.stringify({ closingMs, idleMs })}\n`);
});
