import {
  type Clock,
  createEvents,
  type Events,
  type HeldRecord,
  type Insertion,
  type InsertOptions,
  isFinal,
  type Journal,
  type JournalEntry,
  type ListRequest,
  type Logger,
  type Payment,
  type PaymentRecord,
  type PaymentStatus,
  RecordBook,
  sha256Hex,
  type UpdateOptions,
  viewPayment,
} from '@canza/core';

import { RefundMarks } from './refund-marks.ts';

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
  /** Told of every payment that has just succeeded; must not throw. */
  readonly onPaid?: (record: PaymentRecord) => void;
}

/** The journal, in terms of payments: the one place where records become entries. Every write is announced. */
export class PaymentLedger {
  readonly events: Events<BridgeEvents>;
  readonly #book: RecordBook<PaymentRecord>;
  /** How many refunds there were of each payment. */
  readonly refundMarks: RefundMarks;
  readonly #onPaid: LedgerSettings['onPaid'];

  constructor(settings: LedgerSettings) {
    this.events = createEvents<BridgeEvents>(settings.logger);
    this.#onPaid = settings.onPaid;
    this.refundMarks = new RefundMarks(settings);
    this.#book = new RecordBook<PaymentRecord>({
      ...settings,
      kind: 'payment',
      noun: 'payment',
      entryOf,
      onWritten: (record, before) => this.#announce(record, before),
    });
  }

  /**
   * Writes a new record, or shows what keeps it from being written.
   * @throws JournalError, with `moneyMoved: 'maybe'` where the write may have taken effect.
   */
  insert(record: PaymentRecord, note: string, hold: InsertOptions = {}): Promise<Insertion<PaymentRecord>> {
    return this.#book.insert(record, note, hold);
  }

  read(transactionId: string): Promise<PaymentRecord | undefined> {
    return this.#book.read(transactionId);
  }

  findByCallback(token: string): Promise<PaymentRecord | undefined> {
    return this.#book.findByReference(callbackReference(token));
  }

  /** By our reference of one of its attempts. */
  findByAttempt(reference: string): Promise<PaymentRecord | undefined> {
    return this.#book.findByReference(attemptIndex(reference));
  }

  /** All of which an attempt's reference begins like that: twelve digits, which two payments may share. */
  async findByReferenceStart(start: string): Promise<readonly PaymentRecord[]> {
    const { records } = await this.#book.list({ tag: startTag(start), limit: 100 });
    return records;
  }

  /** By the operator's receipt. */
  findByReceipt(provider: string, receipt: string): Promise<PaymentRecord | undefined> {
    return this.#book.findByReference(receiptIndex(provider, receipt));
  }

  /** By an id that the operator gave it, under the operator's own field name. */
  findByProviderReference(provider: string, name: string, value: string): Promise<PaymentRecord | undefined> {
    return this.#book.findByReference(providerIndex(provider, name, value));
  }

  /** Every refund of a payment, whatever became of it, and also where it went to the archive since. */
  refundsOf(transactionId: string): Promise<readonly PaymentRecord[]> {
    return this.#book.listTagged(refundTag(transactionId));
  }

  list(request: Omit<ListRequest, 'kind'>): Promise<{ records: readonly PaymentRecord[]; cursor?: string }> {
    return this.#book.list(request);
  }

  claimDue(owner: string, leaseMs: number, limit: number): Promise<readonly Held[]> {
    return this.#book.claimDue(owner, leaseMs, limit);
  }

  /**
   * Applies a change to the latest version, as often as somebody else was quicker. `change` returns the record itself where
   * nothing is to be written, and `onTaken` makes the change where an id that it brings belongs to another payment.
   * @returns the record as it stands; `undefined` when the lease under `fence` was lost.
   */
  update(
    known: PaymentRecord,
    note: string,
    change: (record: PaymentRecord) => PaymentRecord,
    options: UpdateOptions<PaymentRecord> = {},
  ): Promise<PaymentRecord | undefined> {
    return this.#book.update(known, note, change, options);
  }

  /** Does again, while the journal is away, what may be done again. @throws JournalError when it stays away for longer. */
  insist<T>(forMs: number, work: () => Promise<T>): Promise<T> {
    return this.#book.insist(forMs, work);
  }

  release(held: Held): Promise<void> {
    return this.#book.release(held);
  }

  #announce(record: PaymentRecord, before: PaymentRecord | undefined): void {
    const settled = before?.status !== record.status && isAtRest(record.status);
    if (settled && record.status === 'succeeded') this.#onPaid?.(record);
    if (!this.events.has('payment.changed') && !(settled && this.events.has('payment.settled'))) return;
    const payment = viewPayment(record);
    this.events.emit('payment.changed', { payment, from: before?.status });
    if (settled) this.events.emit('payment.settled', { payment });
  }
}

export type Held = HeldRecord<PaymentRecord>;

/** Nothing happens to it any more by itself. */
export const isAtRest = (status: PaymentStatus): boolean => isFinal(status) || status === 'review';

const callbackReference = (token: string): string => `callback:${token}`;
const attemptIndex = (reference: string): string => `attempt:${reference}`;
const receiptIndex = (provider: string, receipt: string): string => `receipt:${provider}:${receipt}`;
const providerIndex = (provider: string, name: string, value: string): string => `${provider}:${name}:${value}`;
const refundTag = (transactionId: string): string => `refund-of:${transactionId}`;

/** Digits of our reference that every operator's statement has room for. */
const START_LENGTH = 12;
const startTag = (reference: string): string => `begins:${reference.slice(0, START_LENGTH)}`;

/**
 * Attempts that a statement may know by the beginning of our reference alone: those in doubt that the operator never acknowledged, and those that
 * ended without a receipt. Others are found by their ids, and are not indexed once more.
 */
function startTagsOf({ status, receipt, attempts }: PaymentRecord): readonly string[] {
  if (status === 'created' || status === 'sending' || receipt !== undefined) return [];
  const last = attempts.at(-1);
  if (status === 'pending' && last?.acknowledged === true) return [];
  return [...new Set(attempts.map(({ reference }) => startTag(reference)))];
}

/** How a number is found without being written down a second time. */
export const phoneTag = (msisdn: string): string => `phone:${sha256Hex(msisdn)}`;

const entryOf = (record: PaymentRecord): Omit<JournalEntry, 'kind' | 'version' | 'body'> => ({
  id: record.transactionId,
  state: record.status,
  dueAtMs: record.dueAtMs,
  references: referencesOf(record),
  tags: [
    phoneTag(record.msisdn),
    ...startTagsOf(record),
    ...(record.original === undefined ? [] : [refundTag(record.original.transactionId)]),
  ],
  createdAtMs: record.createdAtMs,
  updatedAtMs: record.updatedAtMs,
});

function referencesOf({ attempts, receipt, original }: PaymentRecord): string[] {
  const references: string[] = [];
  for (const attempt of attempts) {
    references.push(callbackReference(attempt.callbackToken));
    // One that never left lends its reference to the next.
    const own = attemptIndex(attempt.reference);
    if (!references.includes(own)) references.push(own);
    for (const name in attempt.references) {
      references.push(providerIndex(attempt.provider, name, attempt.references[name] ?? ''));
    }
  }
  const last = attempts.at(-1);
  if (receipt !== undefined && last !== undefined) references.push(receiptIndex(last.provider, receipt));
  if (original !== undefined) references.push(`refund:${original.transactionId}:${original.slot}`);
  return references;
}
