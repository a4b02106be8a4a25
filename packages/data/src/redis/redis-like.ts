import type { RedisScript } from './script.ts';

/** What may be sent to Redis: text, whole numbers, bytes. */
export type RedisArgument = string | number | Buffer;

/** Commands that Redis runs as one, with their replies in order; `null` when a watched key had changed. */
export interface RedisBatch {
  exec(): Promise<[error: Error | null, reply: unknown][] | null>;
}

/**
 * What we need of a Redis client. The `Redis` and `Cluster` of ioredis 5 and 6 have this shape as they are; the memory
 * client of this package has it too. Written as a shape, because the classes of two copies of ioredis do not fit each other.
 */
export interface RedisLike {
  /** `ready` when commands are answered. */
  readonly status: string;
  /** Replies with bulk strings as text. */
  call(command: string, ...args: RedisArgument[]): Promise<unknown>;
  /** Replies with bulk strings as bytes. */
  callBuffer(command: string, ...args: RedisArgument[]): Promise<unknown>;
  multi(commands: unknown[][]): RedisBatch;
  /** For a client without Lua: runs the script's twin. */
  runTwin?(
    script: RedisScript,
    keys: readonly string[],
    args: readonly RedisArgument[],
    asBytes: boolean,
  ): Promise<unknown>;
  connect(): Promise<void>;
  /** Closes at once; with `true`, connects again afterwards. */
  disconnect(reconnect?: boolean): void;
  /** Closes after the replies that are still to come. */
  quit(): Promise<unknown>;
  /** A second connection to the same server. */
  duplicate(): RedisLike;
  // Each event has arguments of its own.
  // oxlint-disable-next-line typescript/no-explicit-any
  on(event: string, listener: (...args: any[]) => void): unknown;
  // oxlint-disable-next-line typescript/no-explicit-any
  off(event: string, listener: (...args: any[]) => void): unknown;
}

/** The nodes of a Redis Cluster, where the client is one. */
export interface RedisClusterLike extends RedisLike {
  readonly isCluster: boolean;
  nodes(role?: 'all' | 'master' | 'slave'): RedisLike[];
}
