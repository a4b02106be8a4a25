import { type CallOptions, type Clock, type Logger } from '@canza/core';
import { createMemoryRedis, type MemoryRedis } from '../memory/memory-redis.ts';
import type {
  ConnectionPurpose,
  RedisConnection,
  RedisConnectionEvent,
  RunOptions,
  TransactionCommand,
} from './connection.ts';
import { linkRedis } from './connection-link.ts';
import { RedisUnavailableError } from './errors.ts';
import type { ConnectionMetrics } from './metrics.ts';
import type { RedisArgument, RedisLike } from './redis-like.ts';
import type { RedisScript } from './script.ts';

/** When memory stands in for Redis, and how much it keeps. */
export interface FallbackOptions {
  /**
   * Milliseconds that a call waits for the connection before memory stands in. Default 500. A server that accepts calls and
   * does not answer them is given up at a call's own deadline.
   */
  readonly afterMs?: number;
  /** Keys kept in memory at most. Default 10,000. */
  readonly maxKeys?: number;
  /** Bytes kept in memory at most, roughly. Default 64 MiB. */
  readonly maxBytes?: number;
  /** Keys written meanwhile, all of which are removed from Redis before it is used again. Default 100,000. */
  readonly maxWrittenKeys?: number;
}

/** Memory stands in for Redis, or does not any more. */
export type FallbackEvent =
  | { readonly type: 'fallback-engaged'; readonly reason: string }
  /** `discardedKeys` were written meanwhile: gone from memory, and removed from Redis, where they would be stale. */
  | { readonly type: 'fallback-ended'; readonly discardedKeys: number; readonly durationMs: number };

/** Whether memory stands in for Redis, and since when. */
export interface FallbackState {
  readonly engaged: boolean;
  readonly engagements: number;
  /** Milliseconds since it engaged, where it has. */
  readonly engagedForMs: number | undefined;
  readonly keys: number;
  readonly writtenKeys: number;
}

interface Environment {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onEvent: (event: FallbackEvent) => void;
}

const RETRY_PAUSE_MS = 1_000;
const REMOVE_AT_ONCE = 500;

/**
 * Redis with memory to stand in while it is away: for what may be lost (caches, limits, sessions), never for records of
 * payments. Memory begins empty. Before Redis is used again, every key written meanwhile is removed from it, because what it
 * holds there is older than what was written.
 */
export class FallbackConnection implements RedisConnection {
  readonly hasFallback = true;
  readonly #redis: RedisConnection;
  readonly #environment: Environment;
  readonly #afterMs: number;
  readonly #maxWrittenKeys: number;
  readonly #memoryBounds: { readonly maxKeys: number; readonly maxBytes: number };
  readonly #written = new Set<string>();
  readonly #stopObserving: () => void;
  #memory: { readonly client: MemoryRedis; readonly link: RedisConnection; readonly sinceMs: number } | undefined;
  #returning = false;
  #cancelRetry: (() => void) | undefined;
  #engagements = 0;
  #discarded = 0;

