import {
  type Attempt,
  attemptReference,
  type CurrencyCode,
  decimalsNeeded,
  drawCallbackToken,
  type Environment,
  type Finding,
  JournalError,
  OPERATION_OF,
  type Original,
  type OriginalPayment,
  PaymentError,
  type PaymentRecord,
  parseMoney,
  type Route,
  type SubmitRequest,
  withDeadline,
} from '@canza/core';
import type { PutOff, Router } from '../routing/router.ts';
import { type AttemptAge, AttemptAges } from './attempt-ages.ts';
import { lookUpInstead, lookUpNext, MAY_BE_LOST } from './forgotten-attempts.ts';
import { afterQuery, afterSend, type SendResult } from './payment-learning.ts';
import { type Held, isAtRest, type PaymentLedger } from './payment-ledger.ts';
import { beginAttempt, giveUp, giveUpReply, nextStep, type PlanContext, putOff, toReview } from './payment-plan.ts';
import type { BridgePolicy } from './policy.ts';
import { beginAgain, lastSentAtMs } from './resend.ts';

export interface DriverSettings {
  readonly ledger: PaymentLedger;
  readonly router: Router;
  readonly policy: BridgePolicy;
  readonly environment: Environment;
  /** Where operators call back; an attempt's token is appended. No slash at the end. */
  readonly callbackBaseUrl: string;
}

/** What ties a fact to the latest version of a record. */
type Change = (latest: PaymentRecord) => PaymentRecord;

/** A guard behind the providers' own deadlines, for one that does not keep them. */
const GUARD_MS = 5000;

/** For how long a write that the journal never confirmed is watched for. */
const DISOWN_FOR_MS = 10 * 60_000;
const DISOWNED_AT_ONCE = 16;

/** Carries out what the plan says: the only place from which money is sent. */
export class Driver {
  readonly #settings: DriverSettings;
  readonly #disowned = new Map<string, PaymentRecord>();
  readonly #ages: AttemptAges;

  constructor(settings: DriverSettings) {
    this.#settings = settings;
    this.#ages = new AttemptAges(settings.environment.clock);
  }

  context(record: PaymentRecord): PlanContext {
    const { policy, environment, router } = this.#settings;
    const needed = decimalsNeeded(record.amount);
    const candidates = router.table.candidates(record);
    const fits = ({ decimals }: Route): boolean => decimals >= needed;
    const routes = candidates.every(fits) ? candidates : candidates.filter(fits);
    return {
      nowMs: environment.clock.nowMs(),
      policy,
      routes,
      mayHaveForgotten: router.mayHaveForgotten,
      ageOf: this.#ageOf,
      drawToken: this.#drawToken,
    };
  }

  readonly #ageOf = (attempt: Attempt): AttemptAge => this.#ages.of(attempt);

