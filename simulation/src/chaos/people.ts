import type { HandsetBehaviour } from '@canza/sandbox';

import { Chance } from '../chance.ts';

/** The operators whose emulators take part. */
export const OPERATORS = ['mpesa', 'mtn-momo', 'airtel-money'] as const;

export type OperatorName = (typeof OPERATORS)[number];

/** Somebody with a phone, who is asked or paid once. */
export interface Person {
  readonly operator: OperatorName;
  readonly type: 'collection' | 'disbursement';
  /** Digits; nobody else has this number. */
  readonly msisdn: string;
  readonly amount: string;
  readonly currency: string;
  readonly behaviour: HandsetBehaviour;
}

const BEHAVIOURS = [
  'approve',
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

const NUMBERS: Readonly<Record<OperatorName, string>> = {
  mpesa: '2547221',
  'mtn-momo': '2567721',
  'airtel-money': '2567521',
};

/** Who the n-th person of a run is: emulators and callers, in processes of their own, both know it from the seed. */
export function personOf(seed: number, index: number, operators: readonly [OperatorName, ...OperatorName[]]): Person {
  const chance = new Chance(seed + index * 7919);
  const operator = chance.pick(operators);
  const isKenyan = operator === 'mpesa';
  const amount = chance.index(600);
  return {
    operator,
    type: chance.happens(0.35) ? 'disbursement' : 'collection',
    msisdn: `${NUMBERS[operator]}${10_000 + index}`,
    amount: isKenyan ? `${20 + amount}.00` : String(500 + amount),
    currency: isKenyan ? 'KES' : 'UGX',
    behaviour: chance.pick(BEHAVIOURS),
  };
}
