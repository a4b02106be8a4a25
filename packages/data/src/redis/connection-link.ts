import { AbortedError, type CallOptions, type Clock, type Logger } from '@canza/core';
import type {
  ConnectionPurpose,
  RedisConnection,
  RedisConnectionEvent,
  RunOptions,
  TransactionCommand,
} from './connection.ts';
import { DeadlineQueue, type DeadlineTicket } from './deadline-queue.ts';
import { RedisRefusedError, RedisUnavailableError, redisError } from './errors.ts';
import { type ConnectionMetrics, LatencyHistogram } from './metrics.ts';
import type { RedisArgument, RedisClusterLike, RedisLike } from './redis-like.ts';
import type { RedisScript } from './script.ts';

export interface RedisLinkOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds that a command may take where the call does not say. Default 2,000. */
  readonly commandTimeoutMs?: number;
  /** Makes the client of a further connection. */
  readonly another: (purpose: ConnectionPurpose) => RedisLike;
  /** Whether `close` ends the client too: not when it is the caller's. */
  readonly ownsClient: boolean;
}

/** Milliseconds before a command that Redis did not run is sent again. */
const REPEAT_PAUSE_MS = 20;

/** Puts deadlines, abort signals and our errors around a client that has the shape of ioredis. */
export function linkRedis(client: RedisLike, options: RedisLinkOptions): RedisConnection {
  return new RedisLink(client, options);
}

/** A socket that can hold back what is written to it. */
interface Corkable {
  cork(): void;
  uncork(): void;
}

class RedisLink implements RedisConnection {
  readonly client: RedisLike;
  readonly #options: RedisLinkOptions;
  readonly #commandTimeoutMs: number;
  readonly #deadlines: DeadlineQueue;
  readonly #observers = new Set<(event: RedisConnectionEvent) => void>();
  readonly #waiting = new Set<() => void>();
  #epoch = 0;
  #away = true;
  #closed = false;
  #gathering = false;
  #lastFailure = 'it has not connected yet';
  #inFlight = 0;
  #refusals = 0;
  #timeouts = 0;
  #losses = 0;
  readonly #latency = new LatencyHistogram();

