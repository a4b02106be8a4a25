import { type KeyValueStore, type StoredValue, StoreError } from '@canza/core';

/**
 * Sessions whose payment was promised and is not yet known to have started: what a process that comes back after a crash has
 * to look at. Entries are spread over a few lists, because a key-value store cannot be searched; a list is changed by
 * compare-and-swap, and changes that come while one is under way go together in the next.
 */
export interface OutboxOptions {
  readonly store: KeyValueStore;
  readonly prefix: string;
  readonly timeoutMs: number;
}

const LISTS = 16;
const KEPT_MS = 7 * 24 * 3_600_000;
const MOST_RACES = 20;

interface Change {
  readonly sessionId: string;
  readonly isOpen: boolean;
  readonly done: (error?: unknown) => void;
}

export class Outbox {
  readonly #options: OutboxOptions;
  readonly #lists: readonly List[];

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#lists = Array.from({ length: LISTS }, (_, index) => new List(`${options.prefix}${index}`, options));
  }

  /** @throws StoreError, and then it is not known whether it was noted. */
  async add(sessionId: string): Promise<void> {
    await this.#listOf(sessionId).change(sessionId, true);
  }

  async remove(sessionId: string): Promise<void> {
    await this.#listOf(sessionId).change(sessionId, false);
  }

  /** Every open entry, of all processes. */
  async list(): Promise<readonly string[]> {
    const { store, timeoutMs } = this.#options;
    const stored = await Promise.all(this.#lists.map(({ key }) => store.get(key, { timeoutMs })));
    return stored.flatMap(readList);
  }

  #listOf(sessionId: string): List {
    let sum = 0;
    for (let index = 0; index < sessionId.length; index++) sum = (sum * 31 + sessionId.charCodeAt(index)) >>> 0;
    return this.#lists[sum % LISTS] as List;
  }
}

class List {
  readonly key: string;
  readonly #options: OutboxOptions;
  #known: StoredValue | undefined;
  #waiting: Change[] = [];
  #isFlushing = false;

  constructor(key: string, options: OutboxOptions) {
    this.key = key;
    this.#options = options;
  }

  change(sessionId: string, isOpen: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (error?: unknown): void =>
        error === undefined ? resolve() : reject(error instanceof Error ? error : new StoreError('The outbox failed.'));
      this.#waiting.push({ sessionId, isOpen, done });
      if (!this.#isFlushing) void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    this.#isFlushing = true;
    while (this.#waiting.length > 0) {
      const changes = this.#waiting;
      this.#waiting = [];
      let failure: unknown;
      try {
        // What waited during one write goes together in the next.
        // oxlint-disable-next-line no-await-in-loop
        await this.#apply(changes);
      } catch (error) {
        failure = error;
      }
      for (const { done } of changes) done(failure);
    }
    this.#isFlushing = false;
  }

  async #apply(changes: readonly Change[]): Promise<void> {
    for (let race = 0; race < MOST_RACES; race++) {
      const open = new Set(readList(this.#known));
      for (const { sessionId, isOpen } of changes) {
        if (isOpen) open.add(sessionId);
        else open.delete(sessionId);
      }
      const value = JSON.stringify([...open]);
      const { store, timeoutMs } = this.#options;
      // Each try needs what the last one met.
      // oxlint-disable-next-line no-await-in-loop
      const result = await store.swap(this.key, this.#known?.version ?? 0, value, { ttlMs: KEPT_MS, timeoutMs });
      if (result.swapped) {
        this.#known = { value, version: result.version };
        return;
      }
      this.#known = result.current;
    }
    throw new StoreError('The list of open payments changed too often to be written.');
  }
}

function readList(stored: StoredValue | undefined): readonly string[] {
  if (stored === undefined) return [];
  try {
    const list: unknown = JSON.parse(stored.value);
    return Array.isArray(list) ? list.filter((entry) => typeof entry === 'string') : [];
  } catch {
    return [];
  }
}
