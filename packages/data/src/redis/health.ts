import type { CallOptions, Clock } from '@canza/core';
import type { BlockingPoolMetrics } from './blocking-pool.ts';
import type { RedisConnection } from './connection.ts';
import { readServerFacts } from './failover-watch.ts';
import type { FallbackState } from './fallback.ts';
import type { ConnectionMetrics } from './metrics.ts';
import type { ServerFacts } from './server-info.ts';

/** How Redis is doing, as of one question. */
export interface RedisHealth {
  /** `degraded`: memory stands in for Redis, or one of several servers does not answer. */
  readonly status: 'up' | 'degraded' | 'down';
  /** Milliseconds that one question took now; `undefined` without an answer. */
  readonly latencyMs: number | undefined;
  /** Every master asked, as far as it answered. */
  readonly servers: readonly ServerFacts[];
  readonly connection: ConnectionMetrics;
  readonly pool: BlockingPoolMetrics;
  readonly fallback: FallbackState | undefined;
  /** Servers that took over or started anew since the client was opened. */
  readonly failovers: number;
  readonly restarts: number;
}

export interface HealthParts {
  readonly link: RedisConnection;
  readonly fallback: FallbackState | undefined;
  readonly pool: BlockingPoolMetrics;
  readonly seen: { readonly failovers: number; readonly restarts: number };
  readonly clock: Clock;
}

/** Asks every server once, within `timeoutMs` (default 1,000). */
export async function checkHealth(parts: HealthParts, options: CallOptions = {}): Promise<RedisHealth> {
  const { link, fallback, pool, seen, clock } = parts;
  const { timeoutMs = 1_000 } = options;
  const startedMs = clock.monotonicMs();
  const nodes = link.nodes();
  const [latencyMs, expected, ...asked] = await Promise.all([
    link.run('ping', [], { timeoutMs }).then(
      () => clock.monotonicMs() - startedMs,
      () => undefined,
    ),
    expectedServers(link, timeoutMs).catch(() => Infinity),
    ...nodes.map((node) => readServerFacts(node, timeoutMs).catch(() => undefined)),
  ]);
  await Promise.all(nodes.filter((node) => node !== link).map((node) => node.close()));
  const servers = asked.filter((facts) => facts !== undefined);
  return {
    status: statusOf(servers.length, expected, fallback?.engaged === true),
    latencyMs,
    servers,
    connection: link.metrics,
    pool,
    fallback,
    ...seen,
  };
}

/** Masters that serve keys; the client of a cluster forgets those that it lost. A cluster that serves nothing has too few. */
async function expectedServers(link: RedisConnection, timeoutMs: number): Promise<number> {
  if (!link.isCluster) return 1;
  const info = String(await link.run('cluster', ['info'], { timeoutMs }));
  if (!info.includes('cluster_state:ok')) return Infinity;
  return Number(/cluster_size:(\d+)/.exec(info)?.[1] ?? Infinity);
}

function statusOf(answered: number, expected: number, standIn: boolean): RedisHealth['status'] {
  if (standIn) return 'degraded';
  if (answered === 0) return 'down';
  return answered < expected ? 'degraded' : 'up';
}
