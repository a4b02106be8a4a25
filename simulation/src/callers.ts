import { type Clock, DeadlineError, type Payment, PaymentError } from '@canza/core';
import type { MMOBridge, RefundRequest, TransactionRequest } from '@canza/mobile-money';
import type { HandsetBehaviour } from '@canza/sandbox';

import type { Chance } from './chance.ts';
import type { Knobs } from './knobs.ts';
import type { Ways } from './operators/index.ts';
import type { PlayedOperator } from './operators/operator.ts';
import type { Processes, RunningProcess } from './processes.ts';
import type { Say } from './trace.ts';
import type { Watch } from './watch/watch.ts';

export interface CallersOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly knobs: Knobs;
  readonly processes: Processes;
  readonly operators: readonly [Ways, ...Ways[]];
  readonly watch: Watch;
  readonly say: Say;
}

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
const MOST_TRIES = 12;
const HANG_UP_MS = 150 * SECOND_MS;

const BEHAVIOURS = [
  'approve',
  'approve',
  'approve',
  'approve',
  'decline',
  'wrong-pin',
  'ignore',
  'unreachable',
  'insufficient-funds',
] as const satisfies readonly HandsetBehaviour[];

/** After these nothing is gained by asking again with the same words. */
const FINAL_CODES = new Set(['IDEMPOTENCY_CONFLICT', 'INVALID_REQUEST', 'UNSUPPORTED', 'NOT_FOUND', 'FOREIGN']);

/** The apps' own code: asks for payments, asks again when it is not answered, and gives some back. */
export class Callers {
  readonly #options: CallersOptions;
  readonly #given: string[] = [];
  readonly #closed = new Set<string>();
  readonly #requests = new Map<string, TransactionRequest>();
  readonly msisdns: string[] = [];

  constructor(options: CallersOptions) {
    this.#options = options;
  }

