/** `@canza/data/redis`: Redis with types and deadlines. ioredis is loaded when a connection is opened. */

export {
  type Codec,
  type CodecOptions,
  type CompressionName,
  type CompressionOptions,
  type Serializer,
  type SerializerName,
  type UnreadableBecause,
  UnreadableValueError,
} from '../codec/index.ts';
export type { BlockingOptions, BlockingPoolMetrics } from './blocking-pool.ts';
export {
  RedisClient,
  type RedisClientEvent,
  type RedisClientOptions,
  type ResultsOf,
  type SettledResultsOf,
} from './client.ts';
export type {
  ConnectionPurpose,
  RedisConnection,
  RedisConnectionEvent,
  RunOptions,
  TransactionCommand,
} from './connection.ts';
export { type OpenRedisOptions, openRedis, type RedisNode, type RedisServer } from './connection-open.ts';
export { type CommandOutcome, RedisRefusedError, RedisUnavailableError } from './errors.ts';
export { readServerFacts, type ServerChanged } from './failover-watch.ts';
export type { FallbackEvent, FallbackOptions, FallbackState } from './fallback.ts';
export type { RedisHealth } from './health.ts';
export type { KeySpace, KeySpaceOptions, SpaceOperations } from './key-space.ts';
export type { ListEnd } from './lists.ts';
export type { Messages, SubscribeOptions, Subscription } from './messages.ts';
export type { ConnectionMetrics, LatencySummary } from './metrics.ts';
export type { Operation } from './operation.ts';
export type { RedisArgument, RedisBatch, RedisClusterLike, RedisLike } from './redis-like.ts';
export type { ScanOptions } from './scan.ts';
export { defineScript, type RedisScript, type ScriptCall, type ScriptSource, type ScriptTwin } from './script.ts';
export { compareServers, parseServerInfo, type ServerChange, type ServerFacts } from './server-info.ts';
export type { Scored, ScoreRange } from './sorted-sets.ts';
export type { AppendOptions, GroupRead, StreamEntry, StreamRange } from './streams.ts';
export type { SetOptions } from './values.ts';
export type { Waiting } from './waiting.ts';
