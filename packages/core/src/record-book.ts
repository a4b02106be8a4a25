import { isDeepStrictEqual } from 'node:util';

import { sleep, withDeadline } from './deadline.ts';
import type { Clock, Logger } from './environment.ts';
import { PaymentError } from './errors/base.ts';
import { JournalError } from './errors/state.ts';
import type { InsertOptions, InsertResult, Journal, JournalEntry, ListRequest, ReplaceOptions } from './journal.ts';

/** A record as far as the book has to know it. */
interface Versioned {
  readonly version: number;
}

export interface RecordBookSettings<Kept extends Versioned> {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds that one journal call may take. */
  readonly journalTimeoutMs: number;
  /** {@link JournalEntry.kind}. */
  readonly kind: string;
  /** For messages: `payment`. */
  readonly noun: string;
  readonly entryOf: (record: Kept) => Omit<JournalEntry, 'kind' | 'version' | 'body'>;
  /** Told of every write that is confirmed, with what stood there before. */
  readonly onWritten?: (record: Kept, before: Kept | undefined) => void;
}

export type Insertion<Kept> =
  | { readonly outcome: 'written' }
  | { readonly outcome: 'exists'; readonly record: Kept }
  | { readonly outcome: 'reference-taken'; readonly reference: string };

export interface UpdateOptions<Kept> extends Pick<ReplaceOptions, 'fence' | 'keepLease' | 'beforeSend'> {
  /** Makes the change where a reference that it brings belongs to another record. */
  readonly onTaken?: (record: Kept) => Kept;
}

/** A record under our lease. */
export interface HeldRecord<Kept> {
  readonly record: Kept;
  readonly fence: number;
}

/**
 * The journal, in terms of one family of records. Every call has a deadline of its own, so that a store that hangs holds nobody up;
 * a write whose answer was lost recognises itself when it is made again.
 *
 * Throws JournalError and nothing else, with `moneyMoved: 'maybe'` where a write may have taken effect.
 */
export class RecordBook<Kept extends Versioned> {
  readonly #settings: RecordBookSettings<Kept>;

  constructor(settings: RecordBookSettings<Kept>) {
    this.#settings = settings;
  }

  /** Writes a new record, or shows what keeps it from being written. */
  async insert(record: Kept, note: string, hold: InsertOptions = {}): Promise<Insertion<Kept>> {
    const { journal, onWritten } = this.#settings;
    const result: InsertResult = await this.#call('insert', (options) =>
      journal.insert(this.#entryOf(record), note, { ...options, ...hold }),
    );
    if (result.outcome === 'reference-taken') return result;
    // Where it is our own write, an earlier answer was lost.
    if (result.outcome === 'exists' && !isDeepStrictEqual(result.entry.body, record)) {
      return { outcome: 'exists', record: result.entry.body as Kept };
    }
    onWritten?.(record, undefined);
    return { outcome: 'written' };
  }

  async read(id: string): Promise<Kept | undefined> {
    const { journal, kind } = this.#settings;
    const entry = await this.#call('read', (options) => journal.read(kind, id, options));
    return entry === undefined ? undefined : (entry.body as Kept);
  }

  async findByReference(reference: string): Promise<Kept | undefined> {
    const { journal, kind } = this.#settings;
    const entry = await this.#call('search', (options) => journal.findByReference(kind, reference, options));
    return entry === undefined ? undefined : (entry.body as Kept);
  }

  async list(request: Omit<ListRequest, 'kind'>): Promise<{ records: readonly Kept[]; cursor?: string }> {
    const { journal, kind } = this.#settings;
    const { entries, cursor } = await this.#call('list', (options) => journal.list({ ...request, kind }, options));
    return { records: entries.map((entry) => entry.body as Kept), ...(cursor === undefined ? {} : { cursor }) };
  }

