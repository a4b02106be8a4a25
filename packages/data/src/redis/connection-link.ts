import type { CallOptions, Clock, Logger } from '@canza/core';
import { Call, type CallDesk, type Read, type Send } from './call.ts';
import type {
  ConnectionPurpose,
  RedisConnection,
  RedisConnectionEvent,
  RunOptions,
  TransactionCommand,
} from './connection.ts';
import { DeadlineQueue } from './deadline-queue.ts';
import { RedisRefusedError, redisError } from './errors.ts';
import { type ConnectionMetrics, LatencyHistogram } from './metrics.ts';
import type { RedisArgument, RedisBatch, RedisClusterLike, RedisLike } from './redis-like.ts';
import type { RedisScript } from './script.ts';

export interface RedisLinkOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds that a command may take where the call does not say. Default 2,000. */
  readonly commandTimeoutMs?: number;
  /** Milliseconds without any reply, while some are awaited, after which the connection is broken and made anew. */
  readonly silenceTimeoutMs?: number;
  /** Makes the client of a further connection. */
  readonly another: (purpose: ConnectionPurpose) => RedisLike;
  /** Whether `close` ends the client too: not when it is the caller's. */
  readonly ownsClient: boolean;
}

/** Puts deadlines, abort signals and our errors around a client that has the shape of ioredis. */
export function linkRedis(client: RedisLike, options: RedisLinkOptions): RedisConnection {
  return new RedisLink(client, options);
}

class RedisLink implements RedisConnection {
  readonly client: RedisLike;
  readonly hasFallback = false;
  readonly #options: RedisLinkOptions;
  readonly #commandTimeoutMs: number;
  readonly #desk: CallDesk;
  readonly #observers = new Set<(event: RedisConnectionEvent) => void>();
  #epoch = 0;
  #away = true;
  #cancelWatch: (() => void) | undefined;

