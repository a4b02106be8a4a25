import { type CallOptions, type Clock, type Logger, silentLogger, systemClock } from '@canza/core';
import { type CodecOptions, createCodec } from '../codec/index.ts';
import { DEFAULT_NAMESPACE, parseNamespace, spaceKey, valueKey } from '../keys.ts';
import { BlockingPool } from './blocking-pool.ts';
import type { RedisConnection, RedisConnectionEvent, RunOptions } from './connection.ts';
import { type OpenRedisOptions, openRedis } from './connection-open.ts';
import { FailoverWatch, type ServerChanged } from './failover-watch.ts';
import { FallbackConnection, type FallbackEvent, type FallbackOptions } from './fallback.ts';
import { checkHealth, type RedisHealth } from './health.ts';
import { KeySpace, type KeySpaceOptions } from './key-space.ts';
import { Messages } from './messages.ts';
import { type Operation, runOperation } from './operation.ts';
import { Waiting } from './waiting.ts';

/** Where Redis is, and how values are kept there. */
export interface RedisClientOptions extends OpenRedisOptions, CodecOptions {
  /** Stands in front of every key. Default `canza`. */
  readonly namespace?: string;
  /**
   * `memory`: while Redis is away, values are kept in this process, bounded, and forgotten when it is back. For what may be
   * lost. Locks and journals never use it. Default: none, and calls fail instead.
   */
  readonly fallback?: 'memory' | ({ readonly to: 'memory' } & FallbackOptions);
  /** Connections for commands that wait on the server. Default 4. */
  readonly blockingConnections?: number;
}

/** What a client tells whoever observes it. */
export type RedisClientEvent =
  | RedisConnectionEvent
  | FallbackEvent
  | ({ readonly type: 'server-changed' } & ServerChanged);

/** The results of operations, in their order. */
export type ResultsOf<Operations extends readonly Operation<unknown>[]> = {
  readonly [Index in keyof Operations]: Operations[Index] extends Operation<infer Result> ? Result : never;
};

/** A result of a pipeline: each operation succeeds or fails by itself. */
export type SettledResultsOf<Operations extends readonly Operation<unknown>[]> = {
  readonly [Index in keyof Operations]: Operations[Index] extends Operation<infer Result>
    ? PromiseSettledResult<Result>
    : never;
};

interface Parts {
  readonly link: RedisConnection;
  readonly fallback: FallbackConnection | undefined;
  readonly namespace: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly observers: Set<(event: RedisClientEvent) => void>;
}

/**
 * Redis, typed and with a deadline on everything: values, hashes, lists, sets, sorted sets, streams, messages, pipelines,
 * transactions. The client itself is a key space of any values; `space` makes typed ones.
 */
export class RedisClient extends KeySpace<unknown> {
  readonly namespace: string;
  /** The link to Redis itself, without fallback: for locks and journals. */
  readonly link: RedisConnection;
  /** What values go through: the link, or memory in its place where that was asked for. */
  readonly connection: RedisConnection;
  readonly messages: Messages;
  /** Commands that wait until something comes. */
  readonly waiting: Waiting;
  readonly #parts: Parts;
  readonly #pool: BlockingPool;
  readonly #watch: FailoverWatch;
  readonly #options: RedisClientOptions;

