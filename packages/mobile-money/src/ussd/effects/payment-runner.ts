import {
  type Clock,
  isFinal,
  type KeyValueStore,
  type Logger,
  type Payment,
  PaymentError,
  safeCause,
  sleep,
  withDeadline,
} from '@canza/core';
import type { Callers } from '../sessions/callers.ts';
import type { SessionStore } from '../sessions/session-store.ts';
import type { Outbox } from './outbox.ts';
import { outcomeMessage, outcomeOf } from './outcome-texts.ts';
import type { PaymentIntent, PaymentRequest, PaymentStarter } from './payments.ts';

/** Sends one SMS. A repeated `key` is the same message: send it once where you can tell. */
export interface SmsSender {
  send(message: { readonly to: string; readonly text: string; readonly key: string }): Promise<void>;
}

/** What a payer confirmed, as it is told to the app before the payment starts. */
export interface ConfirmedOrder {
  readonly payment: PaymentRequest;
  /** The word that the menu gave it. */
  readonly purpose: string;
  readonly sessionId: string;
  readonly serviceCode: string;
  /** The payer's own number, E.164 with a plus. */
  readonly phoneNumber: string;
  readonly language: string;
  /** Everything that the payer entered, by field. */
  readonly answers: Readonly<Record<string, string>>;
}

export interface PaymentRunnerOptions {
  readonly payments: PaymentStarter;
  readonly store: KeyValueStore;
  readonly prefix: string;
  readonly sessions: SessionStore;
  readonly callers: Callers | undefined;
  readonly outbox: Outbox;
  readonly sms: SmsSender | undefined;
  readonly onConfirmed: ((order: ConfirmedOrder) => Promise<void>) | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly storeTimeoutMs: number;
}

export interface PromisedPayment {
  readonly sessionId: string;
  readonly serviceCode: string;
  readonly phone: string;
  readonly language: string;
  readonly answers: Readonly<Record<string, string>>;
  readonly intent: PaymentIntent;
}

interface TellingRecord {
  readonly phone: string;
  readonly language: string;
  readonly amount: string;
  readonly currency: string;
  readonly description: string;
  readonly told?: string;
}

/** The request itself is refused, and would be again: nothing moved by this try, and what an earlier one did can be looked up. */
const CONFLICT = 'IDEMPOTENCY_CONFLICT';
const REFUSALS: ReadonlySet<string> = new Set(['INVALID_REQUEST', 'UNSUPPORTED', CONFLICT]);
const START_TIMEOUT_MS = 30_000;
const LOOK_UP_TIMEOUT_MS = 5_000;
const SMS_TIMEOUT_MS = 10_000;
/** Another process leaves a promise alone so long after its time: the one that made it is at it. */
const TAKE_OVER_AFTER_MS = 15_000;
/** So long after its last moment a promise counts as never started: no process can still be starting it. */
const GIVE_UP_AFTER_MS = START_TIMEOUT_MS + 30_000;
/** So long after it was first seen without its session, a promise counts as never made: until then that may just be being written. */
const STRIKE_OFF_AFTER_MS = 60_000;
const RETRY_AFTER_MS = [1_000, 3_000, 10_000] as const;
const TOLD_MS = 7 * 24 * 3_600_000;

/** Starts what closing screens promised: once the session is gone, under an id that makes a second start harmless. */
export class PaymentRunner {
  readonly #options: PaymentRunnerOptions;
  readonly #tasks = new Set<Promise<void>>();
  /** Promises that sweeps have seen without a session that makes them, and when first. */
  #unmadeSinceMs: ReadonlyMap<string, number> = new Map();
  readonly #closing = new AbortController();

  constructor(options: PaymentRunnerOptions) {
    this.#options = options;
  }

  /** Notes a promise, so that no crash from now on can forget it. Before the closing screen goes out. */
  async note(sessionId: string): Promise<void> {
    await this.#options.outbox.add(sessionId);
  }