  constructor(client: RedisLike, options: RedisLinkOptions) {
    this.client = client;
    this.#options = options;
    this.#commandTimeoutMs = options.commandTimeoutMs ?? 2_000;
    this.#desk = {
      client,
      clock: options.clock,
      deadlines: new DeadlineQueue(options.clock),
      latency: new LatencyHistogram(),
      waiting: new Set(),
      closed: false,
      lastFailure: 'it has not connected yet',
      inFlight: 0,
      refusals: 0,
      timeouts: 0,
      losses: 0,
      lastReplyMs: -Infinity,
      onSilence: (sentMs) => this.#breakIfSilentSince(sentMs),
    };
    client.on('connect', this.#onConnect);
    client.on('ready', this.#onReady);
    client.on('close', this.#onClose);
    client.on('end', this.#onClose);
    client.on('error', this.#onError);
    if (client.status === 'ready') this.#onReady();
    else if (client.status === 'wait') client.connect().catch(this.#onError);
  }

  get isReady(): boolean {
    return !this.#desk.closed && this.client.status === 'ready';
  }

  get epoch(): number {
    return this.#epoch;
  }

  get isCluster(): boolean {
    return (this.client as Partial<RedisClusterLike>).isCluster === true;
  }

  get metrics(): ConnectionMetrics {
    const { inFlight, waiting, refusals, timeouts, losses } = this.#desk;
    const latency = this.#desk.latency.summary();
    return {
      inFlight,
      waiting: waiting.size,
      replies: latency.count,
      refusals,
      timeouts,
      losses,
      connections: this.#epoch,
      latency,
    };
  }

  nodes(): readonly RedisConnection[] {
    if (!this.isCluster) return [this];
    const masters = (this.client as RedisClusterLike).nodes('master');
    return masters.map((node) => new RedisLink(node, { ...this.#options, ownsClient: false }));
  }

  run(command: string, args: readonly RedisArgument[], options?: RunOptions): Promise<unknown> {
    return this.#submit(command, (client) => client.call(command, ...args), options);
  }

  runBytes<Result = unknown>(
    command: string,
    args: readonly RedisArgument[],
    options?: RunOptions,
    read?: Read<Result>,
  ): Promise<Result> {
    return this.#submit(command, (client) => client.callBuffer(command, ...args), options, read);
  }

  runScript(
    script: RedisScript,
    keys: readonly string[],
    args: readonly RedisArgument[],
    options?: RunOptions,
  ): Promise<unknown> {
    return this.#submit(script.name, (client) => evaluate(client, 'call', script, keys, args), options);
  }

  runScriptBytes(
    script: RedisScript,
    keys: readonly string[],
    args: readonly RedisArgument[],
    options?: RunOptions,
  ): Promise<unknown> {
    return this.#submit(script.name, (client) => evaluate(client, 'callBuffer', script, keys, args), options);
  }

  async transaction(commands: readonly TransactionCommand[], options?: RunOptions): Promise<readonly unknown[]> {
    const batch = commands.map(({ command, args }) => ['callBuffer', command, ...args]);
    const reply = await this.#submit('a transaction', (client) => client.multi(batch).exec(), options);
    const results = reply as Awaited<ReturnType<RedisBatch['exec']>>;
    if (results === null) throw new RedisRefusedError('A watched key had changed.', 'EXECABORT');
    return results.map(([error, result], index) => {
      if (error !== null) throw redisError(commands[index]?.command ?? 'a transaction', error);
      return result;
    });
  }

  async ready(options?: RunOptions): Promise<void> {
    await this.#submit('The connection', () => Promise.resolve(), options);
  }

  observe(observer: (event: RedisConnectionEvent) => void): () => void {
    this.#observers.add(observer);
    return () => void this.#observers.delete(observer);
  }

  duplicate(purpose: ConnectionPurpose): RedisConnection {
    const { silenceTimeoutMs: _mayBeSilent, ...options } = this.#options;
    return new RedisLink(this.#options.another(purpose), { ...options, ownsClient: true });
  }

  async close(options?: CallOptions): Promise<void> {
    const desk = this.#desk;
    if (desk.closed) return;
    desk.closed = true;
    this.#cancelWatch?.();
    for (const call of desk.waiting) call.go();
    if (this.#options.ownsClient) await this.#end(options?.timeoutMs ?? this.#commandTimeoutMs);
    this.client.off('connect', this.#onConnect);
    this.client.off('ready', this.#onReady);
    this.client.off('close', this.#onClose);
    this.client.off('end', this.#onClose);
    // A client of ours may still fail once more on its way down, and a failure that nobody hears ends up on the console.
    if (!this.#options.ownsClient) this.client.off('error', this.#onError);
    desk.deadlines.clear();
    this.#tell({ type: 'closed' });
    this.#observers.clear();
  }

  #submit<Result>(what: string, send: Send, options: RunOptions | undefined, read?: Read<Result>): Promise<Result> {
    const call = new Call<Result>(this.#desk, what, send, options?.timeoutMs ?? this.#commandTimeoutMs, options, read);
    call.begin();
    return call.promise;
  }

  /** Asks for the last replies, and hangs up when they do not come. */
  async #end(timeoutMs: number): Promise<void> {
    if (this.client.status === 'ready') {
      await new Promise<void>((resolve) => {
        const deadline = this.#desk.deadlines.add(timeoutMs, () => end());
        const end = (): void => {
          deadline.cancel();
          resolve();
        };
        this.client.quit().then(end, end);
      });
    }
    if (this.client.status !== 'end') this.client.disconnect();
    // A server that hangs does not hang up.
    streamOf(this.client)?.destroy();
  }

  /** Breaks the connection; the client makes it anew. */
  reconnect(): void {
    const stream = streamOf(this.client);
    if (stream === undefined) this.client.disconnect(true);
    else stream.destroy();
  }

  /** A server that takes commands and answers none, or whose machine is gone, shows by nothing but its silence. */
  #breakIfSilentSince(sinceMs: number): void {
    const { silenceTimeoutMs, clock } = this.#options;
    if (silenceTimeoutMs === undefined || this.#cancelWatch !== undefined || this.#desk.lastReplyMs > sinceMs) return;
    const epoch = this.#epoch;
    const check = (): void => {
      this.#cancelWatch = undefined;
      if (this.#epoch === epoch && this.#desk.lastReplyMs <= sinceMs) this.reconnect();
    };
    this.#cancelWatch = clock.setTimer(Math.max(0, sinceMs + silenceTimeoutMs - clock.monotonicMs()), check);
  }

  /** Connected, and not yet ready: the server has to say who it is. */
  readonly #onConnect = (): void => {
    this.#cancelWatch?.();
    this.#cancelWatch = undefined;
    this.#breakIfSilentSince(this.#options.clock.monotonicMs());
  };

  readonly #onReady = (): void => {
    this.#cancelWatch?.();
    this.#cancelWatch = undefined;
    this.#away = false;
    this.#epoch += 1;
    this.#tell({ type: 'ready', epoch: this.#epoch });
    for (const call of this.#desk.waiting) call.go();
  };

  readonly #onClose = (): void => {
    if (this.#away || this.#desk.closed) return;
    this.#away = true;
    const reason = this.#desk.lastFailure;
    this.#options.logger.warn({ epoch: this.#epoch, reason }, 'The connection to Redis is lost.');
    this.#tell({ type: 'away', epoch: this.#epoch, reason });
  };

  readonly #onError = (error: unknown): void => {
    this.#desk.lastFailure = shortReason(error);
  };

  #tell(event: RedisConnectionEvent): void {
    for (const observer of this.#observers) observer(event);
  }
}

/** What failed, in one word and without anything of the caller's: `ECONNREFUSED`, or Redis' own `WRONGPASS`. */
function shortReason(error: unknown): string {
  const { code, name, message } = (error ?? {}) as { code?: unknown; name?: unknown; message?: unknown };
  if (typeof code === 'string') return code;
  if (name === 'ReplyError') return /^[A-Z]+/.exec(String(message))?.[0] ?? 'ERR';
  return typeof name === 'string' ? name : 'an error';
}

/** The socket of a client to one server, as ioredis shows it. */
const streamOf = (client: RedisLike): { destroy(): void } | undefined =>
  (client as { readonly stream?: { destroy(): void } | null }).stream ?? undefined;

/** Runs a script by its digest; a server that does not know it has not run anything, and is sent the text. */
function evaluate(
  client: RedisLike,
  call: 'call' | 'callBuffer',
  script: RedisScript,
  keys: readonly string[],
  args: readonly RedisArgument[],
): Promise<unknown> {
  if (client.runTwin !== undefined) return client.runTwin(script, keys, args, call === 'callBuffer');
  return client[call]('evalsha', script.sha1, keys.length, ...keys, ...args).catch((error: unknown) => {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return client[call]('eval', script.lua, keys.length, ...keys, ...args);
  });
}
