import {
  type BatchOptions,
  type CallOptions,
  type Deadline,
  DueLoop,
  InvalidTransitionError,
  JournalError,
  knownPart,
  type MobileMoneyProvider,
  NotAcceptingError,
  NotFoundError,
  type Payment,
  type PaymentRecord,
  type PaymentStatus,
  parseMsisdn,
  sleep,
  type Unsubscribe,
  viewPayment,
  waitAtMost,
  withDeadline,
} from '@canza/core';
import { type RouteReport, Router } from '../routing/router.ts';
import { Acceptance } from './acceptance.ts';
import { type BatchResult, initiateEach } from './batch.ts';
import { CallbackDesk } from './callback-desk.ts';
import { Driver } from './driver.ts';
import {
  type AccountFinding,
  type AccountQuestion,
  type BalanceFinding,
  balances,
  lookupAccount,
} from './enquiries.ts';
import { guidanceFor, type PayerGuidance } from './payer-guidance.ts';
import { type Decision, decide } from './payment-learning.ts';
import { type BridgeEvents, type Held, isAtRest, PaymentLedger, phoneTag } from './payment-ledger.ts';
import { type PlanContext } from './payment-plan.ts';
import { type ReconciliationReport, reconcile, type Statement } from './reconciliation.ts';
import { checkRefund, type RefundRequest } from './refund-request.ts';
import { describePlan, type RoutePlan } from './route-plan.ts';
import { type BridgeSettings, type CheckedSettings, checkSettings } from './settings.ts';
import { type CheckedRequest, checkRequest, type TransactionRequest } from './transaction-request.ts';

/** Which payments are meant; everything that is given must fit. */
export interface TransactionSearch {
  readonly status?: PaymentStatus;
  /** International form. */
  readonly phoneNumber?: string;
  /** In milliseconds since 1970. */
  readonly createdFromMs?: number;
  readonly createdBeforeMs?: number;
  /** 1 to 1000; default 100. */
  readonly limit?: number;
  readonly cursor?: string;
}

/** Payments in the order of their creation. */
export interface TransactionPage {
  readonly payments: readonly Payment[];
  /** Where the next page begins; left out on the last one. */
  readonly cursor?: string;
}

/** How long a caller waits when nothing else was said. */
const DEFAULT_WAIT_MS = 10 * 60_000;
const DEFAULT_SHUTDOWN_MS = 30_000;

/**
 * Moves money over mobile-money operators, exactly once, and always says whether it moved.
 *
 * What throws has sent nothing. What was stored comes back as a {@link Payment}, whose `status` and `moneyMoved` say what is
 * known; from then on the bridge finds out the rest by itself, also after a crash.
 *
 * Any number of processes may run a bridge on one journal.
 */
export class MMOBridge {
  readonly #settings: CheckedSettings;
  readonly #ledger: PaymentLedger;
  readonly #router: Router;
  readonly #driver: Driver;
  readonly #acceptance: Acceptance;
  readonly #desk: CallbackDesk;
  readonly #loop: DueLoop<Held>;
  readonly #owner: string;
  readonly #inFlight = new Set<Promise<unknown>>();
  #state: 'new' | 'running' | 'closing' | 'closed' = 'new';

