import type { KeyValueStore, StoredValue, WriteOptions } from '@canza/core';
import { LRUCache } from 'lru-cache';
import { decodeRecord, encodeRecord, type SessionRecord } from './record.ts';

/** A record and the version of it that this process has seen. */
export interface KeptSession {
  readonly key: string;
  /** `undefined` when what stands there cannot be read; it is written over. */
  readonly record: SessionRecord | undefined;
  readonly version: number;
}

export type WriteOutcome =
  | { readonly written: true; readonly kept: KeptSession }
  /** Somebody else was first; what stands there now. */
  | { readonly written: false; readonly kept: KeptSession | undefined };

export interface SessionKeeperOptions {
  readonly store: KeyValueStore;
  /** In front of every key. */
  readonly prefix: string;
  /** How long the store keeps a session after its last hop; one that promised a payment is kept a day. */
  readonly keepMs: number;
  /** How long one call of the store may take. */
  readonly timeoutMs: number;
}

/** Sessions remembered in this process at most; one more only costs a read. */
const REMEMBERED = 20_000;
const PROMISE_KEPT_MS = 24 * 3_600_000;

/**
 * Sessions in a key-value store, one round trip a hop: a process that answered the last hop remembers record and version, and
 * writes over that version without reading. When another process was quicker, the refused write brings the current record.
 */
export class SessionKeeper {
  readonly #options: SessionKeeperOptions;
  readonly #write: WriteOptions;
  readonly #writePromise: WriteOptions;
  readonly #remembered = new LRUCache<string, KeptSession>({ max: REMEMBERED });

  constructor(options: SessionKeeperOptions) {
    this.#options = options;
    this.#write = { ttlMs: options.keepMs, timeoutMs: options.timeoutMs };
    this.#writePromise = { ttlMs: Math.max(options.keepMs, PROMISE_KEPT_MS), timeoutMs: options.timeoutMs };
  }

  keyOf(sessionId: string): string {
    return this.#options.prefix + sessionId;
  }

  /** What this process knows; it may be behind. */
  recall(sessionId: string): KeptSession | undefined {
    return this.#remembered.get(sessionId);
  }

  async read(sessionId: string): Promise<KeptSession | undefined> {
    const key = this.keyOf(sessionId);
    const stored = await this.#options.store.get(key, { timeoutMs: this.#options.timeoutMs });
    return this.#learn(sessionId, key, stored);
  }

  /** Writes over what was seen; `undefined` means that nothing was there. */
  async write(sessionId: string, seen: KeptSession | undefined, record: SessionRecord): Promise<WriteOutcome> {
    const key = seen?.key ?? this.keyOf(sessionId);
    const options = record.intent === undefined ? this.#write : this.#writePromise;
    const result = await this.#options.store.swap(key, seen?.version ?? 0, encodeRecord(record), options);
    if (!result.swapped) return { written: false, kept: this.#learn(sessionId, key, result.current) };
    const kept = { key, record, version: result.version };
    this.#remember(sessionId, kept);
    return { written: true, kept };
  }

  #learn(sessionId: string, key: string, stored: StoredValue | undefined): KeptSession | undefined {
    if (stored === undefined) {
      this.#remembered.delete(sessionId);
      return undefined;
    }
    const kept = { key, record: decodeRecord(stored.value), version: stored.version };
    this.#remember(sessionId, kept);
    return kept;
  }

  #remember(sessionId: string, kept: KeptSession): void {
    const known = this.#remembered.get(sessionId);
    if (known === undefined || known.version < kept.version) this.#remembered.set(sessionId, kept);
  }
}
