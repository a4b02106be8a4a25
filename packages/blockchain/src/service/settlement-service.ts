import {
  type BatchOptions,
  type CallOptions,
  NotAcceptingError,
  NotFoundError,
  type SettlementQuote,
  type SettlementRecord,
  type TransactionRecord,
  type Unsubscribe,
} from '@canza/core';

import type { OutcomeContext } from '../settlement-outcome.ts';
import { Acceptance } from './acceptance.ts';
import { type SettlementBatchResult, settleEach } from './batch.ts';
import { CallerWaits } from './caller-waits.ts';
import { Engine } from './engine.ts';
import type { SettlementEvents } from './events.ts';
import type { SettlementMetrics } from './metrics.ts';
import { cancelled, confirmed, endByHand, goOnByHand } from './orders.ts';
import { askQuote, type QuoteRequest } from './quotes.ts';
import {
  checkLiquidity,
  checkPayment,
  checkRefund,
  type LiquidityRequest,
  parseTicker,
  type SettlementRefundRequest,
  type SettlementRequest,
} from './request.ts';
import type { SettlementDecision, TransactionDecision } from './review.ts';
import {
  type SettlementPage,
  type SettlementSearch,
  searchSettlements,
  searchTransactions,
  type TransactionPage,
  type TransactionSearch,
} from './search.ts';
import { type CheckedSettings, checkSettings, type SettlementSettings } from './settings.ts';
import { type SettlementTransaction, viewTransaction } from './transaction-view.ts';
import { type Settlement, viewSettlement } from './view.ts';

const DEFAULT_SHUTDOWN_MS = 30_000;

/**
 * Settles on a chain, exactly once, and always says whether money moved.
 *
 * What throws with `moneyMoved: 'no'` has sent nothing. What was stored comes back as a {@link Settlement}; from then on the service finds
 * out the rest by itself, also after a crash. Any number of processes may run one on the same journal and the same accounts.
 */
export class SettlementService {
  readonly #settings: CheckedSettings;
  readonly #engine: Engine;
  readonly #acceptance: Acceptance;
  readonly #waits: CallerWaits;
  #state: 'new' | 'running' | 'closing' | 'closed' = 'new';