  /** Everything with that tag, also where it went to the archive since. */
  async listTagged(tag: string): Promise<readonly Kept[]> {
    const found = new Map<string, Kept>();
    // The archive last: one that is moved there in between is seen twice, and not missed.
    for (const where of [{ tag }, { tag, archived: true }]) {
      for (let cursor: string | undefined; ; ) {
        const page = await this.list({ ...where, limit: 100, ...(cursor === undefined ? {} : { cursor }) });
        for (const record of page.records) found.set(this.#settings.entryOf(record).id, record);
        cursor = page.cursor;
        if (cursor === undefined) break;
      }
    }
    return [...found.values()];
  }

  async claimDue(owner: string, leaseMs: number, limit: number): Promise<readonly HeldRecord<Kept>[]> {
    const { journal, kind, clock } = this.#settings;
    const nowMs = clock.nowMs();
    const claims = await this.#call('claim', (options) =>
      journal.claimDue({ kind, owner, nowMs, leaseMs, limit }, options),
    );
    return claims.map(({ entry, fence }) => ({ record: entry.body as Kept, fence }));
  }

  async release({ record, fence }: HeldRecord<Kept>): Promise<void> {
    const { journal, kind, entryOf } = this.#settings;
    await this.#call('release', (options) => journal.release(kind, entryOf(record).id, fence, options));
  }

  /**
   * Applies a change to the latest version, as often as somebody else was quicker. `change` returns the record itself where
   * nothing is to be written.
   * @returns the record as it stands; `undefined` when the lease under `fence` was lost.
   */
  async update(
    known: Kept,
    note: string,
    change: (record: Kept) => Kept,
    { onTaken, ...hold }: UpdateOptions<Kept> = {},
  ): Promise<Kept | undefined> {
    const { journal, noun, onWritten } = this.#settings;
    let apply = change;
    for (let current = known; ; ) {
      const next = apply(current);
      if (next === current) return current;
      const result = await this.#call('write', (options) =>
        journal.replace(this.#entryOf(next), note, { ...options, ...hold }),
      );
      if (result.outcome === 'written') {
        onWritten?.(next, current);
        return next;
      }
      if (result.outcome === 'fenced') return undefined;
      if (result.outcome === 'reference-taken') {
        if (onTaken === undefined || apply === onTaken) {
          throw new JournalError(`An id of the ${noun} belongs to another ${noun}.`, 'no');
        }
        apply = onTaken;
        continue;
      }
      if (result.entry === undefined) throw new JournalError(`The journal has lost the ${noun}.`, 'maybe');
      const stored = result.entry.body as Kept;
      if (isDeepStrictEqual(stored, next)) {
        // Our own write, of which an earlier answer was lost.
        onWritten?.(next, current);
        return next;
      }
      current = stored;
    }
  }

  /**
   * Does again, while the journal is away, what may be done again: a write whose answer was lost recognises itself.
   * @throws JournalError when the journal stays away for longer than `forMs`.
   */
  async insist<T>(forMs: number, work: () => Promise<T>): Promise<T> {
    const { clock, logger } = this.#settings;
    const startedMs = clock.monotonicMs();
    for (let delayMs = 50; ; delayMs = Math.min(delayMs * 2, 5000)) {
      try {
        return await work();
      } catch (error) {
        const away = PaymentError.isInstance(error) && error.code === 'JOURNAL_UNAVAILABLE';
        if (!away || clock.monotonicMs() - startedMs + delayMs > forMs) throw error;
        logger.warn({ error: error.message }, 'the journal is away; trying again');
        await sleep(clock, delayMs);
      }
    }
  }

  #entryOf(record: Kept): JournalEntry {
    const { kind, entryOf } = this.#settings;
    return { ...entryOf(record), kind, version: record.version, body: record };
  }

  async #call<T>(what: string, work: (options: { signal: AbortSignal }) => Promise<T>): Promise<T> {
    const { clock, journalTimeoutMs } = this.#settings;
    const writes = what === 'insert' || what === 'write';
    try {
      return await withDeadline(clock, { timeoutMs: journalTimeoutMs, what: `The journal's ${what}` }, (signal) =>
        work({ signal }),
      );
    } catch (error) {
      if (PaymentError.isInstance(error) && error.code === 'JOURNAL_UNAVAILABLE') throw error;
      throw new JournalError(`The journal's ${what} failed: ask again with the same id.`, writes ? 'maybe' : 'no', {
        cause: error,
      });
    }
  }
}