  /** @throws ConfigError naming the field that is not usable. */
  constructor(settings: BridgeSettings) {
    const checked = checkSettings(settings);
    const { environment, policy, journal, memory } = checked;
    this.#settings = checked;
    this.#ledger = new PaymentLedger({
      journal,
      ...environment,
      journalTimeoutMs: policy.journalTimeoutMs,
      onPaid: (record) => this.#remember(record),
    });
    this.#router = new Router({
      ...environment,
      providers: checked.providers,
      policy: checked.routing,
      rateLimiter: checked.rateLimiter,
      safety: journal.safety,
    });
    this.#driver = new Driver({ ...checked, ledger: this.#ledger, router: this.#router });
    this.#owner = `bridge-${Buffer.from(environment.random.bytes(6)).toString('hex')}`;
    const parts = { ...environment, policy, memory, ledger: this.#ledger, driver: this.#driver, router: this.#router };
    this.#acceptance = new Acceptance(parts);
    this.#loop = new DueLoop<Held>({
      ...environment,
      ...policy,
      claim: (limit) => this.#claim(limit),
      drive: (held) => this.#driver.drive(held),
      describe: ({ record }) => ({ transactionId: record.transactionId }),
      track: (work) => this.#track(work),
    });
    this.#desk = new CallbackDesk({ ...parts, table: this.#router.table, onHint: () => this.#loop.wake() });
  }

  /**
   * Begins to take payments and to drive those that are open, also the ones that another process left behind.
   * @throws JournalError when the journal cannot be read.
   */
  async initialize(): Promise<void> {
    if (this.#state !== 'new') return;
    await this.#ledger.claimDue(this.#owner, this.#settings.policy.leaseMs, 0);
    this.#router.noteSafety();
    this.#state = 'running';
    this.#loop.start();
    for (const provider of this.#settings.providers) {
      if (provider.prepare !== undefined) void this.#track(this.#prepare(provider));
    }
  }

  async #claim(limit: number): Promise<readonly Held[]> {
    await this.#driver.disown();
    const held = limit > 0 ? await this.#ledger.claimDue(this.#owner, this.#settings.policy.leaseMs, limit) : [];
    this.#router.noteSafety();
    return held;
  }

  /** A provider that cannot be made ready now says so again when it is asked to send. */
  async #prepare(provider: MobileMoneyProvider): Promise<void> {
    const { environment, policy } = this.#settings;
    const deadline = { timeoutMs: policy.queryTimeoutMs, what: 'A preparation' };
    try {
      await withDeadline(environment.clock, deadline, async (signal) =>
        provider.prepare?.({ timeoutMs: policy.queryTimeoutMs, signal }),
      );
    } catch (error) {
      environment.logger.warn({ provider: provider.name, error: knownPart(error) }, 'a provider is not ready yet');
    }
  }

  /**
   * Takes a payment: checks it, stores it, sends it once, and says what is known.
   *
   * The same `transactionId` with the same request returns the stored payment and sends nothing.
   * `timeoutMs` and `signal` end the waiting, not the payment.
   * @throws InvalidRequestError, naming the field; IdempotencyConflictError for the same id with another request;
   * JournalError when it could not be stored; NotAcceptingError before `initialize` and during `shutdown`. Nothing was sent
   * then. DeadlineError or AbortedError when the waiting ended early; ask `getTransaction` then.
   */
  async initiateTransaction(request: TransactionRequest, options: CallOptions = {}): Promise<Payment> {
    this.#assertAccepting();
    const checked = checkRequest(request);
    const record = await this.#answer(this.#take(checked), options);
    if (record === undefined) throw new JournalError('A reference of the payment is taken.', 'no');
    return viewPayment(record);
  }

  /**
   * Takes many payments with bounded concurrency: `for await (const result of bridge.initiateBatch(lines)) …`.
   * Reads the input only as fast as it can work. A batch that was broken off, by a crash too, is run again from the start: the
   * same ids move nothing twice.
   * @throws AbortedError at the end, when the signal ended it early.
   */
  initiateBatch(
    requests: Iterable<TransactionRequest> | AsyncIterable<TransactionRequest>,
    options: BatchOptions = {},
  ): AsyncGenerator<BatchResult, void, undefined> {
    return initiateEach(requests, (request) => this.initiateTransaction(request), options);
  }

  /**
   * Gives a collection back, whole or in part, over the provider that took it. The refund is a payment of its own; the original
   * stays `succeeded`. Refunds of one original never add up to more than it was.
   * @throws As {@link initiateTransaction}; UnsupportedError where the operator cannot give back.
   */
  async refundTransaction(request: RefundRequest, options: CallOptions = {}): Promise<Payment> {
    this.#assertAccepting();
    const checked = checkRefund(request);
    const record = await this.#answer(this.#acceptance.refund(checked), options);
    return viewPayment(record);
  }

  /**
   * A dry run: whose wallet it is, every candidate with its score, and why. Nothing is stored, asked or sent.
   * @throws InvalidRequestError, as {@link initiateTransaction} would.
   */
  async planRoute(request: TransactionRequest): Promise<RoutePlan> {
    const { record, choice } = await this.#track(this.#acceptance.prepare(checkRequest(request)));
    return describePlan(record, choice, this.#router);
  }

  /**
   * Whether a wallet exists and, where the operator tells, whose it is.
   * @throws UnsupportedError where no configured provider can ask that operator.
   */
  lookupAccount(question: AccountQuestion, options?: CallOptions): Promise<AccountFinding> {
    const { memory, environment } = this.#settings;
    return this.#track(
      lookupAccount(question, { table: this.#router.table, memory, clock: environment.clock }, options),
    );
  }

  /** Our own accounts at all providers, or at one; what a provider cannot tell comes as an error beside the others. */
  balance(provider?: string, options?: CallOptions): Promise<readonly BalanceFinding[]> {
    return this.#track(balances(this.#router.table, provider, options));
  }

  /**
   * Compares an operator's statement with the records. What it proves to be paid and is still open becomes `succeeded`; what
   * differs is listed and left alone.
   */
  reconcile(statement: Statement): Promise<ReconciliationReport> {
    const { clock } = this.#settings.environment;
    const contextOf = (record: PaymentRecord): PlanContext => this.#driver.context(record);
    return this.#track(reconcile(statement, { ledger: this.#ledger, clock, contextOf }));
  }

  /**
   * Ends a payment in `review` as a person has decided, with who it was and what it rests on.
   * @throws InvalidTransitionError when it is not in `review`; NotFoundError.
   */
  async resolveTransaction(transactionId: string, decision: Decision): Promise<Payment> {
    const record = await this.#mustRead(transactionId);
    const decided = await this.#ledger.update(record, `decided by a person: ${decision.status}`, (latest) => {
      if (latest.status === 'review') return decide(latest, decision, this.#driver.context(latest));
      throw new InvalidTransitionError(
        transactionId,
        latest.status,
        decision.status,
        'only what is in review is decided by a person',
      );
    });
    return viewPayment(decided ?? record);
  }

  /** Payments by status, number and time of creation, in the order of creation, page by page. */
  async findTransactions({
    status,
    phoneNumber,
    limit = 100,
    ...span
  }: TransactionSearch = {}): Promise<TransactionPage> {
    const { records, cursor } = await this.#ledger.list({
      ...span,
      limit,
      ...(status === undefined ? {} : { state: status }),
      ...(phoneNumber === undefined ? {} : { tag: phoneTag(parseMsisdn(phoneNumber).msisdn) }),
    });
    return { payments: records.map(viewPayment), ...(cursor === undefined ? {} : { cursor }) };
  }

  /** @throws NotFoundError for an id that was never accepted. */
  async getTransaction(transactionId: string): Promise<Payment> {
    return viewPayment(await this.#mustRead(transactionId));
  }

  /**
   * Resolves when the payment has come to rest: `succeeded`, `failed`, or `review` where a person has to decide.
   * @throws DeadlineError after `timeoutMs` (default ten minutes), AbortedError, NotFoundError.
   */
  async waitForTransaction(transactionId: string, options: CallOptions = {}): Promise<Payment> {
    const { clock } = this.#settings.environment;
    return withDeadline(clock, waitOf(`Payment "${transactionId}"`, options), async (signal) => {
      for (;;) {
        const nudge = new AbortController();
        const stop = this.on('payment.settled', ({ payment }) => {
          if (payment.transactionId === transactionId) nudge.abort();
        });
        try {
          const record = await this.#mustRead(transactionId);
          if (isAtRest(record.status)) return viewPayment(record);
          // Another process may be the one that learns it, so the journal is read again now and then.
          await sleep(clock, this.#settings.policy.tickMs, AbortSignal.any([signal, nudge.signal])).catch(
            () => undefined,
          );
        } finally {
          stop();
        }
        signal.throwIfAborted();
      }
    });
  }

  /**
   * What the payer can be told, in one SMS: how a waiting prompt is approved and when it ends, or why a payment failed and from when a new prompt
   * is safe. In English, French, Swahili or Portuguese: the language of the operator's country, unless `language` (a tag such as `fr-CI`) says
   * otherwise.
   * @throws NotFoundError for an id that was never accepted.
   */
  async guidePayer(transactionId: string, { language }: { readonly language?: string } = {}): Promise<PayerGuidance> {
    return guidanceFor(await this.#mustRead(transactionId), this.#settings.environment.clock.nowMs(), language);
  }

  /**
   * Takes a callback of an operator; mount it under `callbacks.baseUrl` for every method.
   * Answers 200 once what it says is stored, 404 for an unknown address, 400 for rubbish, 503 while the journal is away, so
   * that an operator that repeats does so. Believes nothing: what it says is confirmed by a query.
   */
  async handleCallback(
    request: Request,
    { sourceAddress }: { readonly sourceAddress?: string } = {},
  ): Promise<Response> {
    return this.#track(this.#desk.take(request, sourceAddress));
  }

  /** How each route is doing, by real outcomes in this process; what lies with payers is not counted. */
  health(): readonly RouteReport[] {
    return this.#router.report();
  }

  /** Listens to what happens; returns how to stop. */
  on<Name extends keyof BridgeEvents>(name: Name, listener: (event: BridgeEvents[Name]) => unknown): Unsubscribe {
    return this.#ledger.events.on(name, listener);
  }

  /**
   * Takes no new work, lets what is under way come to its next stored step, and leaves no timer behind.
   * Open payments stay in the journal, for another process or the next start.
   * @throws DeadlineError when something is still under way after `timeoutMs` (default 30 s).
   */
  async shutdown(options: CallOptions = {}): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closing';
    this.#loop.stop();
    const { timeoutMs = DEFAULT_SHUTDOWN_MS } = options;
    await withDeadline(this.#settings.environment.clock, waitOf('Shutdown', { ...options, timeoutMs }), async () => {
      while (this.#inFlight.size > 0) await Promise.allSettled(this.#inFlight);
      await this.#settings.close();
    });
    this.#state = 'closed';
  }

  async #take(checked: CheckedRequest): Promise<PaymentRecord | undefined> {
    const { record } = await this.#acceptance.prepare(checked);
    return this.#acceptance.accept(record);
  }

  /** Only where it can make a difference the next time. */
  #remember(record: PaymentRecord): void {
    if (!this.#router.memoryCounts(record)) return;
    const paidOver = record.attempts.at(-1)?.routeId;
    const route = this.#router.table.candidates(record).find(({ id }) => id === paidOver);
    if (route !== undefined) void this.#track(this.#settings.memory.notePaid(record.msisdn, route.operator));
  }

  async #mustRead(transactionId: string): Promise<PaymentRecord> {
    const record = await this.#ledger.read(transactionId);
    if (record === undefined) throw new NotFoundError(`Transaction "${transactionId}"`);
    return record;
  }

  /** Keeps hold of work under way, so that shutdown can wait for it and nothing is left floating. */
  #track<T>(work: Promise<T>): Promise<T> {
    this.#inFlight.add(work);
    const forget = (): void => void this.#inFlight.delete(work);
    work.then(forget, forget);
    return work;
  }

  /** The answer of what goes on whether or not its caller waits for it. */
  #answer<T>(work: Promise<T>, options: CallOptions): Promise<T> {
    return waitAtMost(this.#settings.environment.clock, waitOf('The answer', options), this.#track(work));
  }

  #assertAccepting(): void {
    if (this.#state === 'running') return;
    const why = this.#state === 'new' ? 'call initialize() first' : 'it is shutting down';
    throw new NotAcceptingError(`The bridge takes no payments: ${why}.`);
  }
}

const waitOf = (what: string, { timeoutMs = DEFAULT_WAIT_MS, signal }: CallOptions): Deadline =>
  signal === undefined ? { what, timeoutMs, moneyMoved: 'maybe' } : { what, timeoutMs, moneyMoved: 'maybe', signal };