  /** Carries a promise out in the background. */
  start(promised: PromisedPayment): void {
    const task = this.#carryOut(promised)
      .catch((error: unknown) => this.#complain('a promised payment could not be driven', promised, error))
      .finally(() => this.#tasks.delete(task));
    this.#tasks.add(task);
  }

  /** One look at what was promised and is not known to have started, by this process or another. */
  async sweep(): Promise<void> {
    const unmade = new Map<string, number>();
    for (const sessionId of await this.#options.outbox.list()) {
      // One after the other: this runs beside live traffic.
      // oxlint-disable-next-line no-await-in-loop
      if (!(await this.#takeUp(sessionId))) await this.#strikeOff(sessionId, unmade);
    }
    this.#unmadeSinceMs = unmade;
  }

  /** Starts at once what still waits for its moment, and waits for all of it. */
  async shutdown(): Promise<void> {
    this.#closing.abort();
    await this.settled();
  }

  async settled(): Promise<void> {
    while (this.#tasks.size > 0) {
      // A task may have begun another.
      // oxlint-disable-next-line no-await-in-loop
      await Promise.all(this.#tasks);
    }
  }

  /** Tells the payer by SMS what a payment came to; once for each outcome. */
  async tellOutcome(payment: Pick<Payment, 'transactionId' | 'status' | 'receipt'>): Promise<void> {
    const { store, sms, clock, storeTimeoutMs: timeoutMs } = this.#options;
    if (sms === undefined || (!isFinal(payment.status) && payment.status !== 'review')) return;
    const key = this.#tellingKey(payment.transactionId);
    const stored = await store.get(key, { timeoutMs });
    const telling = stored === undefined ? undefined : (JSON.parse(stored.value) as TellingRecord);
    if (stored === undefined || telling === undefined || telling.told === payment.status) return;
    const told = JSON.stringify({ ...telling, told: payment.status });
    const claimed = await store.swap(key, stored.version, told, { ttlMs: TOLD_MS, timeoutMs });
    if (!claimed.swapped) return;
    const text = outcomeMessage(outcomeOf(payment.status), telling.language, { ...telling, receipt: payment.receipt });
    const message = { to: telling.phone, text, key: `${payment.transactionId}:${payment.status}` };
    try {
      await withDeadline(clock, { timeoutMs: SMS_TIMEOUT_MS, what: 'Sending an SMS' }, () => sms.send(message));
    } catch (error) {
      await store.swap(key, claimed.version, stored.value, { ttlMs: TOLD_MS, timeoutMs });
      throw error;
    }
  }

  async #carryOut(promised: PromisedPayment): Promise<void> {
    await this.#prepare(promised);
    await this.#pause(promised.intent.startAtMs - this.#options.clock.nowMs());
    for (let tries = 0; !(await this.#attempt(promised)); tries++) {
      // The rest is left to whoever sweeps next.
      const isTooOld = this.#options.clock.nowMs() > promised.intent.expiresAtMs + 2 * GIVE_UP_AFTER_MS;
      if (this.#closing.signal.aborted || isTooOld) return;
      // oxlint-disable-next-line no-await-in-loop
      await this.#pause(RETRY_AFTER_MS[Math.min(tries, RETRY_AFTER_MS.length - 1)] ?? 0);
    }
  }

  /** Strikes a promise off that no session makes: its closing screen was never stored, so the payer never saw it. */
  async #strikeOff(sessionId: string, unmade: Map<string, number>): Promise<void> {
    const { clock, outbox } = this.#options;
    const sinceMs = this.#unmadeSinceMs.get(sessionId) ?? clock.monotonicMs();
    if (clock.monotonicMs() - sinceMs >= STRIKE_OFF_AFTER_MS) await outbox.remove(sessionId);
    else unmade.set(sessionId, sinceMs);
  }

  /** @returns whether there is a session that makes the promise, or may make it yet. */
  async #takeUp(sessionId: string): Promise<boolean> {
    const { sessions, clock } = this.#options;
    const record = (await sessions.read(sessionId))?.record;
    if (record?.intent === undefined) return record?.status === 'open';
    if (clock.nowMs() < record.intent.startAtMs + TAKE_OVER_AFTER_MS) return true;
    const { phone, language, answers } = record.state;
    const promised = {
      sessionId,
      serviceCode: record.serviceCode,
      phone,
      language,
      answers,
      intent: record.intent,
    };
    await this.#prepare(promised);
    await this.#attempt(promised);
    return true;
  }

  /** Remembers whose payment it is, before anybody can ask. */
  async #prepare({ intent, phone, language, serviceCode }: PromisedPayment): Promise<void> {
    const { store, callers, clock, storeTimeoutMs: timeoutMs } = this.#options;
    const { transactionId, amount, currency, description } = intent.request;
    const telling: TellingRecord = { phone, language, amount, currency, description };
    const recent = { transactionId, amount, currency, description, confirmedAtMs: clock.nowMs() };
    try {
      await Promise.all([
        store.swap(this.#tellingKey(transactionId), 0, JSON.stringify(telling), { ttlMs: TOLD_MS, timeoutMs }),
        callers?.notePayment(serviceCode, phone, recent),
      ]);
    } catch (error) {
      // The payment matters more than its SMS.
      this.#options.logger.warn({ transactionId, cause: safeCause(error) }, 'a payment will not be told to its payer');
    }
  }

  /** One try. Whether nothing is left to do. */
  async #attempt(promised: PromisedPayment): Promise<boolean> {
    const { payments, onConfirmed, clock, logger } = this.#options;
    const { intent, sessionId } = promised;
    const { transactionId } = intent.request;
    if (clock.nowMs() > intent.expiresAtMs) return this.#giveUp(promised);
    try {
      const work = async (signal: AbortSignal): Promise<Payment> => {
        await onConfirmed?.(orderOf(promised));
        // Nobody waits for this try any more: another one may be at it, or the payer was told that nothing moves.
        signal.throwIfAborted();
        return payments.initiateTransaction(intent.request);
      };
      const started = await withDeadline(clock, { timeoutMs: START_TIMEOUT_MS, what: 'Starting a payment' }, work);
      logger.info({ transactionId, status: started.status }, 'a payment was started from a session');
      await this.#finish(sessionId, started);
      return true;
    } catch (error) {
      this.#complain('a payment could not be started', promised, error);
      return PaymentError.isInstance(error) && REFUSALS.has(error.code)
        ? this.#endRefused(promised, error.code)
        : false;
    }
  }

  /** A refusal of this try says nothing of an earlier one under the same id, whose answer may have been lost. */
  async #endRefused({ sessionId, intent }: PromisedPayment, code: string): Promise<boolean> {
    const { transactionId } = intent.request;
    const payment = await this.lookUp(transactionId);
    if (payment === 'unavailable' || (payment === undefined && code === CONFLICT)) return false;
    await this.#finish(sessionId, payment ?? { transactionId, status: 'failed' });
    return true;
  }

  /** The promise is kept, or can never be: off the list, and told. What fails here changes nothing about the money. */
  async #finish(sessionId: string, outcome: Pick<Payment, 'transactionId' | 'status' | 'receipt'>): Promise<void> {
    const { outbox, logger } = this.#options;
    try {
      await outbox.remove(sessionId);
      await this.tellOutcome(outcome);
    } catch (error) {
      logger.warn({ transactionId: outcome.transactionId, cause: safeCause(error) }, 'an outcome could not be told');
    }
  }

  /** Too late to start. Says so only once it is certain that nobody did. */
  async #giveUp(promised: PromisedPayment): Promise<boolean> {
    const { clock, logger } = this.#options;
    const { intent, sessionId } = promised;
    const { transactionId } = intent.request;
    const payment = await this.lookUp(transactionId);
    if (payment === 'unavailable') return false;
    if (payment === undefined && clock.nowMs() < intent.expiresAtMs + GIVE_UP_AFTER_MS) return false;
    if (payment === undefined) logger.error({ transactionId }, 'a confirmed payment was never started: nothing moved');
    await this.#finish(sessionId, payment ?? { transactionId, status: 'failed' });
    return true;
  }

