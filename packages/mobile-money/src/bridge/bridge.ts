import {
  type CallOptions,
  IdempotencyConflictError,
  isFinal,
  NotAcceptingError,
  NotFoundError,
  type Payment,
  PaymentError,
  type PaymentRecord,
  sleep,
  type Unsubscribe,
  viewPayment,
  withDeadline,
} from '@canza/core';

import { type RouteReport, Router } from '../routing/router.ts';
import { addressOf, readCallbackRequest } from './callback-request.ts';
import { Driver } from './driver.ts';
import { type BridgeEvents, type Held, isAtRest, PaymentLedger } from './payment-ledger.ts';
import { afterCallback, putOff } from './payment-plan.ts';
import { type BridgeSettings, type CheckedSettings, checkSettings } from './settings.ts';
import { type CheckedRequest, checkRequest, type TransactionRequest } from './transaction-request.ts';

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
  readonly #owner: string;
  readonly #inFlight = new Set<Promise<unknown>>();
  #state: 'new' | 'running' | 'closing' | 'closed' = 'new';
  #cancelTick: (() => void) | undefined;
  #ticking = false;
  #driven = 0;

  /** @throws ConfigError naming the field that is not usable. */
  constructor(settings: BridgeSettings) {
    const checked = checkSettings(settings);
    const { environment, policy, journal } = checked;
    this.#settings = checked;
    this.#ledger = new PaymentLedger({ journal, ...environment, journalTimeoutMs: policy.journalTimeoutMs });
    this.#router = new Router({
      ...environment,
      providers: checked.providers,
      policy: checked.routing,
      rateLimiter: checked.rateLimiter,
      safety: journal.safety,
    });
    this.#driver = new Driver({ ...checked, ledger: this.#ledger, router: this.#router });
    this.#owner = `bridge-${Buffer.from(environment.random.bytes(6)).toString('hex')}`;
  }

  /**
   * Begins to take payments and to drive those that are open, also the ones that another process left behind.
   * @throws JournalError when the journal cannot be read.
   */
  async initialize(): Promise<void> {
    if (this.#state !== 'new') return;
    await this.#ledger.claimDue(this.#owner, this.#settings.policy.leaseMs, 0);
    this.#state = 'running';
    this.#wake();
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
    const fresh = this.#prepare(checked);
    const record = await this.#wait('The answer', this.#track(this.#accept(fresh)), options);
    return viewPayment(record);
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
    return this.#wait(`Payment "${transactionId}"`, undefined, options, async (signal) => {
      const { clock } = this.#settings.environment;
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
   * Takes a callback of an operator; mount it under `callbacks.baseUrl` for every method.
   * Answers 200 once what it says is stored, 404 for an unknown address, 400 for rubbish, 503 while the journal is away, so
   * that an operator that repeats does so. Believes nothing: what it says is confirmed by a query.
   */
  async handleCallback(
    request: Request,
    { sourceAddress }: { readonly sourceAddress?: string } = {},
  ): Promise<Response> {
    try {
      return await this.#track(this.#takeCallback(request, sourceAddress));
    } catch (error) {
      const { logger } = this.#settings.environment;
      const known = PaymentError.isInstance(error) ? error : undefined;
      if (known?.code === 'INVALID_CALLBACK') {
        this.#ignoreCallback(undefined, known.message);
        return new Response(null, { status: 400 });
      }
      logger.error({ error: known?.toJSON() ?? 'UNFORESEEN' }, 'a callback could not be taken');
      return new Response(null, { status: 503 });
    }
  }

  /** How each route is doing, by real outcomes in this process; what lies with payers is not counted. */
  health(): readonly RouteReport[] {
    return this.#router.report();
  }

  /** Listens to what happens; returns how to stop. */
  on<Name extends keyof BridgeEvents>(name: Name, listener: (event: BridgeEvents[Name]) => void): Unsubscribe {
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
    this.#cancelTick?.();
    const { timeoutMs = DEFAULT_SHUTDOWN_MS } = options;
    await this.#wait('Shutdown', undefined, { ...options, timeoutMs }, async () => {
      while (this.#inFlight.size > 0) await Promise.allSettled(this.#inFlight);
      await this.#settings.close();
    });
    this.#state = 'closed';
  }

  /** The record as it is before anything is stored: version 0. */
  #prepare({ money, operator, ...stored }: CheckedRequest): PaymentRecord {
    const { operators } = this.#router.walletsOf(stored, money, operator);
    const nowMs = this.#settings.environment.clock.nowMs();
    return {
      ...stored,
      operators,
      version: 0,
      status: 'created',
      moneyMoved: 'no',
      attempts: [],
      evidence: [],
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
      dueAtMs: nowMs,
    };
  }

  /** Stores a new payment, with its first attempt where one can be made now, and sends it. */
  async #accept(fresh: PaymentRecord): Promise<PaymentRecord> {
    const admitted = await this.#driver.admit(fresh);
    const deferred = 'retryAfterMs' in admitted;
    const first = deferred
      ? putOff(fresh, admitted.retryAfterMs, admitted.why, this.#driver.context(fresh))
      : this.#driver.begin(fresh, admitted, 1);
    let present: PaymentRecord | undefined;
    const isNew = await this.#driver.store(first, async () => {
      present = await this.#ledger.insert(
        first,
        deferred ? 'accepted; put off' : `accepted; sending over ${admitted.id}`,
      );
      return present === undefined;
    });
    if (isNew) return deferred ? first : this.#driver.send(first);
    if (present?.fingerprint !== first.fingerprint) throw new IdempotencyConflictError(first.transactionId);
    return present;
  }

  async #takeCallback(request: Request, sourceAddress: string | undefined): Promise<Response> {
    const token = addressOf(request)?.token;
    const record = token === undefined ? undefined : await this.#ledger.findByCallback(token);
    const attempt = record?.attempts.find(({ callbackToken }) => callbackToken === token);
    const provider = attempt === undefined ? undefined : this.#router.table.providerOf(attempt.provider);
    if (record === undefined || attempt === undefined || provider === undefined) {
      this.#ignoreCallback(record?.transactionId, 'no payment has that address');
      return new Response(null, { status: 404 });
    }
    const report = provider.readCallback(await readCallbackRequest(request, sourceAddress));
    const answer = new Response(report.acknowledgement.body, {
      headers: { 'content-type': report.acknowledgement.contentType },
    });
    const says = `a callback says: ${report.finding.status}`;
    const written = await this.#ledger.update(record, says, (latest) =>
      afterCallback(latest, attempt.number, report, this.#driver.context(latest)),
    );
    if (written !== undefined && isFinal(written.status)) {
      const agrees = written.status === report.finding.status;
      this.#ignoreCallback(written.transactionId, `${says}, and the payment is ${written.status} already`, agrees);
    }
    this.#wake();
    return answer;
  }

  #ignoreCallback(transactionId: string | undefined, why: string, harmless = true): void {
    const { logger } = this.#settings.environment;
    if (harmless) logger.info({ transactionId, why }, 'a callback changed nothing');
    else logger.error({ transactionId, why }, 'a callback contradicts what is proven');
    this.#ledger.events.emit('callback.ignored', { transactionId, why });
  }

  /** Looks for due payments now, and again every `tickMs`. */
  #wake(): void {
    if (this.#state !== 'running') return;
    this.#cancelTick?.();
    this.#cancelTick = this.#settings.environment.clock.setTimer(0, () => void this.#track(this.#tick()));
  }

  async #tick(): Promise<void> {
    if (this.#ticking || this.#state !== 'running') return;
    this.#ticking = true;
    const { policy, environment } = this.#settings;
    try {
      await this.#driver.disown();
      const room = policy.concurrency - this.#driven;
      const held = room > 0 ? await this.#ledger.claimDue(this.#owner, policy.leaseMs, room) : [];
      for (const each of held) void this.#track(this.#drive(each));
    } catch (error) {
      const known = PaymentError.isInstance(error) ? error.toJSON() : 'UNFORESEEN';
      environment.logger.warn({ error: known }, 'due payments could not be claimed; trying again');
    } finally {
      this.#ticking = false;
      if (this.#state === 'running') {
        this.#cancelTick?.();
        this.#cancelTick = environment.clock.setTimer(policy.tickMs, () => void this.#track(this.#tick()));
      }
    }
  }

  async #drive(held: Held): Promise<void> {
    this.#driven += 1;
    try {
      await this.#driver.drive(held);
    } catch (error) {
      const known = PaymentError.isInstance(error) ? error.toJSON() : 'UNFORESEEN';
      const { transactionId } = held.record;
      this.#settings.environment.logger.error(
        { transactionId, error: known },
        'a payment could not be driven; it stays due',
      );
    } finally {
      this.#driven -= 1;
    }
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

  async #wait<T>(
    what: string,
    work: Promise<T> | undefined,
    { timeoutMs = DEFAULT_WAIT_MS, signal }: CallOptions,
    run: (signal: AbortSignal) => Promise<T> = () => work as Promise<T>,
  ): Promise<T> {
    const deadline = { what, timeoutMs, moneyMoved: 'maybe', ...(signal === undefined ? {} : { signal }) } as const;
    return withDeadline(this.#settings.environment.clock, deadline, run);
  }

  #assertAccepting(): void {
    if (this.#state === 'running') return;
    const why = this.#state === 'new' ? 'call initialize() first' : 'it is shutting down';
    throw new NotAcceptingError(`The bridge takes no payments: ${why}.`);
  }
}
