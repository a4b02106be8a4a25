import {
  type BatchOptions,
  type CallOptions,
  DueLoop,
  type HeldRecord,
  InvalidTransitionError,
  isSettlementFinal,
  JournalError,
  moveSettlement,
  NotAcceptingError,
  NotFoundError,
  type SettlementQuote,
  type SettlementRecord,
  type SettlementStatus,
  type TransactionRecord,
  type TransactionStatus,
  type Unsubscribe,
  waitAtMost,
  withDeadline,
} from '@canza/core';

import { giveUp, type OutcomeContext } from '../settlement-outcome.ts';
import { Acceptance } from './acceptance.ts';
import { Announcements, isAtRest } from './announcements.ts';
import { type SettlementBatchResult, settleEach } from './batch.ts';
import { type Books, openBooks } from './books.ts';
import type { SettlementAlert, SettlementEvents } from './events.ts';
import { Follower } from './follower.ts';
import { findGap } from './gaps.ts';
import { Gatherer } from './gatherer.ts';
import { InFlight } from './in-flight.ts';
import { Launcher } from './launcher.ts';
import { MetricsCounter, type SettlementMetrics } from './metrics.ts';
import { askQuote, type QuoteRequest } from './quotes.ts';
import { recover, rejoin } from './recovery.ts';
import {
  checkLiquidity,
  checkPayment,
  checkRefund,
  type LiquidityRequest,
  parseTicker,
  type SettlementRefundRequest,
  type SettlementRequest,
} from './request.ts';
import { RestWaiters } from './rest-waiters.ts';
import {
  decideSettlement,
  decideTransaction,
  markDecided,
  type SettlementDecision,
  type TransactionDecision,
} from './review.ts';
import { createSenderDesk, type SenderDesk } from './sender-desk.ts';
import { type CheckedSettings, checkSettings, type SettlementSettings } from './settings.ts';
import { type SettlementTransaction, viewTransaction } from './transaction-view.ts';
import { type Settlement, viewSettlement } from './view.ts';

interface Search<Status> {
  readonly status?: Status;
  /** In milliseconds since 1970. */
  readonly createdFromMs?: number;
  readonly createdBeforeMs?: number;
  /** 1 to 1000; default 100. */
  readonly limit?: number;
  readonly cursor?: string;
}

/** Which settlements are meant; everything that is given must fit. */
export type SettlementSearch = Search<SettlementStatus>;

/** Which transactions are meant; everything that is given must fit. */
export type TransactionSearch = Search<TransactionStatus>;

/** Transactions in the order of their creation. */
export interface TransactionPage {
  readonly transactions: readonly SettlementTransaction[];
  /** Where the next page begins; left out on the last one. */
  readonly cursor?: string;
}

/** Settlements in the order of their creation. */
export interface SettlementPage {
  readonly settlements: readonly Settlement[];
  /** Where the next page begins; left out on the last one. */
  readonly cursor?: string;
}

type Due =
  | { readonly kind: 'settlement'; readonly held: HeldRecord<SettlementRecord> }
  | { readonly kind: 'transaction'; readonly held: HeldRecord<TransactionRecord> };

/** How long a caller waits when nothing else was said. */
const DEFAULT_WAIT_MS = 10 * 60_000;
const DEFAULT_SHUTDOWN_MS = 30_000;

/**
 * Settles on a chain, exactly once, and always says whether money moved.
 *
 * What throws with `moneyMoved: 'no'` has sent nothing. What was stored comes back as a {@link Settlement}; from then on the service finds
 * out the rest by itself, also after a crash. Any number of processes may run one on the same journal and the same accounts.
 */
export class SettlementService {
  readonly #settings: CheckedSettings;
  readonly #announcements: Announcements;
  readonly #waiters: RestWaiters;
  readonly #books: Books;
  readonly #desk: SenderDesk;
  readonly #follower: Follower;
  readonly #launcher: Launcher;
  readonly #gatherer: Gatherer;
  readonly #acceptance: Acceptance;
  readonly #metrics = new MetricsCounter();
  readonly #loop: DueLoop<Due>;
  readonly #owner: string;
  readonly #inFlight = new InFlight();
  #state: 'new' | 'running' | 'closing' | 'closed' = 'new';