  constructor(redis: RedisConnection, options: FallbackOptions, environment: Environment) {
    this.#redis = redis;
    this.#environment = environment;
    this.#afterMs = options.afterMs ?? 500;
    this.#maxWrittenKeys = options.maxWrittenKeys ?? 100_000;
    this.#memoryBounds = { maxKeys: options.maxKeys ?? 10_000, maxBytes: options.maxBytes ?? 64 * 1024 * 1024 };
    this.#stopObserving = redis.observe((event) => {
      if (event.type === 'ready') this.#tryReturn();
    });
  }

  get state(): FallbackState {
    const memory = this.#memory;
    return {
      engaged: memory !== undefined,
      engagements: this.#engagements,
      engagedForMs: memory === undefined ? undefined : this.#environment.clock.monotonicMs() - memory.sinceMs,
      keys: memory?.client.size ?? 0,
      writtenKeys: this.#written.size,
    };
  }

  get isReady(): boolean {
    return this.#memory !== undefined || this.#redis.isReady;
  }

  get epoch(): number {
    return this.#redis.epoch;
  }

  get metrics(): ConnectionMetrics {
    return this.#redis.metrics;
  }

  get isCluster(): boolean {
    return this.#redis.isCluster;
  }

  get client(): RedisLike {
    return this.#redis.client;
  }

  nodes(): readonly RedisConnection[] {
    return this.#memory === undefined ? this.#redis.nodes() : [this.#memory.link];
  }

  run(command: string, args: readonly RedisArgument[], options?: RunOptions): Promise<unknown> {
    return this.#either(keysOf(command, args, options), options, (link, within) => link.run(command, args, within));
  }

  runBytes<Result = unknown>(
    command: string,
    args: readonly RedisArgument[],
    options?: RunOptions,
    read?: (reply: unknown) => Result | Promise<Result>,
  ): Promise<Result> {
    return this.#either(keysOf(command, args, options), options, (link, within) =>
      link.runBytes(command, args, within, read),
    );
  }

  runScript(
    script: RedisScript,
    keys: readonly string[],
    args: readonly RedisArgument[],
    options?: RunOptions,
  ): Promise<unknown> {
    return this.#either(keys, options, (link, within) => link.runScript(script, keys, args, within));
  }

  runScriptBytes(
    script: RedisScript,
    keys: readonly string[],
    args: readonly RedisArgument[],
    options?: RunOptions,
  ): Promise<unknown> {
    return this.#either(keys, options, (link, within) => link.runScriptBytes(script, keys, args, within));
  }

  transaction(commands: readonly TransactionCommand[], options?: RunOptions): Promise<readonly unknown[]> {
    const keys = commands.flatMap(({ command, args }) => keysOf(command, args, undefined));
    return this.#either(keys, options, (link, within) => link.transaction(commands, within));
  }

  /** Resolves when Redis, or memory in its place, takes commands. */
  async ready(options?: RunOptions): Promise<void> {
    await this.#either([], options, (link, within) => link.ready(within));
  }

  observe(observer: (event: RedisConnectionEvent) => void): () => void {
    return this.#redis.observe(observer);
  }

  reconnect(): void {
    this.#redis.reconnect();
  }

  duplicate(purpose: ConnectionPurpose): RedisConnection {
    return this.#redis.duplicate(purpose);
  }

  async close(options?: CallOptions): Promise<void> {
    this.#stopObserving();
    this.#cancelRetry?.();
    await this.#memory?.link.close();
    this.#memory = undefined;
    await this.#redis.close(options);
  }

  async #either<T>(
    keys: readonly string[],
    options: RunOptions | undefined,
    work: (link: RedisConnection, within: RunOptions | undefined) => Promise<T>,
  ): Promise<T> {
    if (this.#memory === undefined) {
      try {
        return await work(this.#redis, { ...options, connectWithinMs: this.#afterMs });
      } catch (error) {
        if (!(error instanceof RedisUnavailableError) || error.refused) throw error;
        this.#engage(error.message);
      }
    }
    // Redis may have come back while the call was on its way to memory.
    const memory = this.#memory;
    if (memory === undefined) return work(this.#redis, options);
    this.#note(keys);
    return work(memory.link, options);
  }

  #engage(reason: string): void {
    if (this.#memory !== undefined) return;
    const { clock, logger, onEvent } = this.#environment;
    const client = createMemoryRedis({ clock, ...this.#memoryBounds });
    const link = linkRedis(client, { clock, logger, another: () => client.duplicate(), ownsClient: true });
    this.#memory = { client, link, sinceMs: clock.monotonicMs() };
    this.#engagements += 1;
    this.#discarded = 0;
    logger.error(
      { reason, engagements: this.#engagements },
      'Redis is away: memory stands in, for this process alone.',
    );
    onEvent({ type: 'fallback-engaged', reason });
    if (this.#redis.isReady) this.#retryLater();
  }

  /** @throws RedisUnavailableError when so much was written that it could not all be removed again. */
  #note(keys: readonly string[]): void {
    for (const key of keys) {
      if (this.#written.size >= this.#maxWrittenKeys && !this.#written.has(key)) {
        throw new RedisUnavailableError('Redis is away, and memory takes no more keys.', 'not-sent');
      }
      this.#written.add(key);
    }
  }

  #retryLater(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = this.#environment.clock.setTimer(RETRY_PAUSE_MS, () => this.#tryReturn());
  }

  #tryReturn(): void {
    if (this.#memory === undefined || this.#returning) return;
    this.#returning = true;
    const onRemoved = (): void => {
      this.#returning = false;
      this.#comeBack();
    };
    const onFailure = (): void => {
      this.#returning = false;
      this.#retryLater();
    };
    this.#removeWritten().then(onRemoved, onFailure);
  }

  /** Until none is left, because memory goes on being written to. */
  async #removeWritten(): Promise<void> {
    // Also when nothing was written: it shows that Redis answers.
    await this.#redis.run('ping', []);
    while (this.#written.size > 0) {
      const keys = [...this.#written].slice(0, REMOVE_AT_ONCE);
      for (const key of keys) this.#written.delete(key);
      try {
        // oxlint-disable-next-line no-await-in-loop
        await this.#remove(keys);
      } catch (error) {
        for (const key of keys) this.#written.add(key);
        throw error;
      }
      this.#discarded += keys.length;
    }
  }

  async #remove(keys: readonly string[]): Promise<void> {
    if (!this.#redis.isCluster) await this.#redis.run('unlink', keys);
    else await Promise.all(keys.map((key) => this.#redis.run('unlink', [key])));
  }

  #comeBack(): void {
    const memory = this.#memory;
    if (memory === undefined) return;
    // Written between the last removal and now.
    if (this.#written.size > 0) {
      this.#tryReturn();
      return;
    }
    this.#memory = undefined;
    void memory.link.close();
    const { clock, logger, onEvent } = this.#environment;
    const durationMs = clock.monotonicMs() - memory.sinceMs;
    logger.warn({ durationMs, discardedKeys: this.#discarded }, 'Redis is back, and memory is put aside.');
    onEvent({ type: 'fallback-ended', discardedKeys: this.#discarded, durationMs });
  }
}

const WITHOUT_KEYS = new Set(['ping', 'echo', 'time', 'info', 'publish', 'scan', 'dbsize', 'keys']);
const ALL_KEYS = new Set(['unlink', 'del']);

/** The keys that a command writes, or may write. */
function keysOf(command: string, args: readonly RedisArgument[], options: RunOptions | undefined): readonly string[] {
  if (options?.repeatable === true || WITHOUT_KEYS.has(command)) return [];
  if (ALL_KEYS.has(command)) return args.map(String);
  if (command === 'lmove') return args.slice(0, 2).map(String);
  if (command === 'xgroup') return [String(args[1])];
  if (command === 'xreadgroup') return [String(args[args.length - 2])];
  return args.length === 0 ? [] : [String(args[0])];
}
