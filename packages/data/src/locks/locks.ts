import {
  type CallOptions,
  type Clock,
  InvalidRequestError,
  type Logger,
  PaymentError,
  type PaymentErrorOptions,
  type Random,
  silentLogger,
  sleep,
  systemClock,
  systemRandom,
} from '@canza/core';
import { DEFAULT_NAMESPACE, keyFamily, parseNamespace } from '../keys.ts';
import type { RedisConnection } from '../redis/connection.ts';
import { RedisUnavailableError } from '../redis/errors.ts';
import { acquireScript, extendScript, releaseScript } from './scripts.ts';

/** Somebody else holds the lock, and did not give it back in the time that the caller would wait. */
export class LockTakenError extends PaymentError {
  readonly code = 'LOCK_TAKEN';

  constructor(name: string, retryAfterMs: number, options?: PaymentErrorOptions) {
    super(`The lock "${name}" is taken.`, 'no', { ...options, retryAfterMs });
  }
}

/** The lock ran out, or was lost with the server, before the work under it was done. */
export class LockLostError extends PaymentError {
  readonly code = 'LOCK_LOST';

  constructor(name: string, options?: PaymentErrorOptions) {
    super(`The lock "${name}" was lost: somebody else may hold it now.`, 'no', options);
  }
}

/** What locks are made of. */
export interface LocksOptions {
  /** A client's `link`. A connection with a fallback is refused: memory would give the same lock to every process. */
  readonly connection: RedisConnection;
  /** Stands in front of every key. Default `canza`. */
  readonly namespace?: string;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logger?: Logger;
}

/** How long a lock is held, and how long one waits for it. */
export interface AcquireOptions extends CallOptions {
  /** Milliseconds after which the lock is free by itself. Default 10,000. */
  readonly ttlMs?: number;
  /** Milliseconds to wait for it while somebody else holds it. Default 0. */
  readonly waitMs?: number;
}

/** A lock that is held. */
export interface Lock {
  readonly name: string;
  /**
   * Greater with every holder. A lock can run out while its holder sleeps; what makes that harmless is that whoever is
   * written to refuses a fence lower than one that it has seen.
   */
  readonly fence: number;
  /** Milliseconds for which it surely holds yet; 0 when it may be somebody else's. */
  readonly remainingMs: number;
  /** Lets it hold for longer. @throws LockLostError when it is somebody else's by now. */
  extend(ttlMs?: number, options?: CallOptions): Promise<void>;
  /** Gives it back. Whether it was still held. */
  release(options?: CallOptions): Promise<boolean>;
}

const FENCE_REMEMBERED_MS = 7 * 24 * 60 * 60 * 1000;
/** Between two tries of one who waits. */
const SHORTEST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 200;
/** Of the time to live: the two clocks may run apart by so much. */
const CLOCK_DRIFT = 0.01;

/**
 * Locks shared by all processes on one Redis. They keep work from being done twice in vain; where doing it twice would do
 * harm, the fence has to be checked where it is written.
 */
export class Locks {
  readonly #connection: RedisConnection;
  readonly #keyOf: (name: string, part?: string) => string;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #logger: Logger;

  /** @throws ConfigError when the namespace is not usable; InvalidRequestError for a connection with a fallback. */
  constructor(options: LocksOptions) {
    if (options.connection.hasFallback) {
      throw new InvalidRequestError({ field: 'connection', expected: 'a link without fallback: client.link' });
    }
    this.#connection = options.connection;
    this.#keyOf = keyFamily(parseNamespace(options.namespace ?? DEFAULT_NAMESPACE), 'lock1');
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? systemRandom;
    this.#logger = options.logger ?? silentLogger;
  }

