import {
  type Attempt,
  attemptReference,
  drawCallbackToken,
  type Environment,
  type Finding,
  JournalError,
  OPERATION_OF,
  PaymentError,
  type PaymentRecord,
  parseMoney,
  type Route,
  withDeadline,
} from '@canza/core';

import type { Held, PaymentLedger } from './payment-ledger.ts';
import {
  afterQuery,
  afterSend,
  beginAttempt,
  giveUp,
  giveUpReply,
  nextStep,
  type PlanContext,
  type SendResult,
  toReview,
} from './payment-plan.ts';
import type { BridgePolicy } from './policy.ts';
import type { RouteTable } from './routing.ts';

export interface DriverSettings {
  readonly ledger: PaymentLedger;
  readonly routes: RouteTable;
  readonly policy: BridgePolicy;
  readonly environment: Environment;
  /** Where operators call back; an attempt's token is appended. No slash at the end. */
  readonly callbackBaseUrl: string;
}

/** What ties a fact to the latest version of a record. */
type Change = (latest: PaymentRecord) => PaymentRecord;

/** A guard behind the providers' own deadlines, for one that does not keep them. */
const GUARD_MS = 5000;

/** Carries out what the plan says: the only place from which money is sent. */
export class Driver {
  readonly #settings: DriverSettings;
  readonly #disowned = new Map<string, PaymentRecord>();

  constructor(settings: DriverSettings) {
    this.#settings = settings;
  }

  context(record: PaymentRecord): PlanContext {
    const { policy, environment, routes } = this.#settings;
    return { nowMs: environment.clock.nowMs(), policy, routes: routes.candidates(record) };
  }