  readonly #drawToken = ({ transactionId, attempts }: PaymentRecord): string =>
    drawCallbackToken(this.#settings.environment.random, transactionId, attempts.length + 1);

  /** The same, with the routes in the order in which they are doing: for steps that choose one. */
  choice(record: PaymentRecord, explore = false): PlanContext {
    const context = this.context(record);
    if (context.routes.length < 2) return context;
    const ranked = this.#settings.router.ranked(record, explore).map(({ route }) => route);
    return { ...context, routes: ranked.filter((route) => context.routes.includes(route)) };
  }

  /** Whether nothing may be sent for it, because the journal may have forgotten that something was. */
  isHeldBack(record: PaymentRecord): boolean {
    const { router } = this.#settings;
    // Other refunds of the same payment may be among what was lost: together they might come to more than it was.
    return record.original === undefined ? router.isHeldBack(this.context(record).routes) : router.mayHaveForgotten;
  }

  /** The route over which a new record goes first, or why none can be used now. */
  admit(record: PaymentRecord): Promise<Route | PutOff> {
    const step = nextStep(record, this.choice(record, true));
    return this.#settings.router.admit(step.do === 'send' ? step.routes : []);
  }

  /** Adds the attempt with which a payment begins; the caller stores the record and then calls {@link send}. */
  begin(record: PaymentRecord, route: Route, number: number): PaymentRecord {
    const context = this.context(record);
    const attempt: Attempt = {
      number,
      routeId: route.id,
      provider: route.provider,
      reference: this.#referenceFor(record, route, number),
      callbackToken: this.#drawToken(record),
      startedAtMs: context.nowMs,
      moneyMoved: 'maybe',
      references: {},
      queries: 0,
      // The journal may have lost that it went out: what the operator refuses now proves nothing then.
      ...(this.#settings.router.mayHaveForgotten ? { sentAgain: { times: 1, lastAtMs: context.nowMs } } : {}),
    };
    this.#ages.of(attempt);
    return beginAttempt(record, attempt, context);
  }

  /**
   * An operator that takes a reference once is offered the same one again where the last request never left: a journal that has forgotten how
   * often that was would otherwise have it pay under two.
   */
  #referenceFor({ transactionId, attempts }: PaymentRecord, route: Route, number: number): string {
    const last = attempts.at(-1);
    const again = route.deduplicates && last?.outcome === 'never-left' && last.routeId === route.id;
    return again ? last.reference : attemptReference(transactionId, number);
  }

  /**
   * Sends the last attempt of a stored record, once, and stores what came of it.
   * Whoever calls this has just written that attempt himself: nobody else may send it.
   */
  async send(record: PaymentRecord): Promise<PaymentRecord> {
    const attempt = record.attempts.at(-1);
    const route = this.#routeOf(record, attempt);
    if (attempt === undefined || route === undefined) return record;
    const { submitTimeoutMs } = this.#settings.policy;
    const byWallClockMs = this.#settings.environment.clock.nowMs() - lastSentAtMs(attempt);
    if (Math.max(byWallClockMs, this.#ages.of(attempt).sinceLastSendMs) > submitTimeoutMs) {
      // Others may count the reply as lost by now, and conclude from the operator's not knowing it.
      return this.#takeBack(record, attempt.number, 'Storing the attempt took too long, so it was not sent.');
    }
    if (this.isHeldBack(record) || (this.#settings.router.mayHaveForgotten && attempt.sentAgain === undefined)) {
      // Found out as the attempt was stored: the same one may be among what the journal has lost, and out there already.
      const learn: Change = (latest) =>
        latest.version === record.version ? lookUpInstead(latest, this.context(latest)) : latest;
      return (await this.#settings.ledger.update(record, 'not sent: it may have been already', learn)) ?? record;
    }
    return this.#submit(record, attempt, route);
  }

  /** Sends the request of an attempt that is stored, and stores what came of it. */
  async #submit(record: PaymentRecord, attempt: Attempt, route: Route): Promise<PaymentRecord> {
    const result = await this.#settle(route, this.#settings.policy.submitTimeoutMs, 'A send', (options) =>
      this.#providerOf(route)[OPERATION_OF[record.type]](
        requestOf(record, attempt, route, this.#callbackUrl(attempt)),
        options,
      ),
    );
    const note =
      'finding' in result ? `the operator answered: ${result.finding.status}` : `no answer: ${nameOf(result.error)}`;
    const { ledger, policy } = this.#settings;
    const learn: Change = (latest) => afterSend(latest, attempt.number, result, this.context(latest));
    // Written without the fence: whoever holds the lease by now does not know what the operator told us.
    const written = await ledger.insist(policy.storeAnswerForMs, () =>
      ledger.update(record, note, learn, { onTaken: this.#taken }),
    );
    return written ?? record;
  }

  /**
   * Stores an attempt, insisting while the journal is away, and returns what the write came to.
   * Where the journal never confirms, the attempt is not sent; as the write may have landed all the same, {@link disown} takes it back
   * as soon as the journal can be reached.
   */
  store<T>(begun: PaymentRecord, write: () => Promise<T>): Promise<T> {
    return this.#settings.ledger.insist(this.#settings.policy.storeAttemptForMs, write).catch((error: unknown) => {
      this.#disowned.set(begun.transactionId, begun);
      throw error;
    });
  }

  /**
   * Takes back attempts that were never sent because the journal did not confirm them; only this process can know that. Looks at a few at a
   * time, those first that have waited longest.
   */
  async disown(): Promise<void> {
    const { clock } = this.#settings.environment;
    for (const [id, begun] of [...this.#disowned].slice(0, DISOWNED_AT_ONCE)) {
      const attempt = begun.attempts.at(-1);
      const stored = await this.#settings.ledger.read(id);
      // A copy of this machine draws the same token; what it has stored it may have sent.
      const landed = stored?.attempts.find(
        (each) => each.callbackToken === attempt?.callbackToken && each.startedAtMs === attempt.startedAtMs,
      );
      if (stored !== undefined && landed !== undefined) {
        await this.#takeBack(stored, landed.number, 'The journal did not confirm the attempt, so it was not sent.');
      }
      if (this.#disowned.get(id) !== begun) continue;
      this.#disowned.delete(id);
      // A write that was held up on its way may still land for a while.
      const isOld = clock.nowMs() - begun.updatedAtMs > DISOWN_FOR_MS;
      if (landed === undefined && !isOld) this.#disowned.set(id, begun);
    }
  }

  async #takeBack(stored: PaymentRecord, number: number, why: string): Promise<PaymentRecord> {
    const error = new JournalError(why, 'no');
    const learn: Change = (latest) => {
      const last = latest.attempts.at(-1);
      const isOpen = !isAtRest(latest.status) && last?.number === number && last.moneyMoved === 'maybe';
      // Not by this process; another one may have sent the same attempt, and the journal have forgotten it.
      return isOpen && this.#settings.router.mayHaveForgotten
        ? lookUpInstead(latest, this.context(latest))
        : afterSend(latest, number, { error }, this.context(latest));
    };
    return (await this.#settings.ledger.update(stored, 'taken back unsent', learn)) ?? stored;
  }

  /** Takes one step with a payment that is under our lease, and another as long as they follow at once. */
  async drive(held: Held): Promise<void> {
    const { ledger } = this.#settings;
    const { record, fence } = held;
    this.#noteAge(record);
    const step = nextStep(record, this.choice(record));
    const write = (note: string, change: Change, beforeSend = false): Promise<PaymentRecord | undefined> =>
      ledger.update(record, note, (latest) => (latest.version === record.version ? change(latest) : latest), {
        fence,
        keepLease: beforeSend,
        beforeSend,
      });
    const { router } = this.#settings;
    if ((step.do === 'send' || step.do === 'fail') && router.mayHaveForgotten) {
      // It may have been sent, or have failed and its caller been told so: nobody asks for it to be sent now.
      const lookedUp = lookUpNext(record, this.context(record));
      if (typeof lookedUp === 'object') {
        await write('not sent: it may have been already', () => lookedUp);
        return;
      }
      if (lookedUp === 'untold' || step.do === 'send') {
        await write('for a person to decide', (latest) => toReview(latest, MAY_BE_LOST, this.context(latest)));
        return;
      }
    }
    switch (step.do) {
      case 'send': {
        const admitted = await router.admit(step.routes);
        if ('retryAfterMs' in admitted) {
          const { retryAfterMs, why } = admitted;
          await write('put off', (latest) => putOff(latest, retryAfterMs, why, this.context(latest)));
          return;
        }
        const begun = this.begin(record, admitted, step.number);
        const note = `sending over ${admitted.id}`;
        if (await this.store(begun, async () => (await write(note, () => begun, true)) === begun))
          await this.send(begun);
        return;
      }
      case 'query':
        await this.#query(held, step.attempt, step.route);
        return;
      case 'send-again': {
        const admitted = await router.admit(router.mayHaveForgotten ? [] : [step.route]);
        if ('retryAfterMs' in admitted) {
          await this.#query(held, step.attempt, step.route);
          return;
        }
        const begun = beginAgain(record, step.attempt, this.context(record));
        this.#noteAge(begun);
        const written = await write(`sending again over ${admitted.id}`, () => begun, true);
        if (written === begun && !router.mayHaveForgotten) await this.send(begun);
        return;
      }
      case 'give-up-reply':
        await write('the reply counts as lost', (latest) => giveUpReply(latest, step.attempt, this.context(latest)));
        return;
      case 'review':
        await write('for a person to decide', (latest) =>
          toReview(latest, step.why, this.context(latest), step.askAgainAtMs),
        );
        return;
      case 'fail':
        await write('given up unsent', (latest) => giveUp(latest, step.reason, step.why, this.context(latest)));
        return;
      case 'wait':
      case 'rest':
        await ledger.release(held);
    }
  }

  async #query({ record, fence }: Held, attempt: Attempt, route: Route): Promise<void> {
    const { policy, ledger } = this.#settings;
    const result = await this.#settle(route, policy.queryTimeoutMs, 'A query', (options) =>
      this.#providerOf(route).query(
        {
          route,
          reference: attempt.reference,
          references: attempt.references,
          money: parseMoney(record.amount, record.currency),
          msisdn: record.msisdn,
          sentAtMs: lastSentAtMs(attempt),
          callbackUrl: this.#callbackUrl(attempt),
          ...(record.accountReference === undefined ? {} : { accountReference: record.accountReference }),
        },
        options,
      ),
    );
    const note = 'finding' in result ? `asked: ${result.finding.status}` : `asked, no answer: ${nameOf(result.error)}`;
    const learn: Change = (latest) => afterQuery(latest, attempt.number, result, this.context(latest));
    await ledger.insist(policy.storeAnswerForMs, () =>
      ledger.update(record, note, learn, { fence, onTaken: this.#taken }),
    );
  }

  /** From now on, time counts for an attempt that may be out there. */
  #noteAge({ attempts }: PaymentRecord): void {
    const last = attempts.at(-1);
    if (last?.moneyMoved === 'maybe') this.#ages.of(last);
  }

  /** Makes a value of whatever a provider does, within the deadline; the router learns from it. */
  async #settle(
    route: Route,
    timeoutMs: number,
    what: string,
    call: (options: { timeoutMs: number; signal: AbortSignal }) => Promise<Finding>,
  ): Promise<SendResult> {
    const { environment, router } = this.#settings;
    const deadline = { timeoutMs: timeoutMs + GUARD_MS, what, moneyMoved: 'maybe' } as const;
    const startedMs = environment.clock.monotonicMs();
    let result: SendResult;
    try {
      result = { finding: await withDeadline(environment.clock, deadline, (signal) => call({ timeoutMs, signal })) };
    } catch (error) {
      result = { error };
    }
    router.learn(route, result, environment.clock.monotonicMs() - startedMs);
    return result;
  }

  /** Two payments cannot have one id at the operator: a person has to look. */
  readonly #taken: Change = (latest) =>
    isAtRest(latest.status)
      ? latest
      : toReview(latest, 'The operator names an id that belongs to another payment.', this.context(latest));

  #routeOf(record: PaymentRecord, attempt: Attempt | undefined): Route | undefined {
    return this.#settings.router.table.candidates(record).find(({ id }) => id === attempt?.routeId);
  }

