/** `@canza/data/redis`: a link to Redis with deadlines. ioredis is loaded when one is opened. */

export {
  type ConnectionPurpose,
  type RedisConnection,
  type RedisConnectionEvent,
  type TransactionCommand,
} from './connection.ts';
export { type OpenRedisOptions, openRedis, type RedisNode, type RedisServer } from './connection-open.ts';
export { type CommandOutcome, RedisRefusedError, RedisUnavailableError } from './errors.ts';
export type { RedisArgument, RedisBatch, RedisLike } from './redis-like.ts';
export { defineScript, type RedisScript, type ScriptCall, type ScriptSource, type ScriptTwin } from './script.ts';