  constructor(client: RedisLike, options: RedisLinkOptions) {
    this.client = client;
    this.#options = options;
    this.#commandTimeoutMs = options.commandTimeoutMs ?? 2_000;
    this.#deadlines = new DeadlineQueue(options.clock);
    client.on('ready', this.#onReady);
    client.on('close', this.#onClose);
    client.on('end', this.#onClose);
    client.on('error', this.#onError);
    if (client.status === 'ready') this.#onReady();
    else if (client.status === 'wait') client.connect().catch(this.#onError);
  }

  get isReady(): boolean {
    return !this.#closed && this.client.status === 'ready';
  }

  get epoch(): number {
    return this.#epoch;
  }

  get isCluster(): boolean {
    return (this.client as Partial<RedisClusterLike>).isCluster === true;
  }

  nodes(): readonly RedisConnection[] {
    if (!this.isCluster) return [this];
    const masters = (this.client as RedisClusterLike).nodes('master');
    return masters.map((node) => new RedisLink(node, { ...this.#options, ownsClient: false }));
  }

  get metrics(): ConnectionMetrics {
    const latency = this.#latency.summary();
    return {
      inFlight: this.#inFlight,
      waiting: this.#waiting.size,
      replies: latency.count,
      refusals: this.#refusals,
      timeouts: this.#timeouts,
      losses: this.#losses,
      connections: this.#epoch,
      latency,
    };
  }

  run(command: string, args: readonly RedisArgument[], options?: RunOptions): Promise<unknown> {
    return this.#submit(command, (client) => client.call(command, ...args), options);
  }

  runBytes(command: string, args: readonly RedisArgument[], options?: RunOptions): Promise<unknown> {
    return this.#submit(command, (client) => client.callBuffer(command, ...args), options);
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
    const results = await this.#submit('a transaction', (client) => client.multi(batch).exec(), options);
    if (results === null) throw new RedisRefusedError('A watched key had changed.', 'EXECABORT');
    return results.map(([error, reply], index) => {
      if (error !== null) throw redisError(commands[index]?.command ?? 'a transaction', error);
      return reply;
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
    return new RedisLink(this.#options.another(purpose), { ...this.#options, ownsClient: true });
  }

  async close(options?: CallOptions): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const wake of this.#waiting) wake();
    if (this.#options.ownsClient) await this.#end(options?.timeoutMs ?? this.#commandTimeoutMs);
    this.client.off('ready', this.#onReady);
    this.client.off('close', this.#onClose);
    this.client.off('end', this.#onClose);
    // A client of ours may still fail once more on its way down, and a failure that nobody hears ends up on the console.
    if (!this.#options.ownsClient) this.client.off('error', this.#onError);
    this.#deadlines.clear();
    this.#tell({ type: 'closed' });
    this.#observers.clear();
  }

  /** Asks for the last replies, and hangs up when they do not come. */
  async #end(timeoutMs: number): Promise<void> {
    if (this.client.status === 'ready') {
      await new Promise<void>((resolve) => {
        const ticket = this.#deadlines.add(timeoutMs, () => end());
        const end = (): void => {
          ticket.cancel();
          resolve();
        };
        this.client.quit().then(end, end);
      });
    }
    this.client.disconnect();
  }

  #submit<T>(what: string, send: (client: RedisLike) => Promise<T>, options: RunOptions | undefined): Promise<T> {
    const signal = options?.signal;
    return new Promise<T>((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(new AbortedError(what, 'no'));
        return;
      }
      const timeoutMs = options?.timeoutMs ?? this.#commandTimeoutMs;
      let state: 'waiting' | 'sent' | 'ended' = 'waiting';
      let cancelPause: (() => void) | undefined;
      let patience: DeadlineTicket | undefined;
      /** False when the command has ended before: a late reply is counted and dropped. */
      const end = (): boolean => {
        if (state === 'ended') return false;
        if (state === 'sent') this.#inFlight -= 1;
        else this.#waiting.delete(go);
        cancelPause?.();
        patience?.cancel();
        state = 'ended';
        ticket.cancel();
        signal?.removeEventListener('abort', onAbort);
        return true;
      };
      const expire = (lengthMs: number): void => {
        const outcome = state === 'sent' ? 'unknown' : 'not-sent';
        const why = state === 'sent' ? '' : `, because ${this.#lastFailure}`;
        end();
        this.#timeouts += 1;
        reject(new RedisUnavailableError(`${what} took longer than ${lengthMs} ms${why}.`, outcome));
      };
      const ticket = this.#deadlines.add(timeoutMs, () => expire(timeoutMs));
      const onAbort = (): void => {
        if (!end()) return;
        this.#losses += 1;
        reject(new AbortedError(what, 'no'));
      };
      const onReply = (reply: T): void => {
        if (!end()) return;
        this.#latency.record(this.#options.clock.monotonicMs() - ticket.startedMs);
        resolve(reply);
      };
      const onError = (error: unknown): void => {
        if (state !== 'sent') return;
        const known = redisError(what, error);
        if (known instanceof RedisRefusedError) this.#refusals += 1;
        else this.#losses += 1;
        if (!this.#closed && mayRepeat(known, options)) {
          this.#inFlight -= 1;
          state = 'waiting';
          this.#lastFailure = known.reason;
          // A pause, because a server that loads or fails over says so at once, again and again.
          cancelPause = this.#options.clock.setTimer(REPEAT_PAUSE_MS, submit);
          return;
        }
        end();
        reject(known);
      };
      const go = (): void => {
        this.#waiting.delete(go);
        if (this.#closed) {
          end();
          reject(new RedisUnavailableError(`${what} came after the connection was closed.`, 'not-sent'));
          return;
        }
        patience?.cancel();
        patience = undefined;
        state = 'sent';
        if (this.#inFlight > 0) this.#gather();
        this.#inFlight += 1;
        send(this.client).then(onReply, onError);
      };
      const submit = (): void => {
        if (this.#closed || this.client.status === 'ready') {
          go();
          return;
        }
        this.#waiting.add(go);
        const withinMs = options?.connectWithinMs;
        if (withinMs !== undefined) patience ??= this.#deadlines.add(withinMs, () => expire(withinMs));
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      submit();
    });
  }

  /**
   * Holds back what is written until the end of this turn of the event loop, so that the commands of one turn leave in one
   * write. Only done while replies are awaited: a command that comes alone leaves at once.
   */
  #gather(): void {
    if (this.#gathering) return;
    const { stream } = this.client as { readonly stream?: Partial<Corkable> };
    if (stream?.cork === undefined || stream.uncork === undefined) return;
    this.#gathering = true;
    stream.cork();
    process.nextTick(() => {
      this.#gathering = false;
      stream.uncork?.();
    });
  }

  readonly #onReady = (): void => {
    this.#away = false;
    this.#epoch += 1;
    this.#tell({ type: 'ready', epoch: this.#epoch });
    for (const go of this.#waiting) go();
  };

  readonly #onClose = (): void => {
    if (this.#away || this.#closed) return;
    this.#away = true;
    this.#options.logger.warn({ epoch: this.#epoch, reason: this.#lastFailure }, 'The connection to Redis is lost.');
    this.#tell({ type: 'away', epoch: this.#epoch, reason: this.#lastFailure });
  };

  readonly #onError = (error: unknown): void => {
    const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
    this.#lastFailure = typeof code === 'string' ? code : typeof name === 'string' ? name : 'an error';
  };

  #tell(event: RedisConnectionEvent): void {
    for (const observer of this.#observers) observer(event);
  }
}

const mayRepeat = (error: unknown, options: RunOptions | undefined): error is RedisUnavailableError =>
  error instanceof RedisUnavailableError &&
  (error.repeatable || (options?.repeatable === true && error.outcome === 'unknown'));

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
