/** `@canza/data/stores`: the key-value store of `@canza/core` on Redis; USSD sessions live there. */

export { createRedisKeyValueStore, type RedisKeyValueStoreOptions } from './key-value-store.ts';
