import { isDeepStrictEqual } from 'node:util';

import {
  type Clock,
  createEvents,
  type Events,
  type InsertOptions,
  type InsertResult,
  isFinal,
  type Journal,
  type JournalEntry,
  JournalError,
  type ListRequest,
  type Logger,
  type Payment,
  PaymentError,
  type PaymentRecord,
  type PaymentStatus,
  sha256Hex,
  sleep,
  viewPayment,
  withDeadline,
} from '@canza/core';

/** What the bridge tells whoever listens. Numbers are masked, secrets left out. */
export interface BridgeEvents {
  /** A payment was accepted, or learned something. */
  'payment.changed': { readonly payment: Payment; readonly from: PaymentStatus | undefined };
  /** A payment came to rest: `succeeded`, `failed` or `review`. */
  'payment.settled': { readonly payment: Payment };
  /** A callback changed nothing: unknown, late, repeated, contradicting or not authentic. */
  'callback.ignored': {
    readonly transactionId: string | undefined;
    readonly why: string;
    /** It says otherwise than what is proven: a person should look. */
    readonly contradicts: boolean;
  };
}

export interface LedgerSettings {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds that one journal call may take. */
  readonly journalTimeoutMs: number;
}

const PAYMENT_KIND = 'payment';

/** The journal, in terms of payments: the one place where records become entries. Every write is announced. */
export class PaymentLedger {
  readonly events: Events<BridgeEvents>;
  readonly #settings: LedgerSettings;

  constructor(settings: LedgerSettings) {
    this.#settings = settings;
    this.events = createEvents<BridgeEvents>(settings.logger);
  }

  /**
   * Writes a new record, or shows what keeps it from being written.
   * @throws JournalError, with `moneyMoved: 'maybe'` where the write may have taken effect.
   */
  async insert(record: PaymentRecord, note: string, hold: InsertOptions = {}): Promise<Insertion> {
    const result: InsertResult = await this.#call('insert', (options) =>
      this.#settings.journal.insert(entryOf(record), note, { ...options, ...hold }),
    );
    if (result.outcome === 'reference-taken') return { outcome: 'reference-taken' };
    // Where it is our own write, an earlier answer was lost.
    if (result.outcome === 'exists' && !isDeepStrictEqual(result.entry.body, record)) {
      return { outcome: 'exists', record: recordOf(result.entry) };
    }
    this.#announce(record, undefined);
    return { outcome: 'written' };
  }

  async read(transactionId: string): Promise<PaymentRecord | undefined> {
    const entry = await this.#call('read', (options) =>
      this.#settings.journal.read(PAYMENT_KIND, transactionId, options),
    );
    return entry === undefined ? undefined : recordOf(entry);
  }

  findByCallback(token: string): Promise<PaymentRecord | undefined> {
    return this.#findBy(callbackReference(token));
  }

  /** By our reference of one of its attempts. */
  findByAttempt(reference: string): Promise<PaymentRecord | undefined> {
    return this.#findBy(attemptIndex(reference));
  }

  /** By the operator's receipt. */
  findByReceipt(provider: string, receipt: string): Promise<PaymentRecord | undefined> {
    return this.#findBy(receiptIndex(provider, receipt));
  }

  /** By an id that the operator gave it, under the operator's own field name. */
  findByProviderReference(provider: string, name: string, value: string): Promise<PaymentRecord | undefined> {
    return this.#findBy(providerIndex(provider, name, value));
  }

  /** Every refund of a payment, whatever became of it, and also where it went to the archive since. */
  async refundsOf(transactionId: string): Promise<readonly PaymentRecord[]> {
    const tag = refundTag(transactionId);
    // The archive last: one that is moved there in between is seen twice, and not missed.
    const listed = await this.#listAll({ tag });
    const archived = await this.#listAll({ tag, archived: true });
    return [...new Map([...listed, ...archived].map((refund) => [refund.transactionId, refund])).values()];
  }

  async #listAll(request: Omit<ListRequest, 'kind' | 'limit' | 'cursor'>): Promise<readonly PaymentRecord[]> {
    const found: PaymentRecord[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await this.list({ ...request, limit: 100, ...(cursor === undefined ? {} : { cursor }) });
      found.push(...page.records);
      cursor = page.cursor;
      if (cursor === undefined) return found;
    }
  }

  async list(request: Omit<ListRequest, 'kind'>): Promise<{ records: readonly PaymentRecord[]; cursor?: string }> {
    const { entries, cursor } = await this.#call('list', (options) =>
      this.#settings.journal.list({ ...request, kind: PAYMENT_KIND }, options),
    );
    return { records: entries.map(recordOf), ...(cursor === undefined ? {} : { cursor }) };
  }

  async #findBy(reference: string): Promise<PaymentRecord | undefined> {
    const entry = await this.#call('search', (options) =>
      this.#settings.journal.findByReference(PAYMENT_KIND, reference, options),
    );
    return entry === undefined ? undefined : recordOf(entry);
  }

  async claimDue(owner: string, leaseMs: number, limit: number): Promise<readonly Held[]> {
    const nowMs = this.#settings.clock.nowMs();
    const claims = await this.#call('claim', (options) =>
      this.#settings.journal.claimDue({ kind: PAYMENT_KIND, owner, nowMs, leaseMs, limit }, options),
    );
    return claims.map(({ entry, fence }) => ({ record: recordOf(entry), fence }));
  }

  /**
   * Applies a change to the latest version, as often as somebody else was quicker. `change` returns the record itself where
   * nothing is to be written, and `onTaken` makes the change where an id that it brings belongs to another payment.
   * @returns the record as it stands; `undefined` when the lease under `fence` was lost.
   */
  async update(
    known: PaymentRecord,
    note: string,
    change: (record: PaymentRecord) => PaymentRecord,
    { onTaken, ...hold }: UpdateOptions = {},
  ): Promise<PaymentRecord | undefined> {
    let apply = change;
    for (let current = known; ; ) {
      const next = apply(current);
      if (next === current) return current;
      const result = await this.#call('write', (options) =>
        this.#settings.journal.replace(entryOf(next), note, { ...options, ...hold }),
      );
      if (result.outcome === 'written') {
        this.#announce(next, current);
        return next;
      }
      if (result.outcome === 'fenced') return undefined;
      if (result.outcome === 'reference-taken') {
        if (onTaken === undefined || apply === onTaken) {
          throw new JournalError('An id of the payment belongs to another payment.', 'no');
        }
        apply = onTaken;
        continue;
      }
      if (result.entry === undefined) throw new JournalError('The journal has lost the payment.', 'maybe');
      const stored = recordOf(result.entry);
      if (isDeepStrictEqual(stored, next)) {
        // Our own write, of which an earlier answer was lost.
        this.#announce(next, current);
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

  async release(held: Held): Promise<void> {
    await this.#call('release', (options) =>
      this.#settings.journal.release(PAYMENT_KIND, held.record.transactionId, held.fence, options),
    );
  }

  #announce(record: PaymentRecord, before: PaymentRecord | undefined): void {
    const settled = before?.status !== record.status && isAtRest(record.status);
    if (!this.events.has('payment.changed') && !(settled && this.events.has('payment.settled'))) return;
    const payment = viewPayment(record);
    this.events.emit('payment.changed', { payment, from: before?.status });
    if (settled) this.events.emit('payment.settled', { payment });
  }

  /** One call of the journal, with a deadline of our own, so that a store that hangs holds nobody up. */
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

