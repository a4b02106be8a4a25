import type { KeyValueStore, StoredValue, WriteOptions } from '@canza/core';
import { createGenerations } from './generations.ts';
import { decodeRecord, encodeRecord, type SessionRecord } from './record.ts';
import type { KeptSession, SessionStore, WriteOutcome } from './session-store.ts';

export interface StoredSessionsOptions {
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
export class StoredSessions implements SessionStore {
  readonly #options: StoredSessionsOptions;
  readonly #write: WriteOptions;
  readonly #writePromise: WriteOptions;
  readonly #remembered = createGenerations<KeptSession>(REMEMBERED);

  constructor(options: StoredSessionsOptions) {
    this.#options = options;
    this.#write = { ttlMs: options.keepMs, timeoutMs: options.timeoutMs };
    this.#writePromise = { ttlMs: Math.max(options.keepMs, PROMISE_KEPT_MS), timeoutMs: options.timeoutMs };
  }

  recall(sessionId: string): KeptSession | undefined {
    return this.#remembered.get(sessionId);
  }

  async read(sessionId: string): Promise<KeptSession | undefined> {
    const key = this.#options.prefix + sessionId;
    const stored = await this.#options.store.get(key, { timeoutMs: this.#options.timeoutMs });
    return this.#learn(sessionId, stored);
  }

  write(sessionId: string, seen: KeptSession | undefined, record: SessionRecord): Promise<WriteOutcome> {
    const key = this.#options.prefix + sessionId;
    const options = record.intent === undefined ? this.#write : this.#writePromise;
    return this.#options.store.swap(key, seen?.version ?? 0, encodeRecord(record), options).then((result) => {
      if (!result.swapped) return { written: false, kept: this.#learn(sessionId, result.current) };
      const kept = { record, version: result.version };
      this.#remembered.set(sessionId, kept);
      return { written: true, kept };
    });
  }

  #learn(sessionId: string, stored: StoredValue | undefined): KeptSession | undefined {
    if (stored === undefined) {
      this.#remembered.delete(sessionId);
      return undefined;
    }
    const kept = { record: decodeRecord(stored.value), version: stored.version };
    this.#remembered.set(sessionId, kept);
    return kept;
  }
}
