/** `@canza/data/memory`: Redis in memory, for tests and for development without a server. */

export { createMemoryRedis, type MemoryRedis, type MemoryRedisOptions } from './memory-redis.ts';