export type Insertion =
  | { readonly outcome: 'written' }
  | { readonly outcome: 'exists'; readonly record: PaymentRecord }
  | { readonly outcome: 'reference-taken' };

export interface UpdateOptions {
  /** Of the lease under which it is written. */
  readonly fence?: number;
  readonly keepLease?: boolean;
  /** A send follows this write. */
  readonly beforeSend?: boolean;
  readonly onTaken?: (record: PaymentRecord) => PaymentRecord;
}

/** A record under our lease. */
export interface Held {
  readonly record: PaymentRecord;
  readonly fence: number;
}

/** Nothing happens to it any more by itself. */
export const isAtRest = (status: PaymentStatus): boolean => isFinal(status) || status === 'review';

const callbackReference = (token: string): string => `callback:${token}`;
const attemptIndex = (reference: string): string => `attempt:${reference}`;
const receiptIndex = (provider: string, receipt: string): string => `receipt:${provider}:${receipt}`;
const providerIndex = (provider: string, name: string, value: string): string => `${provider}:${name}:${value}`;
const refundTag = (transactionId: string): string => `refund-of:${transactionId}`;

/** How a number is found without being written down a second time. */
export const phoneTag = (msisdn: string): string => `phone:${sha256Hex(msisdn)}`;

function entryOf(record: PaymentRecord): JournalEntry {
  return {
    kind: PAYMENT_KIND,
    id: record.transactionId,
    version: record.version,
    state: record.status,
    dueAtMs: record.dueAtMs,
    references: referencesOf(record),
    tags: [
      phoneTag(record.msisdn),
      ...(record.original === undefined ? [] : [refundTag(record.original.transactionId)]),
    ],
    createdAtMs: record.createdAtMs,
    updatedAtMs: record.updatedAtMs,
    body: record,
  };
}

function referencesOf({ attempts, receipt, original }: PaymentRecord): string[] {
  const references: string[] = [];
  for (const attempt of attempts) {
    references.push(callbackReference(attempt.callbackToken), attemptIndex(attempt.reference));
    for (const name in attempt.references) {
      references.push(providerIndex(attempt.provider, name, attempt.references[name] ?? ''));
    }
  }
  const last = attempts.at(-1);
  if (receipt !== undefined && last !== undefined) references.push(receiptIndex(last.provider, receipt));
  if (original !== undefined) references.push(`refund:${original.transactionId}:${original.slot}`);
  return references;
}

const recordOf = (entry: JournalEntry): PaymentRecord => entry.body as PaymentRecord;
