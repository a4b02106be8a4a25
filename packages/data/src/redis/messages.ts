import { type CallOptions, type Clock, type Logger, safeCause } from '@canza/core';
import type { Codec } from '../codec/codec.ts';
import { channelName } from '../keys.ts';
import type { RedisConnection } from './connection.ts';

export interface MessagesOptions {
  readonly connection: RedisConnection;
  readonly codec: Codec;
  readonly namespace: string;
  readonly logger: Logger;
  readonly clock: Clock;
}

const CHECK_EVERY_MS = 5_000;
const CHECK_TIMEOUT_MS = 2_000;

/** Messages that are listened to. */
export interface Subscription {
  /** Ends it; calling it twice does nothing. */
  stop(): void;
}

/** How messages are read, and who hears of a gap. */
export interface SubscribeOptions extends CallOptions {
  /** Called when messages may have been missed: the connection was lost, or stands again. */
  readonly onGap?: () => void;
  /** How these messages are written. Default: as the client writes values. */
  readonly codec?: Codec;
}

/** Messages to whoever listens at this moment; nobody keeps them. Subscriptions share one connection of their own. */
export class Messages {
  readonly #options: MessagesOptions;
  readonly #handlers = new Map<string, Set<(bytes: Buffer) => void>>();
  readonly #onGap = new Set<() => void>();
  #subscriber: RedisConnection | undefined;
  #cancelCheck: (() => void) | undefined;

  constructor(options: MessagesOptions) {
    this.#options = options;
  }

  /** Whether messages arrive now, as far as is known. */
  get listens(): boolean {
    return this.#subscriber?.isReady ?? false;
  }

  /** Sends a message, and says how many connections got it (on this node, in a cluster). */
  async publish(channel: string, value: unknown, options?: CallOptions): Promise<number> {
    const bytes = await this.#options.codec.encode(value);
    const name = channelName(this.#options.namespace, channel);
    return Number(await this.#options.connection.run('publish', [name, bytes], options));
  }

  /** Calls back with each message of a channel; what a handler throws, or rejects with, is logged. Resolves when Redis has taken note. */
  async subscribe(
    channel: string,
    handler: (value: unknown) => unknown,
    options: SubscribeOptions = {},
  ): Promise<Subscription> {
    const { namespace, logger } = this.#options;
    const { codec = this.#options.codec } = options;
    const name = channelName(namespace, channel);
    const deliver = async (bytes: Buffer): Promise<void> => {
      try {
        await handler(await codec.decode(bytes, channel));
      } catch (error) {
        logger.error({ channel, cause: safeCause(error) }, 'A message could not be read, or its handler failed.');
      }
    };
    const onBytes = (bytes: Buffer): void => void deliver(bytes);
    const handlers = this.#handlers.get(name) ?? new Set();
    handlers.add(onBytes);
    this.#handlers.set(name, handlers);
    if (options.onGap !== undefined) this.#onGap.add(options.onGap);
    const stop = (): void => {
      if (!handlers.delete(onBytes)) return;
      if (options.onGap !== undefined) this.#onGap.delete(options.onGap);
      if (handlers.size > 0) return;
      this.#handlers.delete(name);
      // Nobody is called back any more: whether Redis takes note of it is not waited for.
      this.#subscriber?.run('unsubscribe', [name]).catch(() => undefined);
    };
    try {
      await this.#connect().run('subscribe', [name], options);
    } catch (error) {
      handlers.delete(onBytes);
      if (handlers.size === 0) this.#handlers.delete(name);
      if (options.onGap !== undefined) this.#onGap.delete(options.onGap);
      throw error;
    }
    return { stop };
  }

  async close(): Promise<void> {
    const subscriber = this.#subscriber;
    this.#subscriber = undefined;
    this.#cancelCheck?.();
    this.#handlers.clear();
    this.#onGap.clear();
    await subscriber?.close({ timeoutMs: 0 });
  }

  #connect(): RedisConnection {
    if (this.#subscriber !== undefined) return this.#subscriber;
    const subscriber = this.#options.connection.duplicate('messages');
    subscriber.client.on('messageBuffer', (channel: Buffer, message: Buffer) => {
      for (const handler of this.#handlers.get(channel.toString()) ?? []) handler(message);
    });
    subscriber.observe((event) => {
      if (event.type === 'away' || (event.type === 'ready' && event.epoch > 1))
        for (const onGap of this.#onGap) onGap();
    });
    this.#subscriber = subscriber;
    this.#checkLater(subscriber);
    return subscriber;
  }

  /** A connection on which nobody speaks may be down for long without a sign: it is asked now and then. */
  #checkLater(subscriber: RedisConnection): void {
    const check = async (): Promise<void> => {
      if (subscriber.isReady) {
        await subscriber.run('ping', [], { timeoutMs: CHECK_TIMEOUT_MS }).catch(() => subscriber.reconnect());
      }
      if (this.#subscriber === subscriber) this.#checkLater(subscriber);
    };
    this.#cancelCheck = this.#options.clock.setTimer(CHECK_EVERY_MS, () => void check());
  }
}
