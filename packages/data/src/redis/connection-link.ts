import { AbortedError, type CallOptions, type Clock, type Logger } from '@canza/core';
import type { ConnectionPurpose, RedisConnection, RedisConnectionEvent, TransactionCommand } from './connection.ts';
import { DeadlineQueue } from './deadline-queue.ts';
import { RedisRefusedError, RedisUnavailableError, redisError } from './errors.ts';
import type { RedisArgument, RedisLike } from './redis-like.ts';
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

/** Puts deadlines, abort signals and our errors around a client that has the shape of ioredis. */
export function linkRedis(client: RedisLike, options: RedisLinkOptions): RedisConnection {
  return new RedisLink(client, options);
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
  #lastFailure = 'it has not connected yet';

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

  run(command: string, args: readonly RedisArgument[], options?: CallOptions): Promise<unknown> {
    return this.#submit(command, (client) => client.call(command, ...args), options);
  }

  runBytes(command: string, args: readonly RedisArgument[], options?: CallOptions): Promise<unknown> {
    return this.#submit(command, (client) => client.callBuffer(command, ...args), options);
  }

  runScript(
    script: RedisScript,
    keys: readonly string[],
    args: readonly RedisArgument[],
    options?: CallOptions,
  ): Promise<unknown> {
    return this.#submit(
      script.name,
      (client) =>
        client.call('evalsha', script.sha1, keys.length, ...keys, ...args).catch((error: unknown) => {
          if (!isUnknownScript(error)) throw error;
          return client.call('eval', script.lua, keys.length, ...keys, ...args);
        }),
      options,
    );
  }

  runScriptBytes(
    script: RedisScript,
    keys: readonly string[],
    args: readonly RedisArgument[],
    options?: CallOptions,
  ): Promise<unknown> {
    return this.#submit(
      script.name,
      (client) =>
        client.callBuffer('evalsha', script.sha1, keys.length, ...keys, ...args).catch((error: unknown) => {
          if (!isUnknownScript(error)) throw error;
          return client.callBuffer('eval', script.lua, keys.length, ...keys, ...args);
        }),
      options,
    );
  }

  async transaction(commands: readonly TransactionCommand[], options?: CallOptions): Promise<readonly unknown[]> {
    const batch = commands.map(({ command, args }) => ['callBuffer', command, ...args]);
    const results = await this.#submit('a transaction', (client) => client.multi(batch).exec(), options);
    if (results === null) throw new RedisRefusedError('A watched key had changed.', 'EXECABORT');
    return results.map(([error, reply], index) => {
      if (error !== null) throw redisError(commands[index]?.command ?? 'a transaction', error);
      return reply;
    });
  }

  async ready(options?: CallOptions): Promise<void> {
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
    this.client.off('error', this.#onError);
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

  #submit<T>(what: string, send: (client: RedisLike) => Promise<T>, options: CallOptions | undefined): Promise<T> {
    const signal = options?.signal;
    return new Promise<T>((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(new AbortedError(what, 'no'));
        return;
      }
      const timeoutMs = options?.timeoutMs ?? this.#commandTimeoutMs;
      let sent = false;
      const ticket = this.#deadlines.add(timeoutMs, () => {
        this.#waiting.delete(go);
        signal?.removeEventListener('abort', onAbort);
        const why = sent ? '' : `: ${this.#lastFailure}`;
        reject(
          new RedisUnavailableError(`${what} took longer than ${timeoutMs} ms${why}.`, sent ? 'unknown' : 'not-sent'),
        );
      });
      const end = (): void => {
        ticket.cancel();
        signal?.removeEventListener('abort', onAbort);
      };
      const onAbort = (): void => {
        end();
        this.#waiting.delete(go);
        reject(new AbortedError(what, 'no'));
      };
      const go = (): void => {
        this.#waiting.delete(go);
        if (this.#closed) {
          end();
          reject(new RedisUnavailableError(`${what} came after the connection was closed.`, 'not-sent'));
          return;
        }
        sent = true;
        send(this.client).then(onReply, onError);
      };
      const onReply = (reply: T): void => {
        end();
        resolve(reply);
      };
      const onError = (error: unknown): void => {
        end();
        reject(redisError(what, error));
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      if (this.#closed || this.client.status === 'ready') go();
      else this.#waiting.add(go);
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

const isUnknownScript = (error: unknown): boolean => error instanceof Error && error.message.startsWith('NOSCRIPT');