  /** What became of a payment; `undefined` when it was never started. */
  async lookUp(transactionId: string, timeoutMs = LOOK_UP_TIMEOUT_MS): Promise<Payment | undefined | 'unavailable'> {
    const { payments, clock } = this.#options;
    try {
      return await withDeadline(clock, { timeoutMs, what: 'Looking up a payment' }, () =>
        payments.getTransaction(transactionId),
      );
    } catch (error) {
      return PaymentError.isInstance(error) && error.code === 'NOT_FOUND' ? undefined : 'unavailable';
    }
  }

  async #pause(delayMs: number): Promise<void> {
    if (delayMs <= 0) return;
    try {
      await sleep(this.#options.clock, delayMs, this.#closing.signal);
    } catch {
      // Shutting down: what waited goes on at once.
    }
  }

  #tellingKey(transactionId: string): string {
    return `${this.#options.prefix}${transactionId}`;
  }

  #complain(message: string, { intent }: PromisedPayment, error: unknown): void {
    this.#options.logger.error({ transactionId: intent.request.transactionId, cause: safeCause(error) }, message);
  }
}

const orderOf = ({ sessionId, serviceCode, phone, language, answers, intent }: PromisedPayment): ConfirmedOrder => ({
  payment: intent.request,
  purpose: intent.purpose,
  sessionId,
  serviceCode,
  phoneNumber: phone,
  language,
  answers,
});
