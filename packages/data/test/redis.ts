import { inject, onTestFinished } from 'vitest';
import { createMemoryRedis } from '../src/memory/index.ts';
import { RedisClient, type RedisClientOptions } from '../src/redis/client.ts';

const redisUrl = inject('redisUrl');
const memory = createMemoryRedis();

let names = 0;
/** A namespace that no other test uses. */
export const freshNamespace = (): string => `test-${process.pid}-${(names += 1)}`;

/** Where a suite runs; `server` is left out where there is none on this machine. */
export interface RedisPlace {
  readonly name: string;
  readonly server: RedisClientOptions['server'] | undefined;
}

export const MEMORY: RedisPlace = { name: 'memory', server: { client: memory } };
export const REAL: RedisPlace = {
  name: 'a real Redis',
  server: redisUrl === null ? undefined : { url: redisUrl },
};
export const PLACES: readonly RedisPlace[] = [MEMORY, REAL];

/** A client in a namespace of its own, closed when the test ends. */
export async function connectTo(place: RedisPlace, options: Partial<RedisClientOptions> = {}): Promise<RedisClient> {
  if (place.server === undefined) throw new Error(`There is no ${place.name} here.`);
  const client = await RedisClient.connect({ server: place.server, namespace: freshNamespace(), ...options });
  onTestFinished(() => client.close());
  return client;
}

export const pause = (durationMs: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, durationMs);
  });

/** How a call ended, and after how long. */
export async function timed(work: Promise<unknown>): Promise<{ error: unknown; tookMs: number }> {
  const startedMs = performance.now();
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { error, tookMs: performance.now() - startedMs };
}