  /** @throws ConfigError naming the field that is not usable. */
  constructor(settings: SettlementSettings) {
    const checked = checkSettings(settings);
    const { environment, policy, batching } = checked;
    this.#settings = checked;
    this.#engine = new Engine(checked);
    this.#waits = new CallerWaits(environment.clock);
    this.#acceptance = new Acceptance({
      ...checked,
      books: this.#engine.books,
      clock: environment.clock,
      isSuspect: () => this.#engine.isSuspect,
      leftBehindAfterMs: batching.maxDelayMs + policy.takeOverAfterMs,
    });
  }

  /**
   * Begins to take settlements and to drive those that are open, also the ones that another process left behind.
   * @throws ConfigError where the node is of another chain than configured; JournalError; TransportError and its like while the
   * node cannot be asked.
   */
  async initialize(options: CallOptions = {}): Promise<void> {
    if (this.#state !== 'new') return;
    const { network, policy } = this.#settings;
    await network.check({ timeoutMs: policy.queryTimeoutMs, ...options });
    await this.#engine.start();
    this.#state = 'running';
  }

  /**
   * Settles an amount: checks it, stores it, gathers it with others into a transaction, and resolves once that was submitted (or could not be
   * for now), with what is known.
   *
   * The same `settlementId` with the same request returns the stored settlement and sends nothing.
   * `timeoutMs` and `signal` end the waiting, not the settlement.
   * @throws InvalidRequestError, naming the field; IdempotencyConflictError; JournalError; NotAcceptingError. DeadlineError or AbortedError when
   * the waiting ended early: ask `getSettlement` then.
   */
  async settlePayment(request: SettlementRequest, options: CallOptions = {}): Promise<Settlement> {
    this.#assertAccepting();
    const checked = checkPayment(request, this.#settings.network);
    return this.#settle(this.#acceptance.payment(checked), options);
  }

  /**
   * Settles many with bounded concurrency: `for await (const result of service.settleBatch(lines)) …`. Those that can share a transaction
   * do. Reads the input only as fast as it can work. A batch that was broken off is run again: the same ids move nothing twice.
   * @throws AbortedError at the end, when the signal ended it early.
   */
  settleBatch(
    requests: Iterable<SettlementRequest> | AsyncIterable<SettlementRequest>,
    options: BatchOptions = {},
  ): AsyncGenerator<SettlementBatchResult, void, undefined> {
    return settleEach(requests, (request) => this.settlePayment(request), options);
  }

  /**
   * Gives a settled payment back, whole or in part, to the account that is named. The refund is a settlement of its own; the original stays
   * `settled`, and keeps what was given back of it. Refunds of one original never add up to more than arrived, also where some were forgotten.
   * @throws As {@link settlePayment}; NotFoundError.
   */
  async refund(request: SettlementRefundRequest, options: CallOptions = {}): Promise<Settlement> {
    this.#assertAccepting();
    const checked = checkRefund(request, this.#settings.network);
    return this.#settle(this.#acceptance.refund(checked), options);
  }

  /**
   * Adds liquidity to a pool, takes it out, or swaps. A transaction of its own.
   * @throws As {@link settlePayment}; UnsupportedError where the network has no such pools.
   */
  async settleLiquidity(request: LiquidityRequest, options: CallOptions = {}): Promise<Settlement> {
    this.#assertAccepting();
    const checked = checkLiquidity(request, this.#settings.network);
    return this.#settle(this.#acceptance.liquidity(checked), options);
  }

  /** Asks for a price, to be shown before it is used. @throws InvalidRequestError where no source of quotes is configured. */
  async quote(request: QuoteRequest): Promise<SettlementQuote> {
    parseTicker(request.fromCurrency, 'fromCurrency');
    parseTicker(request.toCurrency, 'toCurrency');
    const { quotes, environment, policy } = this.#settings;
    return askQuote(quotes, request, environment.clock, policy.queryTimeoutMs);
  }

  /** Lets a settlement go that was kept for confirmation. @throws NotFoundError, InvalidTransitionError. */
  async confirmSettlement(settlementId: string, options: CallOptions = {}): Promise<Settlement> {
    this.#assertAccepting();
    return this.#settle(this.#change(settlementId, 'confirmed', confirmed), options);
  }

  /**
   * Calls a settlement off of which nothing was sent yet.
   * @throws NotFoundError; InvalidTransitionError once a transaction may carry it; JournalError while the journal may have forgotten that one does.
   */
  async cancelSettlement(settlementId: string): Promise<Settlement> {
    const cancel = (latest: SettlementRecord, context: OutcomeContext): SettlementRecord =>
      cancelled(latest, context, this.#engine.isSuspect);
    return viewSettlement(await this.#change(settlementId, 'cancelled', cancel));
  }

  /**
   * Ends a settlement in `review` as a person has decided, with who it was and what it rests on.
   * @throws InvalidTransitionError when it is not in `review`, or its transaction is open again; NotFoundError.
   */
  async resolveSettlement(settlementId: string, decision: SettlementDecision): Promise<Settlement> {
    const record = await this.#mustRead(settlementId);
    return viewSettlement(await endByHand(record, decision, this.#engine));
  }

  /**
   * Has a transaction in `review` go on as a person has decided: it is looked for again and followed to its end, or it is voided, where its number
   * lets exactly one of both happen. Its settlements are `pending` again, and end by what the ledger shows.
   * @throws InvalidTransitionError when it is not in `review`, or carries a settlement that a person has decided on (void it then);
   * UnsupportedError, InvalidRequestError where it cannot be voided; NotFoundError.
   */
  async resolveTransaction(transactionId: string, decision: TransactionDecision): Promise<SettlementTransaction> {
    const record = await this.#mustReadTransaction(transactionId);
    return viewTransaction(await goOnByHand(record, decision, this.#engine, this.#settings));
  }

  /** A transaction of the chain, with the settlements that it carries. @throws NotFoundError. */
  async getTransaction(transactionId: string): Promise<SettlementTransaction> {
    return viewTransaction(await this.#mustReadTransaction(transactionId));
  }

  /** Transactions of the chain by status and time of creation, in the order of creation, page by page. */
  async findTransactions(search: TransactionSearch = {}): Promise<TransactionPage> {
    return searchTransactions(this.#engine.books, search);
  }

  /** @throws NotFoundError for an id that was never accepted. */
  async getSettlement(settlementId: string): Promise<Settlement> {
    return this.#view(await this.#mustRead(settlementId));
  }

  /** Settlements by status and time of creation, in the order of creation, page by page. */
  async findSettlements(search: SettlementSearch = {}): Promise<SettlementPage> {
    return searchSettlements(this.#engine.books, search);
  }

  /**
   * Resolves when the settlement has come to rest: `settled`, `failed`, or `review` where a person has to decide.
   * @throws DeadlineError after `timeoutMs` (default ten minutes), AbortedError, NotFoundError.
   */
  async waitForSettlement(settlementId: string, options: CallOptions = {}): Promise<Settlement> {
    const waiting = this.#engine.waiters.wait(settlementId);
    try {
      return await this.#view(await this.#waits.wait(`Settlement "${settlementId}"`, options, waiting.atRest));
    } finally {
      waiting.stop();
    }
  }

  /** What this process has seen since it started: counts, latency, gas and cost, what is open and what is stuck. */
  metrics(): SettlementMetrics {
    return this.#engine.metrics.report(this.#settings.environment.clock.nowMs(), this.#settings.alerts.stuckAfterMs);
  }

  /** Listens to what happens; returns how to stop. */
  on<Name extends keyof SettlementEvents>(
    name: Name,
    listener: (event: SettlementEvents[Name]) => unknown,
  ): Unsubscribe {
    return this.#engine.announcements.events.on(name, listener);
  }

  /**
   * Takes no new work, sends what is gathered, lets what is under way come to its next stored step, and leaves no timer behind. Open
   * transactions stay in the journal, for another process or the next start.
   * @throws DeadlineError when something is still under way after `timeoutMs` (default 30 s).
   */
  async shutdown(options: CallOptions = {}): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closing';
    this.#engine.stop();
    const close = async (): Promise<void> => {
      await this.#engine.inFlight.ended();
      await this.#settings.close();
    };
    try {
      await this.#waits.wait('Shutdown', { timeoutMs: DEFAULT_SHUTDOWN_MS, ...options }, close());
    } finally {
      this.#engine.close();
    }
    this.#state = 'closed';
  }

  #settle(accepted: Promise<SettlementRecord>, options: CallOptions): Promise<Settlement> {
    return this.#waits.wait('The settlement', options, this.#engine.inFlight.track(this.#send(accepted)));
  }

  async #send(accepted: Promise<SettlementRecord>): Promise<Settlement> {
    return this.#view(await this.#engine.send(await accepted));
  }

  /** Makes the next version of a stored settlement. @throws NotFoundError, InvalidTransitionError, JournalError. */
  async #change(
    settlementId: string,
    note: string,
    change: (latest: SettlementRecord, context: OutcomeContext) => SettlementRecord,
  ): Promise<SettlementRecord> {
    const record = await this.#mustRead(settlementId);
    const context = this.#engine.context();
    const changed = await this.#engine.books.settlements.update(record, note, (latest) => change(latest, context));
    return changed ?? record;
  }

  /** With the hash of the transaction that carries it, where one does. */
  #view(record: SettlementRecord): Settlement | Promise<Settlement> {
    const transactionId = record.attempts.at(-1)?.transactionId;
    if (transactionId === undefined || record.receipt !== undefined || record.moneyMoved === 'no') {
      return viewSettlement(record);
    }
    const carrying = this.#engine.peek(transactionId);
    return carrying === undefined ? this.#viewCarried(record, transactionId) : viewSettlement(record, carrying);
  }

  async #viewCarried(record: SettlementRecord, transactionId: string): Promise<Settlement> {
    return viewSettlement(record, await this.#engine.books.transactions.read(transactionId));
  }

  async #mustRead(settlementId: string): Promise<SettlementRecord> {
    const record = await this.#engine.books.settlements.read(settlementId);
    if (record === undefined) throw new NotFoundError(`Settlement "${settlementId}"`);
    return record;
  }

  async #mustReadTransaction(transactionId: string): Promise<TransactionRecord> {
    const record = await this.#engine.books.transactions.read(transactionId);
    if (record === undefined) throw new NotFoundError(`Transaction "${transactionId}"`);
    return record;
  }

  #assertAccepting(): void {
    if (this.#state === 'running') return;
    const why = this.#state === 'new' ? 'call initialize() first' : 'it is shutting down';
    throw new NotAcceptingError(`The settlement service takes no settlements: ${why}.`);
  }
}
