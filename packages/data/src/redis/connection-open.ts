import type { ConnectionOptions as TlsOptions } from 'node:tls';
import {
  type Clock,
  ConfigError,
  type Logger,
  type Random,
  silentLogger,
  systemClock,
  systemRandom,
} from '@canza/core';
import type { ClusterOptions, RedisOptions } from 'ioredis';
import type { ConnectionPurpose, RedisConnection } from './connection.ts';
import { gatherWrites } from './connection-gather.ts';
import { linkRedis } from './connection-link.ts';
import type { RedisLike } from './redis-like.ts';

/** One server of several. */
export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/** Where Redis is: one server, a Redis Cluster, a master that sentinels know, or a client that the caller has made. */
export type RedisServer =
  /** `redis://user:password@host:6379/0`, or `rediss:` for TLS. */
  | { readonly url: string }
  /** Some nodes of a Redis Cluster; the others are found through them. */
  | { readonly cluster: readonly RedisNode[] }
  | { readonly sentinels: readonly RedisNode[]; readonly masterName: string; readonly sentinelPassword?: string }
  /** Anything with the shape of ioredis. It stays the caller's to close. */
  | { readonly client: RedisLike };

/** Where Redis is, how to log in, and how patient a link is. */
export interface OpenRedisOptions {
  readonly server: RedisServer;
  readonly username?: string;
  readonly password?: string;
  /** Number of the database; 0 on a Redis Cluster. */
  readonly database?: number;
  readonly tls?: TlsOptions;
  /** Shown in CLIENT LIST. */
  readonly connectionName?: string;
  /** Milliseconds for one attempt to connect. Default 2,000. */
  readonly connectTimeoutMs?: number;
  /** Milliseconds that a command may take where the call does not say. Default 2,000. */
  readonly commandTimeoutMs?: number;
  /** Milliseconds without a byte, while replies are awaited, after which the connection is made anew. Default 5,000. */
  readonly silenceTimeoutMs?: number;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logger?: Logger;
}

const LONGEST_PAUSE_MS = 2_000;
/** Milliseconds that ioredis keeps a timer for a socket that does not close: also for one that was closed before. Not in its types. */
const HANG_UP_SOON = { disconnectTimeout: 50 };

/**
 * Opens a link to Redis. It begins to connect and does not wait for it: `ready()` does. ioredis is loaded here and not before.
 * @throws ConfigError when the address cannot be read.
 */
export async function openRedis(options: OpenRedisOptions): Promise<RedisConnection> {
  const { clock = systemClock, logger = silentLogger, commandTimeoutMs = 2_000, silenceTimeoutMs = 5_000 } = options;
  const shared = { clock, logger, commandTimeoutMs };
  const { server } = options;
  if ('client' in server) {
    return linkRedis(server.client, { ...shared, another: () => server.client.duplicate(), ownsClient: false });
  }
  const { Cluster, Redis } = await import('ioredis');
  const make = (purpose?: ConnectionPurpose): RedisLike => {
    const redisOptions = toRedisOptions(options);
    if ('cluster' in server) {
      if (purpose === 'messages') return followCluster(Redis, server.cluster, redisOptions);
      const cluster = new Cluster([...server.cluster], toClusterOptions(redisOptions, purpose, silenceTimeoutMs));
      return cluster.on('+node', gatherWrites);
    }
    const client = 'sentinels' in server ? new Redis(redisOptions) : new Redis(parseUrl(server.url), redisOptions);
    gatherWrites(client);
    return client;
  };
  return linkRedis(make(), { ...shared, silenceTimeoutMs, another: make, ownsClient: true });
}

function parseUrl(url: string): string {
  const expected = 'a URL such as "redis://user:password@host:6379/0", or "rediss:" for TLS';
  if (!URL.canParse(url)) throw new ConfigError({ field: 'server.url', expected });
  const { protocol } = new URL(url);
  if (protocol === 'redis:' || protocol === 'rediss:') return url;
  throw new ConfigError({ field: 'server.url', expected });
}

/** What every connection has: it fails soon, comes back by itself, and never sends a command twice. */
function toRedisOptions(options: OpenRedisOptions) {
  const { server, random = systemRandom } = options;
  return {
    lazyConnect: true,
    connectTimeout: options.connectTimeoutMs ?? 2_000,
    keepAlive: 10_000,
    ...HANG_UP_SOON,
    // A command that was sent and got no reply may have had its effect: only the caller may send it again.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // The link waits for the connection itself, under the deadline of each call.
    enableOfflineQueue: false,
    retryStrategy: (attempt: number) => pauseBeforeRetry(attempt, random),
    // A server that became a replica under us: look for the new master.
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
    ...(options.username === undefined ? {} : { username: options.username }),
    ...(options.password === undefined ? {} : { password: options.password }),
    ...(options.database === undefined ? {} : { db: options.database }),
    ...(options.tls === undefined ? {} : { tls: options.tls }),
    ...(options.connectionName === undefined ? {} : { connectionName: options.connectionName }),
    ...('sentinels' in server
      ? {
          sentinels: [...server.sentinels],
          name: server.masterName,
          sentinelRetryStrategy: (attempt: number) => pauseBeforeRetry(attempt, random),
          ...(server.sentinelPassword === undefined ? {} : { sentinelPassword: server.sentinelPassword }),
        }
      : {}),
  } satisfies RedisOptions;
}

function toClusterOptions(
  redisOptions: ReturnType<typeof toRedisOptions>,
  purpose: ConnectionPurpose | undefined,
  silenceTimeoutMs: number,
) {
  const { lazyConnect, retryStrategy, ...others } = redisOptions;
  // Each node connects at its first command, which must be kept until then.
  const nodeOptions = { ...others, enableOfflineQueue: true };
  return {
    lazyConnect,
    enableOfflineQueue: true,
    clusterRetryStrategy: retryStrategy,
    // 0: a command whose connection broke is not sent to another node on its own account.
    retryDelayOnFailover: 0,
    // The link sees the silence of all nodes together, ioredis that of each.
    redisOptions: { ...nodeOptions, ...(purpose === undefined ? { socketTimeout: silenceTimeoutMs } : {}) },
  } satisfies ClusterOptions;
}

/** Messages reach every node of a cluster: one connection to any node, and to the next one when that is gone. */
function followCluster(
  Redis: typeof import('ioredis').Redis,
  nodes: readonly RedisNode[],
  redisOptions: ReturnType<typeof toRedisOptions>,
): RedisLike {
  const client = new Redis({
    ...redisOptions,
    ...nodes[0],
    retryStrategy: (attempt) => {
      Object.assign(client.options, nodes[attempt % nodes.length]);
      return redisOptions.retryStrategy(attempt);
    },
  });
  return client;
}

/** Doubles from 50 ms to 2 s, and spreads over the upper half, so that many processes do not come back at one moment. */
const pauseBeforeRetry = (attempt: number, random: Random): number =>
  Math.min(LONGEST_PAUSE_MS, 25 * 2 ** Math.min(attempt, 10)) * (0.5 + random.float() / 2);
