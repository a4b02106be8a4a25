import type { Clock } from '@canza/core';
import { LRUCache } from 'lru-cache';

/** How much is kept in this process beside Redis. */
export interface LocalLayerOptions {
  /** Values kept at most. Default 1,000. */
  readonly maxValues?: number;
  /** Bytes kept at most, as stored in Redis. Default 16 MiB. */
  readonly maxBytes?: number;
  /** Milliseconds for which a copy is used at most: the bound on how stale it can be when a message is lost. Default 30,000. */
  readonly maxAgeMs?: number;
}

export interface LocalValue {
  /** Frozen; `undefined` where the source has none. */
  readonly value: unknown;
  /** Settled with the value: handed out as it is, so that a hit makes nothing. */
  readonly promise: Promise<unknown>;
  readonly untilMs: number;
  readonly tags: readonly string[];
}

/** Copies in this process of what is cached, until they are called back. */
export class LocalLayer {
  readonly #clock: Clock;
  readonly #maxAgeMs: number;
  readonly #values: LRUCache<string, LocalValue>;
  readonly #keysOfTag = new Map<string, Set<string>>();

  constructor(clock: Clock, { maxValues = 1_000, maxBytes = 16 * 1024 * 1024, maxAgeMs = 30_000 }: LocalLayerOptions) {
    this.#clock = clock;
    this.#maxAgeMs = maxAgeMs;
    this.#values = new LRUCache({
      max: maxValues,
      maxSize: maxBytes,
      dispose: (value, key) => this.#untag(key, value),
    });
  }

  get size(): number {
    return this.#values.size;
  }

  get(key: string): LocalValue | undefined {
    const found = this.#values.get(key);
    if (found === undefined || found.untilMs > this.#clock.monotonicMs()) return found;
    this.#values.delete(key);
    return undefined;
  }

  /** Keeps a copy for as long as it is fresh, and no longer than `maxAgeMs`. */
  set(key: string, value: unknown, freshForMs: number, bytes: number, tags: readonly string[]): void {
    const untilMs = this.#clock.monotonicMs() + Math.min(freshForMs, this.#maxAgeMs);
    this.#values.set(key, { value, promise: Promise.resolve(value), untilMs, tags }, { size: Math.max(1, bytes) });
    for (const tag of tags) {
      const keys = this.#keysOfTag.get(tag) ?? new Set();
      keys.add(key);
      this.#keysOfTag.set(tag, keys);
    }
  }

  forget(key: string): void {
    this.#values.delete(key);
  }

  forgetTag(tag: string): void {
    for (const key of this.#keysOfTag.get(tag) ?? []) this.#values.delete(key);
  }

  clear(): void {
    this.#values.clear();
  }

  #untag(key: string, { tags }: LocalValue): void {
    for (const tag of tags) {
      const keys = this.#keysOfTag.get(tag);
      keys?.delete(key);
      if (keys?.size === 0) this.#keysOfTag.delete(tag);
    }
  }
}