  /** Adds the attempt with which a payment begins; the caller stores the record and then calls {@link send}. */
  begin(record: PaymentRecord, route: Route, number: number): PaymentRecord {
    const context = this.context(record);
    const attempt: Attempt = {
      number,
      routeId: route.id,
      provider: route.provider,
      reference: attemptReference(record.transactionId, number),
      callbackToken: drawCallbackToken(this.#settings.environment.random),
      startedAtMs: context.nowMs,
      moneyMoved: 'maybe',
      references: {},
      queries: 0,
    };
    return beginAttempt(record, attempt, context);
  }

  /**
   * Sends the last attempt of a stored record, once, and stores what came of it.
   * Whoever calls this has just written that attempt himself: nobody else may send it.
   */
  async send(record: PaymentRecord): Promise<PaymentRecord> {
    const attempt = record.attempts.at(-1);
    const route = this.#routeOf(record, attempt);
    if (attempt === undefined || route === undefined) return record;
    const result = await this.#settle(this.#settings.policy.submitTimeoutMs, 'A send', (options) =>
      this.#providerOf(route)[OPERATION_OF[record.type]](
        {
          route,
          reference: attempt.reference,
          money: parseMoney(record.amount, record.currency),
          msisdn: record.msisdn,
          callbackUrl: this.#callbackUrl(attempt),
          ...(record.description === undefined ? {} : { description: record.description }),
          ...(record.accountReference === undefined ? {} : { accountReference: record.accountReference }),
        },
        options,
      ),
    );
    const note =
      'finding' in result ? `the operator answered: ${result.finding.status}` : `no answer: ${nameOf(result.error)}`;
    const { ledger, policy } = this.#settings;
    const learn: Change = (latest) => afterSend(latest, attempt.number, result, this.context(latest));
    // Written without the fence: whoever holds the lease by now does not know what the operator told us.
    const written = await ledger.insist(policy.storeAnswerForMs, () => ledger.update(record, note, learn));
    return written ?? record;
  }

  /**
   * Stores an attempt, insisting while the journal is away, and says whether it may now be sent.
   * Where the journal never confirms, it is not sent; as the write may have landed all the same, {@link disown} takes it back
   * as soon as the journal can be reached.
   */
  async store(begun: PaymentRecord, write: () => Promise<boolean>): Promise<boolean> {
    try {
      return await this.#settings.ledger.insist(this.#settings.policy.storeAttemptForMs, write);
    } catch (error) {
      this.#disowned.set(begun.transactionId, begun);
      throw error;
    }
  }

  /** Takes back attempts that were never sent because the journal did not confirm them; only this process can know that. */
  async disown(): Promise<void> {
    for (const [id, begun] of this.#disowned) {
      const stored = await this.#settings.ledger.read(id);
      const token = begun.attempts.at(-1)?.callbackToken;
      const number = stored?.attempts.find(({ callbackToken }) => callbackToken === token)?.number;
      if (stored !== undefined && number !== undefined) {
        const error = new JournalError('The journal did not confirm the attempt, so it was not sent.', 'no');
        await this.#settings.ledger.update(stored, 'taken back unsent', (latest) =>
          afterSend(latest, number, { error }, this.context(latest)),
        );
      }
      this.#disowned.delete(id);
    }
  }

  /** Takes one step with a payment that is under our lease, and another as long as they follow at once. */
  async drive(held: Held): Promise<void> {
    const { ledger } = this.#settings;
    const { record, fence } = held;
    const step = nextStep(record, this.context(record));
    const write = (note: string, change: Change, keepLease = false): Promise<PaymentRecord | undefined> =>
      ledger.update(record, note, (latest) => (latest.version === record.version ? change(latest) : latest), {
        fence,
        keepLease,
      });
    switch (step.do) {
      case 'send': {
        const begun = this.begin(record, step.route, step.number);
        const note = `sending over ${step.route.id}`;
        if (await this.store(begun, async () => (await write(note, () => begun, true)) === begun))
          await this.send(begun);
        return;
      }
      case 'query':
        await this.#query(held, step.attempt, step.route);
        return;
      case 'give-up-reply':
        await write('the reply counts as lost', (latest) => giveUpReply(latest, step.attempt, this.context(latest)));
        return;
      case 'review':
        await write('for a person to decide', (latest) => toReview(latest, step.why, this.context(latest)));
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
    const result = await this.#settle(policy.queryTimeoutMs, 'A query', (options) =>
      this.#providerOf(route).query(
        {
          route,
          reference: attempt.reference,
          references: attempt.references,
          money: parseMoney(record.amount, record.currency),
          msisdn: record.msisdn,
          sentAtMs: attempt.startedAtMs,
          callbackUrl: this.#callbackUrl(attempt),
        },
        options,
      ),
    );
    const note = 'finding' in result ? `asked: ${result.finding.status}` : `asked, no answer: ${nameOf(result.error)}`;
    const learn: Change = (latest) => afterQuery(latest, attempt.number, result, this.context(latest));
    await ledger.insist(policy.storeAnswerForMs, () => ledger.update(record, note, learn, { fence }));
  }

  /** Makes a value of whatever a provider does, within the deadline. */
  async #settle(
    timeoutMs: number,
    what: string,
    call: (options: { timeoutMs: number; signal: AbortSignal }) => Promise<Finding>,
  ): Promise<SendResult> {
    const { clock } = this.#settings.environment;
    const deadline = { timeoutMs: timeoutMs + GUARD_MS, what, moneyMoved: 'maybe' } as const;
    try {
      return { finding: await withDeadline(clock, deadline, (signal) => call({ timeoutMs, signal })) };
    } catch (error) {
      return { error };
    }
  }

  #routeOf(record: PaymentRecord, attempt: Attempt | undefined): Route | undefined {
    return this.#settings.routes.candidates(record).find(({ id }) => id === attempt?.routeId);
  }

  #providerOf(route: Route) {
    const provider = this.#settings.routes.providerOf(route.provider);
    if (provider === undefined) throw new Error(`Route ${route.id} names a provider that is not configured.`);
    return provider;
  }

  #callbackUrl(attempt: Attempt): string {
    return `${this.#settings.callbackBaseUrl}/${attempt.callbackToken}`;
  }
}

const nameOf = (error: unknown): string => (PaymentError.isInstance(error) ? error.code : 'UNFORESEEN');
