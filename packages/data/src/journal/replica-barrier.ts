import { type CallOptions, type Clock, JournalError, withDeadline } from '@canza/core';
import type { RedisConnection } from '../redis/connection.ts';
import type { RedisLike } from '../redis/redis-like.ts';
import { ownerNode } from './owner-node.ts';

/** How many machines must have a write before it is answered. */
export interface Copies {
  /** Replicas that must have a write before it is answered. */
  readonly replicas: number;
  /** Whether it must be on the disk there and here, by WAITAOF of Redis 7.2 and later. Default false: in memory there. */
  readonly onDisk?: boolean;
  /** Milliseconds that one wait may take; longer ones fail. Default 1,000. */
  readonly timeoutMs?: number;
}

/**
 * Waits until replicas have what was written before. WAIT holds up its connection, so it has one of its own; a write of its own
 * goes before it, since WAIT looks only at what its own connection wrote. Whoever asks while a wait is under way
 * shares the next one.
 */
export class ReplicaBarrier {
  readonly #connection: RedisConnection;
  readonly #key: string;
  readonly #copies: Copies;
  readonly #clock: Clock;
  #node: RedisLike | undefined;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(connection: RedisConnection, key: string, copies: Copies, clock: Clock) {
    this.#connection = connection;
    this.#key = key;
    this.#copies = copies;
    this.#clock = clock;
  }

  /**
   * Resolves when as many replicas as asked for have everything that was acknowledged before this call.
   * @throws JournalError with `moneyMoved: 'maybe'`: it is written here, and may be nowhere else.
   */
  async pass({ timeoutMs, signal }: CallOptions = {}): Promise<void> {
    this.#next ??= this.#after(this.#running);
    const shared = this.#next;
    const limitMs = Math.min(timeoutMs ?? Infinity, (this.#copies.timeoutMs ?? 1_000) * 2);
    const what = 'The wait for replicas';
    try {
      await withDeadline(
        this.#clock,
        { timeoutMs: limitMs, what, ...(signal === undefined ? {} : { signal }) },
        () => shared,
      );
    } catch (error) {
      if (error instanceof JournalError) throw error;
      throw new JournalError('It is written, and may not have reached a replica.', 'maybe', { cause: error });
    }
  }

  async #after(before: Promise<void> | undefined): Promise<void> {
    await before?.catch(() => undefined);
    this.#running = this.#round();
    this.#next = undefined;
    await this.#running;
  }

  async #round(): Promise<void> {
    const { replicas, onDisk = false, timeoutMs = 1_000 } = this.#copies;
    try {
      this.#node ??= await ownerNode(this.#connection, this.#key);
      const written = this.#node.call('incr', this.#key);
      const waited = onDisk
        ? this.#node.call('waitaof', 1, replicas, timeoutMs)
        : this.#node.call('wait', replicas, timeoutMs);
      const [, reply] = await Promise.all([written, waited]);
      const reached = Number(Array.isArray(reply) ? reply[1] : reply);
      if (reached >= replicas && !(Array.isArray(reply) && Number(reply[0]) < 1)) return;
      throw new JournalError(`It is written, and only ${reached} of ${replicas} replicas say they have it.`, 'maybe');
    } catch (error) {
      this.#node = undefined;
      throw error;
    }
  }
}
