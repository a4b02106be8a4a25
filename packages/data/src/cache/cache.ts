import {
  type CallOptions,
  type Clock,
  InvalidRequestError,
  type Logger,
  type Random,
  StoreError,
  safeCause,
  silentLogger,
  sleep,
  systemClock,
  systemRandom,
  withDeadline,
} from '@canza/core';
import { type CodecOptions, createCodec, plainText } from '../codec/index.ts';
import { channelName, parseNamespace } from '../keys.ts';
import type { RedisClient } from '../redis/client.ts';
import type { Subscription } from '../redis/messages.ts';
import { freezeDeeply } from './freeze.ts';
import { LocalLayer, type LocalLayerOptions } from './local-layer.ts';
import { type Found, type Lifetime, SharedLayer, type TagVersions } from './shared-layer.ts';

/** How long values are fresh, how long they may be stale, and where they are kept. */
export interface CacheOptions extends CodecOptions {
  /** Tells caches of one deployment apart: letters, digits, ".", "_" or "-". */
  readonly name: string;
  /** Milliseconds for which a value is fresh. */
  readonly freshMs: number;
  /** Milliseconds after that for which it may be handed out while it is loaded anew, or cannot be. Default 0. */
  readonly staleMs?: number;
  /** Milliseconds for which it is remembered that the source has none. Default 0: not at all. */
  readonly absentMs?: number;
  /** Share of `freshMs` by which it is shortened at random, so that values written together do not expire together. Default 0.1. */
  readonly jitter?: number;
  /** Milliseconds that loading may take. Default 10,000. */
  readonly loadTimeoutMs?: number;
  /** Milliseconds to wait for Redis before going on without it. Default 250. */
  readonly storeTimeoutMs?: number;
  /** Copies in this process, called back through Redis. Default on; `false` for none. */
  readonly local?: LocalLayerOptions | false;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logger?: Logger;
}

/** How one value is loaded, where it differs from its cache. */
export interface LoadOptions {
  /** Names under which the value can be forgotten together with others. */
  readonly tags?: readonly string[];
  readonly freshMs?: number;
  readonly staleMs?: number;
}

/** Where values were found since the cache was made. */
export interface CacheCounts {
  readonly localHits: number;
  readonly sharedHits: number;
  readonly staleHits: number;
  readonly loads: number;
  readonly loadFailures: number;
  /** Reads that went on without Redis. */
  readonly withoutStore: number;
  readonly localValues: number;
}

/** Gets a value from its source; `undefined` when the source has none. */
export type Loader<T> = (call: { readonly signal: AbortSignal }) => Promise<T | undefined>;

const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 100;
/** After a call that Redis did not answer, the cache goes on without it for so long. */
const STORE_PAUSE_MS = 1_000;

/**
 * A cache in front of something slow. A value is loaded by one caller at a time, in this process and in all others; a stale one is
 * handed out while it is loaded anew; local copies are called back when it changes. The cache never makes a call fail: without
 * Redis it loads.
 */
export class Cache {
  readonly #options: CacheOptions;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #logger: Logger;
  readonly #shared: SharedLayer;
  readonly #local: LocalLayer | undefined;
  readonly #redis: RedisClient;
  readonly #origin: string;
  readonly #flights = new Map<string, Flight>();
  readonly #closing = new AbortController();
  readonly #counts = { localHits: 0, sharedHits: 0, staleHits: 0, loads: 0, loadFailures: 0, withoutStore: 0 };
  #subscription: Subscription | undefined;
  #cancelListen: (() => void) | undefined;
  #pausedUntilMs = -Infinity;