  /** Plans the payments of a run. */
  begin(): void {
    const { clock, chance, knobs, operators } = this.#options;
    const batched: TransactionRequest[] = [];
    for (let index = 0; index < knobs.payments; index++) {
      const ways = operators[chance.index(operators.length)] ?? operators[0];
      const request = this.#request(index, ways);
      if (chance.happens(knobs.batch)) batched.push(request);
      else this.#plan(request, index);
      if (request.type === 'collection' && chance.happens(knobs.refund)) {
        clock.setTimer(chance.between(HOUR_MS / 4, 2.5 * HOUR_MS), () => this.#giveBack(request, ways[0]));
      }
    }
    if (batched.length > 0) clock.setTimer(chance.between(0, HOUR_MS), () => void this.runBatch(batched));
  }

  /** Asks for a payment, until it is told. */
  pay(request: TransactionRequest): Promise<void> {
    const asking = (bridge: MMOBridge) => bridge.initiateTransaction(request, { timeoutMs: 120 * SECOND_MS });
    return this.#ask(request.transactionId, asking, request.amount);
  }

  /** Asks for a collection to be given back, until it is told. */
  giveBack(request: RefundRequest): Promise<void> {
    const asking = (bridge: MMOBridge) => bridge.refundTransaction(request, { timeoutMs: 120 * SECOND_MS });
    return this.#ask(request.transactionId, asking);
  }

  /** Somebody is not sure that this was taken, and asks for it once more. */
  remind(transactionId: string): void {
    const { clock, chance } = this.#options;
    const request = this.#requests.get(transactionId);
    if (request !== undefined) clock.setTimer(chance.between(0, 60 * SECOND_MS), () => void this.pay(request));
  }

  /** Asks for nothing more under this id: somebody has looked after it. */
  close(transactionId: string): void {
    this.#closed.add(transactionId);
  }

  /** Asks until it is told, a few times, each time whatever process answers. */
  async #ask(id: string, what: (bridge: MMOBridge) => Promise<Payment>, amount?: string): Promise<void> {
    const { clock, chance, processes, watch, say } = this.#options;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const process = processes.any();
      if (this.#closed.has(id)) return;
      if (process !== undefined) {
        const answer = await settled(() => this.#within(what(process.bridge)));
        if ('payment' in answer) {
          this.#take(process, id, answer.payment, amount);
          return;
        }
        watch.shown.see(answer.error);
        const code = PaymentError.isInstance(answer.error) ? answer.error.code : 'FOREIGN';
        say('caller', `${id} meets ${code}`);
        if (code === 'FOREIGN') watch.note(`${id} met an error that is none of ours: ${String(answer.error)}`);
        if (FINAL_CODES.has(code)) return;
      }
      await new Promise<void>((resolve) => void clock.setTimer(chance.between(SECOND_MS, 20 * SECOND_MS), resolve));
    }
  }

  /** A caller hangs up on a process that does not answer. */
  #within<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const hangUp = (): void => reject(new DeadlineError('The answer', HANG_UP_MS, 'maybe'));
      const cancel = this.#options.clock.setTimer(HANG_UP_MS, hangUp);
      answer.then(resolve, reject).finally(cancel);
    });
  }

  #take({ name, life }: RunningProcess, id: string, payment: Payment, amount: string | undefined): void {
    const { watch, say } = this.#options;
    if (!life.isAlive) return;
    say('caller', `${id} is told ${payment.status} by ${name}`);
    watch.told(payment);
    watch.shown.see(payment);
    if (amount !== undefined && payment.amount !== amount && Number(payment.amount) !== Number(amount)) {
      watch.note(`${id} was asked for with another body, and nobody said so`);
    }
  }

  #request(index: number, [operator, ...others]: Ways): TransactionRequest {
    const { chance } = this.#options;
    const msisdn = operator.msisdn(index);
    this.msisdns.push(msisdn);
    const behaviour = chance.pick(BEHAVIOURS);
    for (const each of [operator, ...others]) each.setPhone(msisdn, behaviour);
    const type = operator.types[chance.happens(0.35) ? 1 : 0] ?? 'collection';
    const request: TransactionRequest = {
      transactionId: `order_${index}`,
      type,
      amount: operator.amount(chance.index(600)),
      currency: operator.currency,
      phoneNumber: `+${msisdn}`,
    };
    this.#requests.set(request.transactionId, request);
    return request;
  }

  #plan(request: TransactionRequest, index: number): void {
    const { clock, chance, knobs, operators } = this.#options;
    const pay = (asked: TransactionRequest) => (): void => void this.pay(asked);
    const atMs = chance.between(0, HOUR_MS);
    clock.setTimer(atMs, pay(request));
    // At another process at the same moment, or much later.
    const againMs = chance.happens(0.5) ? atMs + chance.between(0, 2 * SECOND_MS) : chance.between(0, 2 * HOUR_MS);
    if (chance.happens(knobs.repeat)) clock.setTimer(againMs, pay(request));
    if (!chance.happens(knobs.repeat)) return;
    const [operator] = operators.find(([each]) => each.currency === request.currency) ?? operators[0];
    const other = { ...request, amount: operator.amount(2000 + index) };
    clock.setTimer(chance.between(0, 2 * HOUR_MS), () => {
      // What was lost with its body cannot be told from what comes under the same id with another one.
      if (knobs.failovers === 0) void this.pay(other);
    });
  }

  /** Several refunds of one payment at about the same time, by ids of their own: together never more than it was. */
  #giveBack(request: TransactionRequest, operator: PlayedOperator): void {
    const { clock, chance } = this.#options;
    const times = 1 + chance.index(3);
    for (let time = 0; time < times; time++) {
      const id = `refund_${this.#given.length}`;
      this.#given.push(id);
      const part = operator.refunds === 'part' && chance.happens(0.6);
      // No two parts alike: some operators' books tell refunds of one payment apart by nothing else.
      const amount = part ? operator.amount(-3 * chance.index(3) - time) : undefined;
      const refund = { transactionId: id, originalTransactionId: request.transactionId };
      const asked = amount === undefined ? refund : { ...refund, amount };
      clock.setTimer(chance.between(0, SECOND_MS), () => void this.giveBack(asked));
    }
  }

  /** A batch that is broken off half-way, and run again from the start. */
  async runBatch(requests: readonly TransactionRequest[]): Promise<void> {
    const { clock, chance, processes, watch, say } = this.#options;
    for (let run = 0; run < 3; run++) {
      const process = processes.any();
      if (process !== undefined) {
        const abort = new AbortController();
        if (run === 0) clock.setTimer(chance.between(0, 60 * SECOND_MS), () => abort.abort());
        const working = async (): Promise<void> => {
          for await (const result of process.bridge.initiateBatch(requests, { concurrency: 3, signal: abort.signal })) {
            if (result.outcome === 'accepted') this.#take(process, result.transactionId, result.payment, undefined);
            else watch.shown.see(result.error);
            say('batch', `${result.transactionId} ${result.outcome}`);
          }
        };
        const results = await settled(() => this.#within(working()));
        if ('error' in results) watch.shown.see(results.error);
      }
      await new Promise<void>((resolve) => void clock.setTimer(chance.between(SECOND_MS, HOUR_MS / 4), resolve));
    }
  }
}

async function settled<T>(call: () => Promise<T>): Promise<{ readonly payment: T } | { readonly error: unknown }> {
  try {
    return { payment: await call() };
  } catch (error) {
    return { error };
  }
}