  /**
   * Takes a lock, waiting for it up to `waitMs`.
   * @throws LockTakenError, AbortedError, RedisUnavailableError.
   */
  async acquire(name: string, options: AcquireOptions = {}): Promise<Lock> {
    const { ttlMs = 10_000, waitMs = 0, signal } = options;
    if (!Number.isSafeInteger(ttlMs) || ttlMs < 1) {
      throw new InvalidRequestError({ field: 'ttlMs', expected: 'a whole number of milliseconds above 0' });
    }
    const token = Buffer.from(this.#random.bytes(16)).toString('hex');
    const startedMs = this.#clock.monotonicMs();
    for (let pauseMs = SHORTEST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
      // oxlint-disable-next-line no-await-in-loop
      const answer = await this.#try(name, token, ttlMs, options);
      if (typeof answer !== 'number') return answer;
      const leftMs = waitMs - (this.#clock.monotonicMs() - startedMs);
      if (leftMs <= 0) throw new LockTakenError(name, answer);
      const nextMs = Math.min(leftMs, Math.max(1, answer), pauseMs * (0.5 + this.#random.float()));
      // oxlint-disable-next-line no-await-in-loop
      await sleep(this.#clock, nextMs, signal);
    }
  }

  /**
   * Works under a lock, which is extended for as long as the work takes. The work's signal aborts when the lock is lost.
   * @throws LockTakenError, LockLostError when it was lost before the work was done; whatever the work throws.
   */
  async hold<T>(
    name: string,
    options: AcquireOptions,
    work: (held: { readonly fence: number; readonly signal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    const { ttlMs = 10_000, signal } = options;
    const lock = await this.acquire(name, options);
    const controller = new AbortController();
    const state = { lost: false, ended: false };
    const onAbort = (): void => controller.abort();
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
    let cancelTimer: (() => void) | undefined;
    const lose = (): void => {
      state.lost = true;
      this.#logger.warn({ lock: name }, 'A lock was lost before the work under it was done.');
      controller.abort();
    };
    const extendLater = (): void => {
      cancelTimer = this.#clock.setTimer(ttlMs / 3, () => void extend());
    };
    const extend = async (): Promise<void> => {
      try {
        await lock.extend(ttlMs, { timeoutMs: Math.max(1, lock.remainingMs) });
      } catch (error) {
        // Redis may be back before the lock has run out.
        if (error instanceof LockLostError || lock.remainingMs === 0) {
          if (!state.ended) lose();
          return;
        }
      }
      if (!state.ended) extendLater();
    };
    extendLater();
    try {
      const result = await work({ fence: lock.fence, signal: controller.signal });
      // A process that stood still may have had no moment in which to notice.
      if (state.lost || lock.remainingMs === 0) throw new LockLostError(name);
      return result;
    } finally {
      state.ended = true;
      cancelTimer?.();
      signal?.removeEventListener('abort', onAbort);
      // It runs out by itself where it cannot be given back, so there is no use in waiting for longer.
      await lock.release({ timeoutMs: Math.max(1, Math.min(lock.remainingMs, 2_000)) }).catch(() => false);
    }
  }

  /** The lock, or the milliseconds until it is free. */
  async #try(name: string, token: string, ttlMs: number, options: AcquireOptions): Promise<Lock | number> {
    const key = this.#keyOf(name);
    const askedMs = this.#clock.monotonicMs();
    const { timeoutMs, signal } = options;
    const call = { ...(timeoutMs === undefined ? {} : { timeoutMs }), ...(signal === undefined ? {} : { signal }) };
    try {
      const reply = await this.#connection.runScript(
        acquireScript,
        [key, this.#keyOf(name, 'fence')],
        [token, ttlMs, FENCE_REMEMBERED_MS],
        // The same token gets the same answer: asking twice does no harm.
        { ...call, repeatable: true },
      );
      const [held, value] = reply as readonly unknown[];
      if (Number(held) !== 1) return Number(value);
      return new HeldLock(this.#connection, this.#clock, { name, key, token, ttlMs }, Number(value), askedMs);
    } catch (error) {
      const unsent = error instanceof RedisUnavailableError && error.outcome === 'not-sent';
      // It may be ours by now without our knowing: give it back rather than let others wait for it.
      if (!unsent) this.#connection.runScript(releaseScript, [key], [token]).catch(() => undefined);
      throw error;
    }
  }
}

class HeldLock implements Lock {
  readonly name: string;
  readonly fence: number;
  readonly #connection: RedisConnection;
  readonly #clock: Clock;
  readonly #key: string;
  readonly #token: string;
  readonly #ttlMs: number;
  #holdsUntilMs: number;

  constructor(
    connection: RedisConnection,
    clock: Clock,
    lock: { readonly name: string; readonly key: string; readonly token: string; readonly ttlMs: number },
    fence: number,
    askedMs: number,
  ) {
    this.name = lock.name;
    this.fence = fence;
    this.#connection = connection;
    this.#clock = clock;
    this.#key = lock.key;
    this.#token = lock.token;
    this.#ttlMs = lock.ttlMs;
    this.#holdsUntilMs = askedMs + lock.ttlMs * (1 - CLOCK_DRIFT);
  }

  get remainingMs(): number {
    return Math.max(0, this.#holdsUntilMs - this.#clock.monotonicMs());
  }

  async extend(ttlMs = this.#ttlMs, options?: CallOptions): Promise<void> {
    const askedMs = this.#clock.monotonicMs();
    const held = await this.#connection.runScript(extendScript, [this.#key], [this.#token, ttlMs], {
      ...options,
      repeatable: true,
    });
    if (Number(held) !== 1) {
      this.#holdsUntilMs = 0;
      throw new LockLostError(this.name);
    }
    this.#holdsUntilMs = askedMs + ttlMs * (1 - CLOCK_DRIFT);
  }

  async release(options?: CallOptions): Promise<boolean> {
    this.#holdsUntilMs = 0;
    const held = await this.#connection.runScript(releaseScript, [this.#key], [this.#token], options);
    return Number(held) === 1;
  }
}