  private constructor(redis: RedisClient, options: CacheOptions) {
    this.#redis = redis;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? systemRandom;
    this.#logger = options.logger ?? silentLogger;
    this.#origin = Buffer.from(this.#random.bytes(9)).toString('base64url');
    const notices = {
      channel: channelName(redis.namespace, `cache.${options.name}`),
      key: (key: string) => `${this.#origin} k ${key}`,
      tag: (tag: string) => `${this.#origin} t ${tag}`,
    };
    this.#shared = new SharedLayer(redis.connection, createCodec(options), this.#random, notices, [
      redis.namespace,
      options.name,
    ]);
    this.#local = options.local === false ? undefined : new LocalLayer(this.#clock, options.local ?? {});
  }

  /**
   * Makes a cache on a client. Local copies are used once Redis has taken note of whom to tell of changes.
   * @throws InvalidRequestError, ConfigError when an option is not usable.
   */
  static async open(redis: RedisClient, options: CacheOptions): Promise<Cache> {
    checkOptions(options);
    const cache = new Cache(redis, options);
    if (cache.#local !== undefined) await cache.#listen();
    return cache;
  }

  get counts(): CacheCounts {
    return { ...this.#counts, localValues: this.#local?.size ?? 0 };
  }

  /**
   * The value under a key, from this process, from Redis or from its source, in this order. Callers share one object: it is frozen.
   * @throws what the loader throws, where there is nothing to hand out; DeadlineError when it takes longer than it may.
   */
  get<T>(key: string, load: Loader<T>, options?: LoadOptions): Promise<T | undefined> {
    const local = this.#local?.get(key);
    if (local !== undefined && this.#hearsOfChanges) {
      this.#counts.localHits += 1;
      return local.promise as Promise<T | undefined>;
    }
    const present = this.#flights.get(key);
    if (present !== undefined) return present.result as Promise<T | undefined>;
    const flight = new Flight();
    flight.result = this.#find(key, flight, load, options ?? NO_OPTIONS).finally(() => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    });
    this.#flights.set(key, flight);
    return flight.result as Promise<T | undefined>;
  }

  /** Writes a value, whatever is being loaded. Local copies everywhere are called back. */
  async set(key: string, value: unknown, options: LoadOptions = NO_OPTIONS, call: CallOptions = {}): Promise<void> {
    this.#touch(key);
    const tags = await this.#shared.tagVersions(options.tags ?? [], call);
    await this.#shared.fill(key, '', value, this.#lifetime(value, options), tags, call);
  }

  /**
   * Forgets a value, here and in every process. What is being loaded meanwhile is handed out, and not kept.
   * @throws RedisUnavailableError when Redis was not told: other processes may go on with the value.
   */
  async forget(key: string, call: CallOptions = {}): Promise<boolean> {
    this.#touch(key);
    return this.#shared.forget(key, call);
  }

  /** Forgets every value that was cached under a tag. */
  async forgetTag(tag: string, call: CallOptions = {}): Promise<void> {
    this.#touchTag(tag);
    await this.#shared.forgetTag(tag, call);
  }

  /** Ends loads in the background and forgets local copies. The client stays open. */
  close(): void {
    this.#closing.abort();
    this.#cancelListen?.();
    this.#local?.clear();
    this.#subscription?.stop();
  }

  async #find(key: string, flight: Flight, load: Loader<unknown>, options: LoadOptions): Promise<unknown> {
    if (this.#clock.monotonicMs() < this.#pausedUntilMs) return this.#loadWithoutStore(load);
    const token = Buffer.from(this.#random.bytes(12)).toString('base64url');
    const loadMs = this.#loadTimeoutMs + this.#storeTimeoutMs;
    const call = { timeoutMs: this.#storeTimeoutMs };
    const startedMs = this.#clock.monotonicMs();
    let pauseMs = FIRST_PAUSE_MS;
    for (;;) {
      let answer: Awaited<ReturnType<SharedLayer['read']>>;
      try {
        // oxlint-disable-next-line no-await-in-loop
        answer = await this.#shared.read(key, token, loadMs, call);
      } catch (error) {
        this.#doWithoutStore(error);
        return this.#loadWithoutStore(load);
      }
      const { found, loads } = answer;
      if (found !== undefined && found.freshForMs >= 0) return this.#keepCopy(key, flight, found);
      if (found !== undefined) {
        this.#counts.staleHits += 1;
        if (loads) this.#refresh(key, token, load, options);
        return freezeDeeply(found.value);
      }
      if (loads) return this.#loadAndFill(key, flight, token, load, options);
      if (this.#clock.monotonicMs() - startedMs > loadMs) return this.#loadWithoutStore(load);
      // Another process loads it: look again until it is there, or its time is over and the turn is ours.
      // oxlint-disable-next-line no-await-in-loop
      await sleep(this.#clock, pauseMs * (0.5 + this.#random.float()), this.#closing.signal);
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 1.5);
    }
  }

  #keepCopy(key: string, flight: Flight, found: Found): unknown {
    this.#counts.sharedHits += 1;
    const value = freezeDeeply(found.value);
    if (!flight.outdated) this.#local?.set(key, value, found.freshForMs, found.bytes, [...found.tags.keys()]);
    return value;
  }

  /** Loads a stale value anew, while callers go on with the stale one. */
  #refresh(key: string, token: string, load: Loader<unknown>, options: LoadOptions): void {
    this.#loadAndFill(key, new Flight(), token, load, options).catch((error: unknown) => {
      this.#logger.warn(
        { cache: this.#options.name, cause: safeCause(error) },
        'A stale value could not be loaded anew.',
      );
    });
  }

  async #loadAndFill(
    key: string,
    flight: Flight,
    token: string,
    load: Loader<unknown>,
    options: LoadOptions,
  ): Promise<unknown> {
    const call = { timeoutMs: this.#storeTimeoutMs };
    let tags: TagVersions;
    let value: unknown;
    try {
      tags = await this.#shared.tagVersions(options.tags ?? [], call);
      value = freezeDeeply(await this.#load(load));
    } catch (error) {
      await this.#shared.release(key, token, call).catch(() => undefined);
      throw error;
    }
    const lifetime = this.#lifetime(value, options);
    if (lifetime.keepMs < 1) {
      await this.#shared.release(key, token, call).catch(() => undefined);
      return value;
    }
    try {
      const { written, bytes } = await this.#shared.fill(key, token, value, lifetime, tags, call);
      if (written && !flight.outdated) this.#local?.set(key, value, lifetime.freshMs, bytes, [...tags.keys()]);
    } catch (error) {
      this.#doWithoutStore(error);
    }
    return value;
  }

  #loadWithoutStore(load: Loader<unknown>): Promise<unknown> {
    this.#counts.withoutStore += 1;
    return this.#load(load);
  }

  async #load(load: Loader<unknown>): Promise<unknown> {
    this.#counts.loads += 1;
    const { signal } = this.#closing;
    const deadline = { timeoutMs: this.#loadTimeoutMs, signal, what: `Loading for the cache "${this.#options.name}"` };
    try {
      return await withDeadline(this.#clock, deadline, (callOff) => load({ signal: callOff }));
    } catch (error) {
      this.#counts.loadFailures += 1;
      throw error;
    }
  }

  #lifetime(value: unknown, options: LoadOptions): Lifetime {
    const { freshMs = this.#options.freshMs, staleMs = this.#options.staleMs ?? 0 } = options;
    const { absentMs = 0, jitter = 0.1 } = this.#options;
    if (value === undefined) return { freshMs: absentMs, keepMs: absentMs };
    const shortenedMs = Math.max(1, freshMs * (1 - jitter * this.#random.float()));
    return { freshMs: shortenedMs, keepMs: shortenedMs + staleMs };
  }

  get #loadTimeoutMs(): number {
    return this.#options.loadTimeoutMs ?? 10_000;
  }

  get #storeTimeoutMs(): number {
    return this.#options.storeTimeoutMs ?? 250;
  }

  /** While Redis is away, the cache does without for a moment at a time. */
  #doWithoutStore(error: unknown): void {
    if (error instanceof StoreError) this.#pausedUntilMs = this.#clock.monotonicMs() + STORE_PAUSE_MS;
    this.#logger.warn(
      { cache: this.#options.name, cause: safeCause(error) },
      'Redis does not serve the cache: it loads from its source.',
    );
  }

  /** Whether this process is told when something changes: without that, a copy may be stale. */
  get #hearsOfChanges(): boolean {
    return this.#subscription !== undefined && this.#redis.messages.listens;
  }

  /** What this process knows of a key is no longer so, nor what it is just being told: the next caller asks anew. */
  #touch(key: string): void {
    this.#local?.forget(key);
    const flight = this.#flights.get(key);
    if (flight === undefined) return;
    flight.outdated = true;
    this.#flights.delete(key);
  }

  /** Which of the values on their way bear the tag is not known yet: all of them are asked for anew. */
  #touchTag(tag: string): void {
    this.#local?.forgetTag(tag);
    for (const key of this.#flights.keys()) this.#touch(key);
  }

  async #listen(): Promise<void> {
    const onNotice = (notice: unknown): void => {
      const [, origin, kind, name = ''] = /^(\S+) ([kt]) (.*)$/s.exec(String(notice)) ?? [];
      if (origin === this.#origin) return;
      if (kind === 'k') this.#touch(name);
      else if (kind === 't') this.#touchTag(name);
    };
    const onGap = (): void => {
      this.#local?.clear();
      for (const flight of this.#flights.values()) flight.outdated = true;
    };
    const channel = `cache.${this.#options.name}`;
    try {
      const subscription = await this.#redis.messages.subscribe(channel, onNotice, { onGap, codec: plainText });
      if (this.#closing.signal.aborted) subscription.stop();
      else this.#subscription = subscription;
    } catch (error) {
      this.#logger.warn(
        { cache: this.#options.name, cause: safeCause(error) },
        'Redis tells of no changes: no local copies meanwhile.',
      );
      if (!this.#closing.signal.aborted) {
        this.#cancelListen = this.#clock.setTimer(STORE_PAUSE_MS, () => void this.#listen());
      }
    }
  }
}

const NO_OPTIONS: LoadOptions = {};

/** One value on its way: callers who want it meanwhile share the result. */
class Flight {
  result: Promise<unknown> = Promise.resolve();
  /** Something newer was heard of meanwhile: the value is handed out, and no copy is kept. */
  outdated = false;
}

function checkOptions(options: CacheOptions): void {
  parseNamespace(options.name, 'name');
  const { freshMs, staleMs = 0, absentMs = 0, jitter = 0.1 } = options;
  const expected = 'a number of milliseconds from 0';
  for (const [field, value] of Object.entries({ freshMs, staleMs, absentMs })) {
    if (!Number.isFinite(value) || value < 0) throw new InvalidRequestError({ field, expected });
  }
  if (freshMs < 1) throw new InvalidRequestError({ field: 'freshMs', expected: 'a number of milliseconds from 1' });
  if (!(jitter >= 0 && jitter < 1))
    throw new InvalidRequestError({ field: 'jitter', expected: 'a share from 0 to below 1' });
}
