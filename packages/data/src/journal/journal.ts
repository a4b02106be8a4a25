import {
  type ArchiveRequest,
  type CallOptions,
  type Claim,
  type ClaimRequest,
  type Clock,
  ConfigError,
  checkFirstVersion,
  checkJournalEntry,
  type HistoryLine,
  type InsertOptions,
  type InsertResult,
  type Journal,
  type JournalEntry,
  type JournalSafety,
  type ListPage,
  type ListRequest,
  type Logger,
  type Random,
  type ReplaceOptions,
  type ReplaceResult,
  SafetyWatch,
  silentLogger,
  systemClock,
  systemRandom,
} from '@canza/core';
import { DEFAULT_NAMESPACE, parseNamespace } from '../keys.ts';
import type { RedisConnection } from '../redis/connection.ts';
import { ConnectionSpread } from './connection-spread.ts';
import { journalFailure } from './failure.ts';
import { JournalFamily } from './family.ts';
import type { Doubt } from './lineage.ts';
import type { Copies } from './replica-barrier.ts';

/** What a journal on Redis is made of. */
export interface RedisJournalOptions {
  /** A link to Redis, of `openRedis`; its commands are sent at most once. It stays the caller's to close. */
  readonly connection: RedisConnection;
  /** First part of every key. Default `canza`. */
  readonly namespace?: string;
  /** `development` accepts a server that may lose acknowledged writes, and never turns suspect. Default `required`. */
  readonly durability?: 'required' | 'development';
  /** Waits for replicas at writes that are made before a send. Left out, only the master has them when a send begins. */
  readonly beforeSend?: Copies;
  /** Milliseconds that a call may take where it does not say. Default 2,000. */
  readonly timeoutMs?: number;
  /** Acknowledged writes that this process remembers, to name those that a failover lost. Default 20,000 of each kind. */
  readonly witnessed?: number;
  /** Connections for changes at most, where the server syncs each write before it answers; opened as they are needed. Default 8. */
  readonly connections?: number;
  /** Kinds of entries that `initialize` looks at. Default `payment` and `settlement`. */
  readonly kinds?: readonly string[];
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logger?: Logger;
}

/** A journal on Redis, which looks at its server before it believes it. */
export interface RedisJournal extends Journal {
  readonly safety: JournalSafety;
  /**
   * Looks at the server. The first change does the same; this is for a clear error at the start.
   * @throws ConfigError when the server could lose a payment, naming the setting and how to change it.
   * @throws JournalError when it cannot be reached.
   */
  initialize(options?: CallOptions): Promise<void>;
  /** Ends what the journal has opened for itself. */
  close(): Promise<void>;
}

/**
 * The journal on Redis. Each change is one script: one round trip, all of it or nothing. All entries of one kind lie in one
 * slot of a cluster.
 * @throws ConfigError when the namespace cannot be used, or the connection has a fallback.
 */
export const createRedisJournal = (options: RedisJournalOptions): RedisJournal => new LinkedJournal(options);

class LinkedJournal implements RedisJournal {
  readonly safety: JournalSafety;
  readonly #options: Required<Omit<RedisJournalOptions, 'beforeSend'>> & Pick<RedisJournalOptions, 'beforeSend'>;
  readonly #families = new Map<string, JournalFamily>();
  readonly #doubts = new Map<string, Doubt>();
  readonly #watch = new SafetyWatch();
  readonly #spread: ConnectionSpread;
  readonly #stopObserving: () => void;
  #waiting: RedisConnection | undefined;

  constructor(options: RedisJournalOptions) {
    this.#options = {
      namespace: DEFAULT_NAMESPACE,
      durability: 'required',
      timeoutMs: 2_000,
      witnessed: 20_000,
      connections: 8,
      kinds: ['payment', 'settlement'],
      clock: systemClock,
      random: systemRandom,
      logger: silentLogger,
      ...options,
    };
    parseNamespace(this.#options.namespace);
    if (this.#options.connection.hasFallback) {
      throw new ConfigError({
        field: 'connection',
        expected: 'a link without fallback (client.link): memory would lose payments',
      });
    }
    this.#spread = new ConnectionSpread(this.#options.connection, this.#options.connections);
    const watch = this.#watch;
    this.safety = {
      get state() {
        return watch.state;
      },
      onChange: (listener) => watch.onChange(listener),
      reconciled: (note, callOptions) => this.#reconciled(note, callOptions),
    };
    this.#stopObserving = this.#options.connection.observe(({ type }) => this.#onConnection(type));
  }