  /** @throws ConfigError naming the field that is not usable. */
  constructor(settings: SettlementSettings) {
    const checked = checkSettings(settings);
    const { environment, policy, network, batching, alerts } = checked;
    this.#settings = checked;
    this.#owner = `settlement-${Buffer.from(environment.random.bytes(6)).toString('hex')}`;
    this.#waiters = new RestWaiters({
      clock: environment.clock,
      everyMs: policy.tickMs,
      readAtRest: async (settlementId) => {
        const record = await this.#mustRead(settlementId);
        return isAtRest(record.status) ? record : undefined;
      },
    });
    this.#announcements = new Announcements({
      ...environment,
      metrics: this.#metrics,
      alerts,
      waiters: this.#waiters,
      peek: (transactionId) => this.#follower.peek(transactionId),
    });
    this.#books = openBooks({
      ...environment,
      journal: checked.journal,
      journalTimeoutMs: policy.journalTimeoutMs,
      network: network.name,
      onSettlement: (record, before) => this.#announcements.onSettlement(record, before),
      onTransaction: (record, before) => this.#announcements.onTransaction(record, before),
    });
    const { track } = this.#inFlight;
    const contextOf = (): OutcomeContext => this.#context();
    const alert = (raised: SettlementAlert): void => this.#announcements.alert(raised);
    const isSuspect = (): boolean => this.#isSuspect;
    const parts = { network, books: this.#books, policy, environment, alert, contextOf, isSuspect, track };
    this.#desk = createSenderDesk({
      ...environment,
      network,
      policy,
      senders: this.#books.senders,
      owner: this.#owner,
      findGap: (sender, slot) => findGap(this.#books, sender, slot),
      fillGap: (gap) => this.#launcher.fillGap(gap),
    });
    this.#follower = new Follower({
      ...parts,
      alerts,
      onFreed: (records) => this.#sendAgain(records),
      onExpired: () => void track(this.#desk.withLane(async () => undefined).catch(() => undefined)),
      onLetGo: (transactionId) => this.#metrics.forget(transactionId),
    });
    this.#launcher = new Launcher({ ...parts, alerts, batching, desk: this.#desk, follower: this.#follower });
    const maxSize = Math.min(batching.maxSize, network.rules.maxBatchSize);
    this.#gatherer = new Gatherer({
      clock: environment.clock,
      batching,
      maxSize: network.capabilities.batch === 'supported' ? maxSize : 1,
      launch: (group) => this.#launcher.launch(group),
      track,
    });
    this.#acceptance = new Acceptance({
      ...checked,
      books: this.#books,
      clock: environment.clock,
      isSuspect,
      leftBehindAfterMs: batching.maxDelayMs + policy.takeOverAfterMs,
    });
    this.#loop = new DueLoop<Due>({
      ...environment,
      ...policy,
      claim: (limit) => this.#claim(limit),
      drive: (due) => this.#drive(due),
      describe: (due) =>
        due.kind === 'settlement'
          ? { settlementId: due.held.record.settlementId }
          : { transactionId: due.held.record.transactionId },
      track,
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
    await this.#desk.open();
    this.#state = 'running';
    this.#loop.start();
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
    return this.#settle(() => this.#acceptance.payment(checked), options);
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
   * `settled`. Refunds of one original never add up to more than arrived.
   * @throws As {@link settlePayment}; NotFoundError.
   */
  async refund(request: SettlementRefundRequest, options: CallOptions = {}): Promise<Settlement> {
    this.#assertAccepting();
    const checked = checkRefund(request, this.#settings.network);
    return this.#settle(() => this.#acceptance.refund(checked), options);
  }

  /**
   * Adds liquidity to a pool, takes it out, or swaps. A transaction of its own.
   * @throws As {@link settlePayment}; UnsupportedError where the network has no such pools.
   */
  async settleLiquidity(request: LiquidityRequest, options: CallOptions = {}): Promise<Settlement> {
    this.#assertAccepting();
    const checked = checkLiquidity(request, this.#settings.network);
    return this.#settle(() => this.#acceptance.liquidity(checked), options);
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
    const { environment, policy } = this.#settings;
    return this.#settle(async () => {
      const record = await this.#mustRead(settlementId);
      const nowMs = environment.clock.nowMs();
      const dueAtMs = nowMs + policy.takeOverAfterMs;
      const confirmed = await this.#books.settlements.update(record, 'confirmed', (latest) => {
        if (latest.status !== 'awaiting-confirmation') return latest;
        const late = latest.quote !== undefined && latest.quote.expiresAtMs <= nowMs;
        return late
          ? giveUp(latest, 'quote-expired', 'The quote expired before it was confirmed.', this.#context())
          : moveSettlement(latest, nowMs, { status: 'created', dueAtMs });
      });
      return confirmed ?? record;
    }, options);
  }

  /**
   * Calls a settlement off of which nothing was sent yet.
   * @throws NotFoundError; InvalidTransitionError once a transaction may carry it; JournalError while the journal may have forgotten that one does.
   */
  async cancelSettlement(settlementId: string): Promise<Settlement> {
    const record = await this.#mustRead(settlementId);
    const cancelled = await this.#books.settlements.update(record, 'cancelled', (latest) => {
      if (this.#isSuspect) {
        throw new JournalError(
          'The journal may have forgotten that it was sent: ask again once it was compared.',
          'maybe',
        );
      }
      if (latest.moneyMoved === 'no' && !isSettlementFinal(latest.status)) {
        return giveUp(latest, 'cancelled', 'Called off before it was sent.', this.#context());
      }
      throw new InvalidTransitionError(settlementId, latest.status, 'failed', 'it may be on its way, or has ended');
    });
    return viewSettlement(cancelled ?? record);
  }

  /**
   * Ends a settlement in `review` as a person has decided, with who it was and what it rests on.
   * @throws InvalidTransitionError when it is not in `review`, or its transaction is open again; NotFoundError.
   */
  async resolveSettlement(settlementId: string, decision: SettlementDecision): Promise<Settlement> {
    const record = await this.#mustRead(settlementId);
    const { clock } = this.#settings.environment;
    // Refused as it stands, before its transaction is told.
    decideSettlement(record, decision, clock.nowMs());
    const transactionId = record.attempts.at(-1)?.transactionId;
    const carrying = transactionId === undefined ? undefined : await this.#books.transactions.read(transactionId);
    if (carrying !== undefined) {
      await this.#books.transactions.update(carrying, `decided on ${settlementId}`, (latest) =>
        markDecided(latest, settlementId, clock.nowMs()),
      );
    }
    const decided = await this.#books.settlements.update(record, `decided by a person: ${decision.status}`, (latest) =>
      decideSettlement(latest, decision, clock.nowMs()),
    );
    return viewSettlement(decided ?? record);
  }

  /**
   * Has a transaction in `review` go on as a person has decided: it is looked for again and followed to its end, or it is voided, where its number
   * lets exactly one of both happen. Its settlements are `pending` again, and end by what the ledger shows.
   * @throws InvalidTransitionError when it is not in `review`, or carries a settlement that a person has decided on (void it then);
   * UnsupportedError, InvalidRequestError where it cannot be voided; NotFoundError.
   */
  async resolveTransaction(transactionId: string, decision: TransactionDecision): Promise<SettlementTransaction> {
    const { environment, network, policy } = this.#settings;
    const record = await this.#mustReadTransaction(transactionId);
    const context = { capabilities: network.capabilities, nowMs: environment.clock.nowMs() };
    const decided = await this.#books.transactions.update(record, `decided by a person: ${decision.action}`, (latest) =>
      decideTransaction(latest, decision, context),
    );
    // Whoever follows it does the same, where this process dies before.
    if (decided !== undefined) await rejoin(decided, this.#books, policy, this.#context());
    return viewTransaction(decided ?? record);
  }

  /** A transaction of the chain, with the settlements that it carries. @throws NotFoundError. */
  async getTransaction(transactionId: string): Promise<SettlementTransaction> {
    return viewTransaction(await this.#mustReadTransaction(transactionId));
  }

  /** Transactions of the chain by status and time of creation, in the order of creation, page by page. */
  async findTransactions({ status, limit = 100, ...span }: TransactionSearch = {}): Promise<TransactionPage> {
    const { records, cursor } = await this.#books.transactions.list({
      ...span,
      limit,
      ...(status === undefined ? {} : { state: status }),
    });
    return { transactions: records.map(viewTransaction), ...(cursor === undefined ? {} : { cursor }) };
  }

  /** @throws NotFoundError for an id that was never accepted. */
  async getSettlement(settlementId: string): Promise<Settlement> {
    return this.#view(await this.#mustRead(settlementId));
  }

  /** Settlements by status and time of creation, in the order of creation, page by page. */
  async findSettlements({ status, limit = 100, ...span }: SettlementSearch = {}): Promise<SettlementPage> {
    const { records, cursor } = await this.#books.settlements.list({
      ...span,
      limit,
      ...(status === undefined ? {} : { state: status }),
    });
    return {
      settlements: records.map((record) => viewSettlement(record)),
      ...(cursor === undefined ? {} : { cursor }),
    };
  }

  /**
   * Resolves when the settlement has come to rest: `settled`, `failed`, or `review` where a person has to decide.
   * @throws DeadlineError after `timeoutMs` (default ten minutes), AbortedError, NotFoundError.
   */
  async waitForSettlement(settlementId: string, options: CallOptions = {}): Promise<Settlement> {
    const { timeoutMs = DEFAULT_WAIT_MS } = options;
    const waiting = this.#waiters.wait(settlementId);
    try {
      const deadline = { ...options, timeoutMs, what: `Settlement "${settlementId}"`, moneyMoved: 'maybe' } as const;
      return await this.#view(await waitAtMost(this.#settings.environment.clock, deadline, waiting.atRest));
    } finally {
      waiting.stop();
    }
  }

  /** What this process has seen since it started: counts, latency, gas and cost, what is open and what is stuck. */
  metrics(): SettlementMetrics {
    return this.#metrics.report(this.#settings.environment.clock.nowMs(), this.#settings.alerts.stuckAfterMs);
  }

  /** Listens to what happens; returns how to stop. */
  on<Name extends keyof SettlementEvents>(name: Name, listener: (event: SettlementEvents[Name]) => void): Unsubscribe {
    return this.#announcements.events.on(name, listener);
  }

  /**
   * Takes no new work, sends what is gathered, lets what is under way come to its next stored step, and leaves no timer behind. Open
   * transactions stay in the journal, for another process or the next start.
   * @throws DeadlineError when something is still under way after `timeoutMs` (default 30 s).
   */
  async shutdown(options: CallOptions = {}): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closing';
    this.#loop.stop();
    const { timeoutMs = DEFAULT_SHUTDOWN_MS } = options;
    this.#gatherer.flush();
    this.#follower.stop();
    try {
      await this.#wait('Shutdown', { ...options, timeoutMs }, async () => {
        await this.#inFlight.ended();
        await this.#settings.close();
      });
    } finally {
      this.#desk.close();
    }
    this.#state = 'closed';
  }

  async #settle(accept: () => Promise<SettlementRecord>, options: CallOptions): Promise<Settlement> {
    const { timeoutMs = DEFAULT_WAIT_MS, signal } = options;
    const deadline = { what: 'The settlement', timeoutMs, moneyMoved: 'maybe' } as const;
    const work = this.#inFlight.track(this.#acceptAndSend(accept));
    return waitAtMost(
      this.#settings.environment.clock,
      signal === undefined ? deadline : { ...deadline, signal },
      work,
    );
  }

  async #acceptAndSend(accept: () => Promise<SettlementRecord>): Promise<Settlement> {
    const record = await accept();
    const sent = record.status === 'created' && this.#mayGather(record) ? await this.#gatherer.add(record) : record;
    return this.#view(sent);
  }

  /** One that was put off is sent when it falls due, not each time that somebody asks for it. */
  #mayGather({ attempts, evidence }: SettlementRecord): boolean {
    return this.#state === 'running' && attempts.length === 0 && evidence.length === 0;
  }

  #sendAgain(records: readonly SettlementRecord[]): void {
    if (this.#state !== 'running') return;
    const nowMs = this.#settings.environment.clock.nowMs();
    for (const record of records) {
      if (record.dueAtMs !== null && record.dueAtMs <= nowMs) void this.#inFlight.track(this.#gatherer.add(record));
    }
  }

  async #claim(limit: number): Promise<readonly Due[]> {
    const { leaseMs, maxOpenTransactions } = this.#settings.policy;
    const room = Math.min(limit, maxOpenTransactions - this.#follower.open);
    const transactions = room > 0 ? await this.#books.transactions.claimDue(this.#owner, leaseMs, room) : [];
    const rest = limit - transactions.length;
    const settlements = rest > 0 ? await this.#books.settlements.claimDue(this.#owner, leaseMs, rest) : [];
    return [
      ...transactions.map((held) => ({ kind: 'transaction', held }) as const),
      ...settlements.map((held) => ({ kind: 'settlement', held }) as const),
    ];
  }

  async #drive(due: Due): Promise<void> {
    if (due.kind === 'transaction') {
      // In the background: it is followed for as long as it takes, and the loop goes on.
      void this.#inFlight.track(this.#follower.adopt(due.held.record));
      return;
    }
    const isSuspect = (): boolean => this.#isSuspect;
    const record = await recover(due.held.record, { books: this.#books, context: this.#context(), isSuspect });
    if (record.status !== 'created') return;
    const sent = await this.#gatherer.add(record);
    // What was put off is anybody's when it falls due, and not only once the lease of this process has run out.
    if (sent.status === 'created') await this.#books.settlements.release(due.held);
  }

  #context(): OutcomeContext {
    const { environment, policy } = this.#settings;
    return {
      nowMs: environment.clock.nowMs(),
      recoverAfterMs: policy.takeOverAfterMs,
      retryForMs: policy.retryForMs,
      retryEveryMs: policy.retryEveryMs,
    };
  }

  /** With the hash of the transaction that carries it, where one does. */
  async #view(record: SettlementRecord): Promise<Settlement> {
    const transactionId = record.attempts.at(-1)?.transactionId;
    if (transactionId === undefined || record.receipt !== undefined || record.moneyMoved === 'no') {
      return viewSettlement(record);
    }
    const carrying = this.#follower.peek(transactionId) ?? (await this.#books.transactions.read(transactionId));
    return viewSettlement(record, carrying);
  }

  async #mustRead(settlementId: string): Promise<SettlementRecord> {
    const record = await this.#books.settlements.read(settlementId);
    if (record === undefined) throw new NotFoundError(`Settlement "${settlementId}"`);
    return record;
  }

  async #mustReadTransaction(transactionId: string): Promise<TransactionRecord> {
    const record = await this.#books.transactions.read(transactionId);
    if (record === undefined) throw new NotFoundError(`Transaction "${transactionId}"`);
    return record;
  }

  /** Whether the journal may have lost writes, and nobody has compared it since. */
  get #isSuspect(): boolean {
    return this.#settings.journal.safety?.state.verdict === 'suspect';
  }

  async #wait<T>(
    what: string,
    { timeoutMs = DEFAULT_WAIT_MS, signal }: CallOptions,
    run: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const deadline = { what, timeoutMs, moneyMoved: 'maybe', ...(signal === undefined ? {} : { signal }) } as const;
    return withDeadline(this.#settings.environment.clock, deadline, run);
  }

  #assertAccepting(): void {
    if (this.#state === 'running') return;
    const why = this.#state === 'new' ? 'call initialize() first' : 'it is shutting down';
    throw new NotAcceptingError(`The settlement service takes no settlements: ${why}.`);
  }
}
