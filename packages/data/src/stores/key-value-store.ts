import {
  type CallOptions,
  type KeyValueStore,
  type StoredValue,
  StoreError,
  type SwapResult,
  type WriteOptions,
} from '@canza/core';
import { DEFAULT_NAMESPACE, keyFamily, parseNamespace } from '../keys.ts';
import type { RedisConnection, RunOptions } from '../redis/connection.ts';
import { incrementScript, setScript, swapScript } from './scripts.ts';

/** What a key-value store on Redis is made of. */
export interface RedisKeyValueStoreOptions {
  /** A client's `connection`, with its fallback, or its `link`, without. */
  readonly connection: RedisConnection;
  /** Stands in front of every key. Default `canza`. */
  readonly namespace?: string;
}

/**
 * Short-lived shared state on Redis: USSD sessions, tokens, hints. Each call is one round trip. Versions come from the
 * server's clock, so that a key made anew never repeats one.
 * @throws ConfigError when the namespace is not usable.
 */
export function createRedisKeyValueStore(options: RedisKeyValueStoreOptions): KeyValueStore {
  const { connection } = options;
  const keyOf = keyFamily(parseNamespace(options.namespace ?? DEFAULT_NAMESPACE), 'store1');
  return {
    get: (key, call) =>
      orStoreError(async () => {
        const [value, version] = (await connection.run('hmget', [keyOf(key), 'v', 'n'], repeatable(call))) as (
          | string
          | null
        )[];
        return stored(value, version);
      }),
    set: (key, value, call) =>
      orStoreError(async () => {
        await connection.runScript(setScript, [keyOf(key)], [value, ttl(call)], repeatable(call));
      }),
    swap: (key, seenVersion, value, call) =>
      orStoreError(async () => {
        const args = [String(seenVersion), value, ttl(call)];
        const [swapped, ...rest] = (await connection.runScript(swapScript, [keyOf(key)], args, call)) as [
          unknown,
          ...string[],
        ];
        if (Number(swapped) === 1) return { swapped: true, version: Number(rest[0]) };
        return { swapped: false, current: stored(rest[0], rest[1]) } satisfies SwapResult;
      }),
    delete: (key, call) => orStoreError(async () => Number(await connection.run('unlink', [keyOf(key)], call)) > 0),
    increment: (key, by, call) =>
      orStoreError(async () => {
        const args = [String(by), ttl(call)];
        const [done, sum] = (await connection.runScript(incrementScript, [keyOf(key)], args, call)) as [
          unknown,
          string?,
        ];
        if (Number(done) === 1) return Number(sum);
        throw new StoreError('The value under that key is not a whole number.');
      }),
  };
}

const stored = (value: string | null | undefined, version: string | null | undefined): StoredValue | undefined =>
  typeof value === 'string' && typeof version === 'string' ? { value, version: Number(version) } : undefined;

const ttl = (options: WriteOptions | undefined): string =>
  options?.ttlMs === undefined ? '' : String(Math.max(1, Math.ceil(options.ttlMs)));

/** Reads, and writes that come to the same when they are done twice. */
const repeatable = (options: CallOptions | undefined): RunOptions => ({ ...options, repeatable: true });

/** The port knows one error: whatever else comes is told through it. */
async function orStoreError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new StoreError('Redis did not do what the store asked.', { cause: error });
  }
}