  async initialize(options?: CallOptions): Promise<void> {
    try {
      await Promise.all(this.#options.kinds.map((kind) => this.#family(kind).look(options)));
    } catch (error) {
      throw error instanceof ConfigError ? error : journalFailure('The look at the server', error, false);
    }
  }

  async insert(entry: JournalEntry, note: string, options: InsertOptions = {}): Promise<InsertResult> {
    checkFirstVersion(entry);
    return this.#family(entry.kind).insert(entry, note, options);
  }

  async replace(entry: JournalEntry, note: string, options: ReplaceOptions = {}): Promise<ReplaceResult> {
    checkJournalEntry(entry);
    return this.#family(entry.kind).replace(entry, note, options);
  }

  read(kind: string, id: string, options?: CallOptions): Promise<JournalEntry | undefined> {
    return this.#family(kind).read(id, options);
  }

  findByReference(kind: string, reference: string, options?: CallOptions): Promise<JournalEntry | undefined> {
    return this.#family(kind).findByReference(reference, options);
  }

  claimDue(request: ClaimRequest, options?: CallOptions): Promise<readonly Claim[]> {
    return this.#family(request.kind).claimDue(request, options);
  }

  release(kind: string, id: string, fence: number, options?: CallOptions): Promise<void> {
    return this.#family(kind).release(id, fence, options);
  }

  list(request: ListRequest, options?: CallOptions): Promise<ListPage> {
    return this.#family(request.kind).list(request, options);
  }

  history(kind: string, id: string, options?: CallOptions): Promise<readonly HistoryLine[]> {
    return this.#family(kind).history(id, options);
  }

  archive(request: ArchiveRequest, options?: CallOptions): Promise<number> {
    return this.#family(request.kind).archive(request, options);
  }

  forget(kind: string, ids: readonly string[], options?: CallOptions): Promise<number> {
    return this.#family(kind).forget(ids, options);
  }

  async close(): Promise<void> {
    this.#stopObserving();
    await Promise.all([this.#spread.close(), this.#waiting?.close()]);
  }

  #family(kind: string): JournalFamily {
    let family = this.#families.get(kind);
    if (family === undefined) {
      family = new JournalFamily({
        ...this.#options,
        kind,
        spread: this.#spread,
        waiting: () => (this.#waiting ??= this.#options.connection.duplicate('blocking')),
        onLook: (doubt, lost) => {
          if (doubt === undefined) this.#doubts.delete(kind);
          else this.#doubts.set(kind, doubt);
          const isNews = doubt !== undefined && (lost.length > 0 || this.#watch.state.verdict === 'sound');
          if (isNews) this.#watch.suspect(doubt.sinceMs, doubt.why, lost);
          else if (this.#doubts.size === 0) this.#watch.sound();
        },
      });
      this.#families.set(kind, family);
    }
    return family;
  }

  #onConnection(type: 'ready' | 'away' | 'closed'): void {
    for (const family of this.#families.values()) {
      family.distrust();
      // Also when nothing is to be written: whoever waits for news of the journal's safety hears of it now.
      if (type === 'ready') family.look().catch((error: unknown) => this.#onFailedLook(error));
    }
  }

  /** The next change looks again, and its caller is told. */
  #onFailedLook(error: unknown): void {
    const why = error instanceof Error ? error.message : 'an error';
    this.#options.logger.warn({ why }, 'The server of the journal could not be looked at after a reconnect.');
  }

  async #reconciled(note: string, options?: CallOptions): Promise<void> {
    try {
      const kinds = new Set([...this.#options.kinds, ...this.#families.keys()]);
      const settled = await Promise.allSettled([...kinds].map((kind) => this.#family(kind).settle(note, options)));
      for (const result of settled) if (result.status === 'rejected') throw result.reason;
    } catch (error) {
      throw journalFailure('The reconciliation', error, false);
    }
  }
}
