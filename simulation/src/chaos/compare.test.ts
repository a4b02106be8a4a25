import type { PaymentRecord, SettlementRecord } from '@canza/core';
import { describe, expect, it } from 'vitest';

import { compareBooks } from './compare.ts';
import type { Booked } from './emulated.ts';
import type { Evidence, Kept } from './evidence.ts';
import type { Story } from './story.ts';

const ACCOUNT = '0xb1';
const TOKEN = 'token-of-one';

/** One order of 100 KES that was paid, and one settlement of it that arrived. */
const ORDER = {
  transactionId: 'order_1',
  type: 'collection',
  status: 'succeeded',
  amount: '100.00',
  currency: 'KES',
  receipt: 'R1',
  attempts: [{ reference: 'aaaaaaaaaaaaaaaa', callbackToken: TOKEN, references: {} }],
  evidence: [],
} as unknown as PaymentRecord;
const CHARGE: Booked = {
  kind: 'collection',
  key: TOKEN,
  receipt: 'R1',
  amountMinor: 10_000n,
  currency: 'KES',
  msisdn: '254722100001',
};
const SETTLEMENT = {
  settlementId: 'settle_1',
  status: 'settled',
  amount: '5.00',
  evidence: [],
  receipt: { transactionHash: '0xf1' },
} as unknown as SettlementRecord;
const REFUND = {
  ...ORDER,
  transactionId: 'refund_1',
  type: 'refund',
  amount: '60.00',
  receipt: undefined,
  original: { transactionId: 'order_1', receipt: 'R1', references: {}, amount: '100.00' },
  attempts: [{ reference: 'bbbbbbbbbbbbbbbb', callbackToken: 'token-of-refund', references: {} }],
} as unknown as PaymentRecord;
const GIVEN_BACK: Booked = {
  kind: 'refund',
  originalReceipt: 'R1',
  receipt: 'R2',
  amountMinor: 6000n,
  currency: 'KES',
  msisdn: CHARGE.msisdn,
};

function kept<Body extends { readonly status: string }>(kind: string, id: string, body: Body): Kept<Body> {
  const history = ['created', body.status].map((state, index) => ({ version: index + 1, atMs: 0, state, note: '' }));
  const entry = { kind, id, version: 2, state: body.status, dueAtMs: null, references: [], tags: [] };
  return { entry: { ...entry, createdAtMs: 0, updatedAtMs: 0 }, body, history };
}

const payment = (change: object = {}, of: PaymentRecord = ORDER): Kept<PaymentRecord> =>
  kept('payment', of.transactionId, { ...of, ...change });
const settlement = (change: object = {}): Kept<SettlementRecord> =>
  kept('settlement:aptos-4', 'settle_1', { ...SETTLEMENT, ...change });
const told = (intent: string, status: string, amount: string): Story['asks'] => [
  { id: intent, amount, atMs: 0, answer: { status, amount } },
];
const PAYER: Story = {
  intent: 'order_1',
  kind: 'payment',
  party: CHARGE.msisdn,
  asks: told('order_1', 'succeeded', '100'),
};
const PAYEE: Story = { intent: 'settle_1', kind: 'settlement', party: ACCOUNT, asks: [] };
const ARRIVAL = { to: ACCOUNT, amountMinor: 5_000_000n, hash: '0xf1' };

const violationsOf = (change: Partial<Evidence>): readonly string[] =>
  compareBooks({
    stories: [PAYER, PAYEE],
    payments: [payment()],
    settlements: [settlement()],
    others: [],
    movements: [CHARGE],
    transfers: [ARRIVAL],
    ...change,
  }).map(({ id, what }) => `${id}: ${what}`);

