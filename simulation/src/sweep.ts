import type { TransactionRequest } from '@canza/mobile-money';

import { CALM } from './knobs.ts';
import type { Ways } from './operators/index.ts';
import { playMpesa } from './operators/mpesa.ts';
import { playMomo } from './operators/mtn-momo.ts';
import { type Scenario, World } from './world.ts';

const MINUTE_MS = 60_000;

/** How a payment ended whose process died at one of its steps. */
export interface SweepResult {
  /** Before or after which port call. */
  readonly diedAt: string;
  readonly violations: readonly string[];
  /** By payment: the status, and how often its money moved. */
  readonly ends: Readonly<Record<string, string>>;
}

const payment = (ways: Ways, type: 'collection' | 'disbursement', id = 'order_1'): TransactionRequest => ({
  transactionId: id,
  type,
  amount: ways[0].amount(1),
  currency: ways[0].currency,
  phoneNumber: `+${ways[0].msisdn(Number(id.split('_')[1]))}`,
});

const firstOf = (all: readonly Ways[]): Ways => {
  const [ways] = all;
  if (ways === undefined) throw new Error('The scenario has an operator.');
  return ways;
};

/** Every kind of payment, with nothing going wrong but the death of its process. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'a collection over M-Pesa': {
    play: (ports) => [[playMpesa(ports)]],
    begin: ({ callers, ways }) => void callers.pay(payment(firstOf(ways), 'collection')),
  },
  'a collection over MTN MoMo': {
    play: (ports) => [[playMomo('mtn-momo', ports)]],
    begin: ({ callers, ways }) => void callers.pay(payment(firstOf(ways), 'collection')),
  },
  'a payout over M-Pesa': {
    play: (ports) => [[playMpesa(ports)]],
    begin: ({ callers, ways }) => void callers.pay(payment(firstOf(ways), 'disbursement')),
  },
  'a payout that goes another way, because the first one is closed': {
    play(ports) {
      const [first, second] = [playMomo('mtn-momo', ports), playMomo('mtn-second', ports)];
      for (const { faults } of [first, second]) faults.add({ stage: 'submit', kind: 'throttled' });
      return [[first, second]];
    },
    begin: ({ callers, ways }) => void callers.pay(payment(firstOf(ways), 'disbursement')),
  },
  'a collection that is given back': {
    play: (ports) => [[playMomo('mtn-momo', ports)]],
    begin({ callers, clock, ways }) {
      void callers.pay(payment(firstOf(ways), 'collection'));
      const refund = { transactionId: 'refund_1', originalTransactionId: 'order_1' };
      clock.setTimer(20 * MINUTE_MS, () => void callers.giveBack(refund));
    },
  },
  'a batch': {
    play: (ports) => [[playMomo('mtn-momo', ports)]],
    begin: ({ callers, ways }) =>
      void callers.runBatch(['order_1', 'order_2', 'order_3'].map((id) => payment(firstOf(ways), 'disbursement', id))),
  },
  'a payment from a USSD menu': {
    knobs: { phones: 1 },
    play: (ports) => [[playMpesa(ports)]],
    begin: () => undefined,
  },
  'settlements that share a transaction': {
    knobs: { settlements: 3 },
    play: (ports) => [[playMomo('mtn-momo', ports)]],
    begin: () => undefined,
  },
  'settlements that share a transaction on Aptos': {
    knobs: { settlements: 3, chain: 'aptos' },
    play: (ports) => [[playMomo('mtn-momo', ports)]],
    begin: () => undefined,
  },
};

/**
 * Runs a scenario once for each step of it, and lets the process die exactly there: before and after every port call that it makes
 * until everything has come to rest. Another process takes up what it left.
 */
export async function* sweep(scenario: Scenario): AsyncGenerator<SweepResult, void, undefined> {
  for (let deadly = 1; ; deadly++) {
    let steps = 0;
    let diedAt: string | undefined;
    const world: World = new World({
      seed: 1,
      knobs: { ...CALM, ...scenario.knobs },
      scenario,
      onStep(where, life) {
        const hasBegun = Object.keys(world.ends).length > 0;
        if (diedAt !== undefined || (hasBegun && world.isAtRest && !where.includes('journal insert'))) return;
        steps += 1;
        if (steps !== deadly) return;
        diedAt = `step ${deadly}, ${where}`;
        life.die(where);
      },
    });
    await world.live();
    if (diedAt === undefined) return;
    const { watch, ends } = world;
    yield { diedAt, violations: watch.violations, ends };
  }
}