  private constructor(parts: Parts, options: RedisClientOptions) {
    const connection = parts.fallback ?? parts.link;
    super(connection, valueKey(parts.namespace), options);
    this.#parts = parts;
    this.#options = options;
    this.namespace = parts.namespace;
    this.link = parts.link;
    this.connection = connection;
    const { namespace, logger, clock } = parts;
    this.messages = new Messages({ connection: parts.link, codec: createCodec(options), namespace, logger, clock });
    this.#pool = new BlockingPool(parts.link, options.blockingConnections ?? 4);
    this.waiting = new Waiting(this.#pool, this.context);
    this.#watch = new FailoverWatch(parts.link, logger, (change) => tell(parts, { type: 'server-changed', ...change }));
    parts.link.observe((event) => tell(parts, event));
  }

  /**
   * Opens a client and waits until Redis answers. With a fallback it does not wait for long: memory stands in.
   * @throws ConfigError; RedisUnavailableError when Redis does not answer within `timeoutMs` (default: that of a command).
   */
  static async connect(options: RedisClientOptions, call?: CallOptions): Promise<RedisClient> {
    const { clock = systemClock, logger = silentLogger } = options;
    const namespace = parseNamespace(options.namespace ?? DEFAULT_NAMESPACE);
    const link = await openRedis(options);
    const observers: Parts['observers'] = new Set();
    const tellAll = (event: RedisClientEvent): void => {
      for (const observer of observers) observer(event);
    };
    const { fallback: asked } = options;
    const fallback =
      asked === undefined
        ? undefined
        : new FallbackConnection(link, asked === 'memory' ? {} : asked, { clock, logger, onEvent: tellAll });
    const client = new RedisClient({ link, fallback, namespace, clock, logger, observers }, options);
    try {
      await client.connection.ready(call);
    } catch (error) {
      await client.close();
      throw error;
    }
    return client;
  }

  /** A space of keys with values of one type, written in a way of its own. */
  space<T>(name: string, options: KeySpaceOptions<T> = {}): KeySpace<T> {
    return new KeySpace<T>(this.connection, spaceKey(this.namespace, name), {
      ...codecOnly(this.#options),
      ...options,
    });
  }

  /** Sends operations together; each succeeds or fails by itself. */
  async pipeline<const Operations extends readonly Operation<unknown>[]>(
    operations: Operations,
  ): Promise<SettledResultsOf<Operations>> {
    const results = await Promise.allSettled(operations.map((operation) => runOperation(this.connection, operation)));
    return results as unknown as SettledResultsOf<Operations>;
  }

  /**
   * Runs operations as one: no other command comes between. When Redis refuses one of them, the others have run; the first
   * refusal is thrown. All keys share a slot in a cluster.
   */
  async transaction<const Operations extends readonly Operation<unknown>[]>(
    operations: Operations,
    options?: RunOptions,
  ): Promise<ResultsOf<Operations>> {
    const commands = await Promise.all(operations.map(async ({ command, args }) => ({ command, args: await args })));
    const replies = await this.connection.transaction(commands, options);
    const results = await Promise.all(operations.map((operation, index) => operation.read(replies[index])));
    return results as unknown as ResultsOf<Operations>;
  }

  /** Tells of connections made and lost, of the fallback and of servers that changed, until the returned function is called. */
  observe(observer: (event: RedisClientEvent) => void): () => void {
    this.#parts.observers.add(observer);
    return () => void this.#parts.observers.delete(observer);
  }

  /** How Redis is, asked now. Never throws: a server that does not answer is `down`. */
  async health(options?: CallOptions): Promise<RedisHealth> {
    return checkHealth(
      {
        link: this.link,
        fallback: this.#parts.fallback?.state,
        pool: this.#pool.metrics,
        seen: this.#watch.seen,
        clock: this.#parts.clock,
      },
      options,
    );
  }

  /** Closes every connection, after replies that are still to come. */
  async close(options?: CallOptions): Promise<void> {
    this.#watch.close();
    await Promise.all([this.messages.close(), this.#pool.close()]);
    await this.connection.close(options);
    this.#parts.observers.clear();
  }
}

function tell({ observers }: Parts, event: RedisClientEvent): void {
  for (const observer of observers) observer(event);
}

const codecOnly = ({ serializer, alsoReads, compression, maxValueBytes }: CodecOptions): CodecOptions => ({
  ...(serializer === undefined ? {} : { serializer }),
  ...(alsoReads === undefined ? {} : { alsoReads }),
  ...(compression === undefined ? {} : { compression }),
  ...(maxValueBytes === undefined ? {} : { maxValueBytes }),
});