describe('comparing the books', () => {
  it('finds nothing where all of them agree', () => {
    expect(violationsOf({})).toEqual([]);
    expect(violationsOf({ payments: [payment(), payment({}, REFUND)], movements: [CHARGE, GIVEN_BACK] })).toEqual([]);
  });

  it.each<[string, Partial<Evidence>, string]>([
    ['money moved twice for one id', { movements: [CHARGE, CHARGE] }, 'order_1: moved 2 times'],
    [
      'money moved twice for one caller under two ids',
      { movements: [CHARGE, { ...CHARGE, key: 'other' }] },
      'order_1: its wallet was charged or paid 2 times',
    ],
    ['money moved without a record', { payments: [] }, 'R1: a collection of 10000 KES moved without a record'],
    [
      'money moved for somebody whom nobody asked',
      { stories: [PAYEE] },
      'R1: moved money of somebody whom nobody asked',
    ],
    ['a success without money', { movements: [] }, 'order_1: is succeeded, and nothing moved'],
    ['a failure with money', { payments: [payment({ status: 'failed' })] }, 'order_1: is failed, and money moved'],
    [
      'a payment that never rests',
      { payments: [payment({ status: 'pending' })] },
      'order_1: never came to rest: pending',
    ],
    [
      'a review without a reason',
      { payments: [payment({ status: 'review' })] },
      'order_1: is in review without a reason',
    ],
    ['another amount', { movements: [{ ...CHARGE, amountMinor: 1n }] }, 'order_1: moved 1, not 10000'],
    [
      'another sum',
      { movements: [{ ...CHARGE, amountMinor: 1n }] },
      'collection KES: operators moved 1 in all, and records say 10000',
    ],
    [
      'more given back than was paid',
      {
        payments: [payment(), payment({}, REFUND), payment({ transactionId: 'refund_2' }, REFUND)],
        movements: [CHARGE, GIVEN_BACK, { ...GIVEN_BACK, receipt: 'R3' }],
      },
      'order_1: was given back 12000, and was 100.00 KES',
    ],
    [
      'an accepted payment that is gone',
      { payments: [], movements: [] },
      'order_1: its caller was told succeeded, and there is no record',
    ],
    [
      'a caller who was told otherwise',
      { stories: [{ ...PAYER, asks: told('order_1', 'failed', '100') }, PAYEE] },
      'order_1: its caller was told failed, and the record says succeeded',
    ],
    [
      'another body that was answered',
      {
        stories: [
          {
            ...PAYER,
            asks: [{ id: 'order_1', amount: '777', atMs: 0, answer: { status: 'pending', amount: '100.00' } }],
          },
          PAYEE,
        ],
      },
      'order_1: a payment of 777 was asked for, and one of 100.00 answered',
    ],
    [
      'an error that is none of ours',
      { stories: [{ ...PAYER, asks: [{ id: 'order_1', amount: '1', atMs: 0, answer: { error: 'FOREIGN' } }] }, PAYEE] },
      'order_1: its caller met an error that is none of ours',
    ],
    [
      'a version that is missing in the audit trail',
      { payments: [{ ...payment(), history: payment().history.slice(1) }] },
      'order_1: its history is 2',
    ],
    [
      'a final state that was left',
      {
        payments: [
          {
            ...payment(),
            history: ['failed', 'succeeded'].map((state, index) => ({ version: index + 1, atMs: 0, state, note: '' })),
          },
        ],
      },
      'order_1: was failed at version 1, and changed',
    ],
    ['a settlement that arrived twice', { transfers: [ARRIVAL, ARRIVAL] }, 'settle_1: arrived 2 times (0xf1, 0xf1)'],
    ['a settlement that did not arrive', { transfers: [] }, 'settle_1: is settled, and nothing arrived'],
    ['a settlement that arrived unrecorded', { settlements: [] }, 'settle_1: arrived without a record'],
    [
      'a settlement called failed that arrived',
      { settlements: [settlement({ status: 'failed' })] },
      'settle_1: is failed, and money arrived',
    ],
    [
      'a receipt of another transaction',
      { transfers: [{ ...ARRIVAL, hash: '0xf2' }] },
      'settle_1: names 0xf1, and arrived with 0xf2',
    ],
    ['another amount on the chain', { transfers: [{ ...ARRIVAL, amountMinor: 1n }] }, 'settle_1: got 1, not 5000000'],
    [
      'a transfer to nobody',
      { transfers: [ARRIVAL, { ...ARRIVAL, to: '0xb2' }] },
      '0xb2: money arrived that nobody asked for',
    ],
  ])('finds %s', (_what, change, violation) => {
    expect(violationsOf(change)).toContainEqual(violation);
  });
});
