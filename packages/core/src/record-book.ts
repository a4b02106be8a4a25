import { isDeepStrictEqual } from 'node:util';

import { sleep } from './deadline.ts';
import type { CallOptions, Clock, Logger } from './environment.ts';
import { JournalError } from './errors/state.ts';
import type {
  InsertOptions,
  InsertResult,
  Journal,
  JournalEntry,
  ListRequest,
  ReplaceOptions,
  ReplaceResult,
} from './journal.ts';
import { type CallName, isAway, JournalCalls } from './journal-calls.ts';

/** A record as far as the book has to know it. */
interface Versioned {
  readonly version: number;
}

/** What a book of records is made of. */
export interface RecordBookSettings<Kept extends Versioned> {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds that one journal call may take: the journal is told, and not waited for much longer. */
  readonly journalTimeoutMs: number;
  /** {@link JournalEntry.kind}. */
  readonly kind: string;
  /** For messages: `payment`. */
  readonly noun: string;
  readonly entryOf: (record: Kept) => Omit<JournalEntry, 'kind' | 'version' | 'body'>;
  /** Told of every write that is confirmed, with what stood there before. */
  readonly onWritten?: (record: Kept, before: Kept | undefined) => void;
}

/** Whether a new record was written, or what stood in its way. */
export type Insertion<Kept> =
  | { readonly outcome: 'written' }
  | { readonly outcome: 'exists'; readonly record: Kept }
  | { readonly outcome: 'reference-taken'; readonly reference: string };

/** How a change is written. */
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
  readonly #calls: JournalCalls;

  constructor(settings: RecordBookSettings<Kept>) {
    const { clock, journalTimeoutMs } = settings;
    this.#settings = settings;
    this.#calls = new JournalCalls(clock, journalTimeoutMs);
  }

  /** Writes a new record, or shows what keeps it from being written. */
  async insert(record: Kept, note: string, hold: InsertOptions = NOTHING): Promise<Insertion<Kept>> {
    const { journal, onWritten } = this.#settings;
    const result: InsertResult = await this.#call('insert', (options) =>
      journal.insert(this.#entryOf(record), note, hold === NOTHING ? options : { ...options, ...hold }),
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
    const { noun } = this.#settings;
    let apply = change;
    for (let current = this.#isSuspect ? await this.#standing(known) : known; ; ) {
      const next = apply(current);
      if (next === current) return current;
      const result = await this.#write(next, note, hold);
      if (result.outcome === 'written') return this.#told(next, current);
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
      // Our own write, of which an earlier answer was lost.
      if (isDeepStrictEqual(stored, next)) return this.#told(next, current);
      current = stored;
    }
  }

  /**
   * The same for many at once, each by itself, and insisted on: one that somebody else has touched, or whose write failed, holds up no other.
   * `change` is asked again for those.
   * @param forMs How long a journal that is away is asked again.
   * @returns the records as they stand, in the same order.
   */
  async updateEach(
    known: readonly Kept[],
    forMs: number,
    note: string,
    change: (record: Kept) => Kept,
    hold: Pick<ReplaceOptions, 'beforeSend'> = NOTHING,
  ): Promise<readonly Kept[]> {
    const startedMs = this.#settings.clock.monotonicMs();
    const again = async (record: Kept, failure?: unknown): Promise<Kept> => {
      const update = (): Promise<Kept | undefined> => this.update(record, note, change, hold);
      const after =
        failure === undefined ? this.insist(forMs, update) : this.#insistAgain(forMs, update, startedMs, failure);
      return (await after) ?? record;
    };
    const once = (record: Kept): Promise<Kept> => {
      let next: Kept;
      try {
        next = change(record);
      } catch {
        return again(record);
      }
      if (next === record) return Promise.resolve(record);
      const take = ({ outcome }: ReplaceResult): Kept | Promise<Kept> =>
        outcome === 'written' ? this.#told(next, record) : again(record);
      const fail = (failure: unknown): Promise<Kept> => again(record, failure);
      return this.#write(next, note, hold).then(take, fail);
    };
    return Promise.all(known.map(this.#isSuspect ? (record) => again(record) : once));
  }

  #told(next: Kept, before: Kept): Kept {
    this.#settings.onWritten?.(next, before);
    return next;
  }

  #write(next: Kept, note: string, hold: ReplaceOptions): Promise<ReplaceResult> {
    const { journal } = this.#settings;
    return this.#call('write', (options) =>
      journal.replace(this.#entryOf(next), note, hold === NOTHING ? options : { ...options, ...hold }),
    );
  }

  get #isSuspect(): boolean {
    return this.#settings.journal.safety?.state.verdict === 'suspect';
  }

  /**
   * What stands in the place of a version that this process was told is written, and that a failover has lost: another one may have its
   * number by now, over which a change of the lost one must not be written.
   */
  async #standing(known: Kept): Promise<Kept> {
    const { journal, kind, noun, entryOf } = this.#settings;
    const state = journal.safety?.state;
    if (state?.verdict !== 'suspect') return known;
    const { id } = entryOf(known);
    const isLost = state.lost.some((each) => each.kind === kind && each.id === id && each.version === known.version);
    if (!isLost) return known;
    const standing = await this.read(id);
    // Nothing yet: between this look and a write, another process may put its own there, with the same number.
    if (standing === undefined) throw new JournalError(`The journal has lost the ${noun}.`, 'maybe');
    return standing;
  }

  /**
   * Does again, while the journal is away, what may be done again: a write whose answer was lost recognises itself.
   * @throws JournalError when the journal stays away for longer than `forMs`.
   */
  insist<T>(forMs: number, work: () => Promise<T>): Promise<T> {
    const startedMs = this.#settings.clock.monotonicMs();
    return work().catch((error: unknown) => this.#insistAgain(forMs, work, startedMs, error));
  }

  async #insistAgain<T>(forMs: number, work: () => Promise<T>, startedMs: number, first: unknown): Promise<T> {
    const { clock, logger } = this.#settings;
    let error = first;
    for (let delayMs = 50; ; delayMs = Math.min(delayMs * 2, 5000)) {
      if (!isAway(error) || clock.monotonicMs() - startedMs + delayMs > forMs) throw error;
      logger.warn({ error: error.message }, 'the journal is away; trying again');
      await sleep(clock, delayMs);
      try {
        return await work();
      } catch (another) {
        error = another;
      }
    }
  }

  #entryOf(record: Kept): JournalEntry {
    const { kind, entryOf } = this.#settings;
    return { ...entryOf(record), kind, version: record.version, body: record };
  }

  #call<T>(what: CallName, work: (options: CallOptions) => Promise<T>): Promise<T> {
    return this.#calls.make(what, work);
  }
}

const NOTHING = Object.freeze({});
