import {
  type Clock,
  IdempotencyConflictError,
  JournalError,
  NotFoundError,
  type PaymentRecord,
  UnsupportedError,
} from '@canza/core';

import type { Router } from '../routing/router.ts';
import type { WalletChoice } from '../routing/wallets.ts';
import type { Driver } from './driver.ts';
import type { PaymentLedger } from './payment-ledger.ts';
import { putOff } from './payment-plan.ts';
import { buildRefund, type CheckedRefund, isSameRefund } from './refund-request.ts';
import type { CheckedRequest } from './transaction-request.ts';
import type { WalletMemory } from './wallet-memory.ts';

export interface AcceptanceSettings {
  readonly ledger: PaymentLedger;
  readonly driver: Driver;
  readonly router: Router;
  readonly clock: Clock;
  readonly memory: WalletMemory;
}

/** A request that can be routed: its record as it is before anything is stored (version 0), and whose wallet it is for. */
export interface Prepared {
  readonly record: PaymentRecord;
  readonly choice: WalletChoice;
}

/** How a request becomes a stored payment. */
export class Acceptance {
  readonly #settings: AcceptanceSettings;

  constructor(settings: AcceptanceSettings) {
    this.#settings = settings;
  }

  /** @throws InvalidRequestError when there is no way to that wallet, or none that takes the amount. */
  async prepare({ money, operator, network, ...stored }: CheckedRequest): Promise<Prepared> {
    const { router, memory } = this.#settings;
    const recalled = operator === undefined && router.memoryCounts(stored) ? await memory.recall(stored.msisdn) : {};
    const known = { ...recalled, ...(network === undefined ? {} : { network }) };
    const choice = router.walletsOf(stored, money, operator, known);
    const nowMs = this.#settings.clock.nowMs();
    const record: PaymentRecord = {
      ...stored,
      operators: choice.operators,
      version: 0,
      status: 'created',
      moneyMoved: 'no',
      attempts: [],
      evidence: [],
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
      dueAtMs: nowMs,
    };
    return { record, choice };
  }

  /**
   * Stores a new payment, with its first attempt where one can be made now, and sends it.
   * @returns `undefined` when another payment holds one of its references, and nothing was stored.
   * @throws IdempotencyConflictError; JournalError.
   */
  async accept(request: PaymentRecord): Promise<PaymentRecord | undefined> {
    const { driver, ledger, router } = this.#settings;
    const ways = router.table.candidates(request);
    // Later, one of them may have been taken and forgotten, and not be configured any more.
    const fresh = ways.length > 1 ? { ...request, ways: ways.map(({ id }) => id) } : request;
    if (driver.isHeldBack(fresh)) return this.#known(fresh);
    const admitted = await driver.admit(fresh);
    const deferred = 'retryAfterMs' in admitted;
    const first = deferred
      ? putOff(fresh, admitted.retryAfterMs, admitted.why, driver.context(fresh))
      : driver.begin(fresh, admitted, 1);
    const note = deferred ? 'accepted; put off' : `accepted; sending over ${admitted.id}`;
    const inserted = await driver.store(first, async () => {
      const result = await ledger.insert(first, note, { beforeSend: !deferred });
      const { original } = first;
      if (result.outcome === 'written' && original !== undefined) {
        await ledger.refundMarks.raise(original.transactionId, original.slot);
      }
      return result;
    });
    if (inserted.outcome === 'reference-taken') return undefined;
    if (inserted.outcome === 'written') return deferred ? first : driver.send(first);
    return sameAs(first, inserted.record);
  }

  /**
   * The payment that is stored under this id. One that is not may have been made and lost: it is not taken before somebody has compared
   * the journal with the operators' books.
   */
  async #known(fresh: PaymentRecord): Promise<PaymentRecord> {
    const stored = await this.#settings.ledger.read(fresh.transactionId);
    if (stored !== undefined) return sameAs(fresh, stored);
    throw new JournalError('The journal may have lost payments, and was not compared with the books yet.', 'no');
  }

  /** Stores and sends a refund. @throws NotFoundError, InvalidRequestError, UnsupportedError, and as {@link accept}. */
  async refund(request: CheckedRefund): Promise<PaymentRecord> {
    const { ledger, router, clock } = this.#settings;
    for (;;) {
      const stored = await ledger.read(request.transactionId);
      if (stored !== undefined) {
        if (isSameRefund(stored, request)) return stored;
        throw new IdempotencyConflictError(request.transactionId);
      }
      const original = await ledger.read(request.originalTransactionId);
      if (original === undefined) throw new NotFoundError(`Transaction "${request.originalTransactionId}"`);
      // The mark first: what it counts is then there to be found.
      const highestSlot = await ledger.refundMarks.highestOf(original.transactionId);
      const earlier = await ledger.refundsOf(original.transactionId);
      const built = buildRefund(request, original, { earlier, highestSlot }, clock.nowMs());
      if (router.table.candidates(built).length === 0) throw this.#cannotRefund(built);
      // Without an answer another refund of the same original was quicker: look again at what is left.
      const accepted = await this.accept(built);
      if (accepted !== undefined) return accepted;
    }
  }

  #cannotRefund({ original }: PaymentRecord): UnsupportedError {
    const support = this.#settings.router.table.providerOf(original?.provider ?? '')?.capabilities.refund;
    const told = support === undefined || support === 'supported' ? undefined : support.unsupported;
    return new UnsupportedError('refund', told ?? 'no route of that provider gives back what came this way.');
  }
}

/** @throws IdempotencyConflictError where the same id stands for something else. */
function sameAs(fresh: PaymentRecord, stored: PaymentRecord): PaymentRecord {
  if (stored.fingerprint !== fresh.fingerprint) throw new IdempotencyConflictError(fresh.transactionId);
  return stored;
}