  #providerOf(route: Route) {
    const provider = this.#settings.router.table.providerOf(route.provider);
    if (provider === undefined) throw new Error(`Route ${route.id} names a provider that is not configured.`);
    return provider;
  }

  #callbackUrl(attempt: Attempt): string {
    return `${this.#settings.callbackBaseUrl}/${attempt.callbackToken}`;
  }
}

/** What a provider is to send. */
function requestOf(record: PaymentRecord, { reference }: Attempt, route: Route, callbackUrl: string): SubmitRequest {
  const { msisdn, description, accountReference, original } = record;
  const money = parseMoney(record.amount, record.currency);
  const request: SubmitRequest = { route, reference, money, msisdn, callbackUrl };
  if (description === undefined && accountReference === undefined && original === undefined) return request;
  return {
    ...request,
    ...(description === undefined ? {} : { description }),
    ...(accountReference === undefined ? {} : { accountReference }),
    ...(original === undefined ? {} : { original: originalOf(original, record.currency) }),
  };
}

const originalOf = (original: Original, currency: CurrencyCode): OriginalPayment => ({
  reference: original.reference,
  references: original.references,
  money: parseMoney(original.amount, currency),
  ...(original.receipt === undefined ? {} : { receipt: original.receipt }),
});

const nameOf = (error: unknown): string => (PaymentError.isInstance(error) ? error.code : 'UNFORESEEN');
